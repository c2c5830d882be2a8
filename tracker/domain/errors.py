"""The failures the tracker expects. Anything else is a bug and is reported as one."""

from datetime import datetime
from enum import StrEnum


class Fault(StrEnum):
    """Whose fault a failed fetch is: a publisher is never blamed for our own."""

    THEIRS = "theirs"
    OURS = "ours"


class TrackerError(Exception):
    """Base of every expected failure; its text names the thing and the mend."""


class SettingsError(TrackerError):
    """A setting is unknown, missing or wrong (the command line ends with 2)."""


class UsageError(TrackerError):
    """A person asked for something that cannot be done as asked (the command line ends with 2)."""


class LimitError(TrackerError):
    """Something was tried too often in a short time; later it will work (HTTP 429)."""


class FetchError(TrackerError):
    """A feed or page could not be had this time.

    ``cause`` is a short stable word (timeout, dns, no_network, refused, status, too_big, tls,
    blocked_address, too_many_redirects, bad_redirect, bad_url, broken_answer, not_text, robots,
    busy, held, stopped); ``status`` the HTTP status if there was one; ``retry_at`` the moment
    (UTC) before which the server asked not to be called again.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: str,
        fault: Fault = Fault.THEIRS,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.fault = fault
        self.status = status
        self.retry_at = retry_at


class ParseError(TrackerError):
    """What came back is no feed, or holds no article."""


class BrokeReaderError(ParseError):
    """A document that no reader survived: too long, too much memory, or a crash."""


class DeliveryError(TrackerError):
    """A message was not accepted. ``permanent`` means that the address itself was refused.

    ``outage`` means that no message could have been handed over (no connection, wrong password),
    so neither this message nor its address is to blame. ``code`` is the SMTP reply code, if any.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        outage: bool = False,
        code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.outage = outage
        self.code = code


class StoreError(TrackerError):
    """The database cannot be used: missing, locked, full, or of another version."""


def without_frames(error: TrackerError) -> TrackerError:
    """Give an expected error that is kept without what was at work when it was raised.

    Its traceback, and those of its causes, would hold every answer that was being read.
    """
    cause: BaseException | None = error
    while cause is not None:
        cause.__traceback__ = None
        cause = cause.__cause__ or cause.__context__
    return error
