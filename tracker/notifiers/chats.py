"""Chat services by Apprise (an extra), to no place that the operator has not allowed.

Apprise makes its own connections, so an address is looked up and checked right before it does; what
it then connects to is looked up again.
"""

import ipaddress
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from tracker.domain.errors import DeliveryError, SettingsError

Guard = Callable[[str, int], object]
"""Raises FetchError (``blocked_address``) for a host and port that may not be connected to."""


def open_chat(url: str, shown: str) -> Any:
    """What Apprise makes of an address. Raises SettingsError without Apprise, or DeliveryError."""
    if find_spec("apprise") is None:
        raise SettingsError("chat services need Apprise: pip install 'stance-tracker[chat]'")
    import apprise

    chat = apprise.Apprise.instantiate(url)
    if chat is None:
        raise DeliveryError(
            f"{shown} is no address that Apprise knows; its list of services shows how each is "
            "written, such as slack://… or mailtos://…"
        )
    return chat


def require_allowed(chat: Any, guard: Guard) -> None:
    """Raise FetchError when a chat would connect to a place that is not allowed."""
    for host, port in places(chat):
        guard(host, port)


def places(chat: Any) -> Iterator[tuple[str, int]]:
    """The hosts that an address names itself; those of a service's own are public.

    Some services write a token where others have a host, so what cannot be one is left alone: it
    must not be looked up, for that would tell it.
    """
    if getattr(chat, "smtp_host", None):
        yield str(chat.smtp_host), int(chat.port or 25)
        return
    host, port = str(getattr(chat, "host", None) or ""), getattr(chat, "port", None)
    with_host = ["{host}" in one for one in getattr(chat, "templates", ())]
    if host and (all(with_host) or (any(with_host) and _is_host(host))):
        yield host, int(port or (443 if getattr(chat, "secure", False) else 80))


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return "." in text or text.lower() == "localhost"
    return True


def say(chat: Any, shown: str, title: str, text: str) -> None:
    """Say something in a chat. Raises DeliveryError."""
    if not chat.notify(title=title, body=text):
        raise DeliveryError(f"{shown} did not take it; Apprise does not say why")
