"""Post to an address that an operator named, with the same guard as fetching (promise 2)."""

import time
from collections.abc import Mapping, Sequence

from tracker.domain.errors import FetchError
from tracker.sources.addresses import AddressGuard
from tracker.sources.messages import read_reply, write_request
from tracker.sources.urls import request_url
from tracker.sources.wire import Limits, Target, open_line

SECONDS = 15.0
LARGEST_ANSWER = 65_536


class HttpPost:
    """Posts bytes and gives the status: one deadline for all, no redirects, checked addresses."""

    def __init__(self, user_agent: str, allow_networks: Sequence[str] = ()) -> None:
        self._agent = user_agent
        self._guard = AddressGuard(allow_networks)

    def __call__(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Post to ``url``. Raises FetchError."""
        target = Target.of(request_url(url))
        limits = Limits(SECONDS, LARGEST_ANSWER, time.monotonic)
        addresses = self._guard.addresses(target.host, target.port, limits.seconds_left())
        fields = {**headers, "User-Agent": self._agent}
        try:
            line = open_line(target, addresses, limits)
            try:
                line.send(write_request("POST", target, fields, content))
                return read_reply(line).status
            finally:
                line.close()
        except (OSError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise FetchError(
                f"{target.host}: no answer ({reason[:200]})", cause="broken_answer"
            ) from error
