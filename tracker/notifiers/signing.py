"""Sign mails with DKIM (RFC 6376), where the relay does not do it."""

from collections.abc import Callable
from importlib.util import find_spec

from tracker.domain.errors import SettingsError

SIGNED = (
    *(b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"content-transfer-encoding", b"in-reply-to", b"references", b"auto-submitted"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"feedback-id"),
)
"""Headers that the signature covers; RFC 8058 asks for those of the list."""


def signer(selector: str, domain: str, key: str) -> Callable[[bytes], bytes]:
    """What puts a DKIM-Signature before a message; ``key`` is a private RSA key in PEM form.

    Raises SettingsError when dkimpy is missing or the key is none.
    """
    if find_spec("dkim") is None:
        raise SettingsError(
            "mail.dkim_key_file: signing needs dkimpy; pip install 'stance-tracker[mail]'"
        )
    import dkim

    def sign(content: bytes) -> bytes:
        signature: bytes = dkim.sign(
            content,
            selector.encode(),
            domain.encode(),
            key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(SIGNED),
        )
        return signature + content

    try:
        sign(b"From: trial\r\n\r\n")
    except (dkim.DKIMException, ValueError) as error:
        raise SettingsError(f"mail.dkim_key_file: this is no private RSA key: {error}") from error
    return sign
