"""Hand a word to a program: a signed POST to a web address, or a line in a chat by Apprise."""

from collections.abc import Callable, Mapping

from tracker.domain.errors import DeliveryError, FetchError
from tracker.domain.hooks import HookAlert, body, headers
from tracker.domain.ports import Clock
from tracker.notifiers.chats import Guard, open_chat, require_allowed, say

Send = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts bytes with these headers to a checked address; gives the status. Raises FetchError."""

GONE = 410


class HookPost:
    """Posts to web addresses through ``send``, which guards them, and to chats by Apprise, whose
    places ``guard`` looks at.
    """

    def __init__(self, send: Send, guard: Guard, base_url: str, now: Clock) -> None:
        self._send = send
        self._guard = guard
        self._base_url = base_url
        self._now = now

    def __call__(self, alert: HookAlert) -> None:
        """Hand one word over; raises DeliveryError, permanent when the address is gone (410)."""
        if alert.hook.is_web:
            self._post(alert)
        else:
            self._say(alert)

    def _post(self, alert: HookAlert) -> None:
        content = body(alert, self._base_url)
        try:
            status = self._send(alert.hook.url, content, headers(alert, content, self._now()))
        except FetchError as error:
            raise DeliveryError(str(error)) from error
        if not 200 <= status < 300:
            said = f"{alert.hook.shown} answered {status}"
            raise DeliveryError(said, permanent=status == GONE, code=status)

    def _say(self, alert: HookAlert) -> None:
        chat = open_chat(alert.hook.url, alert.hook.shown)
        try:
            require_allowed(chat, self._guard)
        except FetchError as error:
            raise DeliveryError(str(error)) from error
        news = alert.payload
        title = f"{news.get('company', '')}: {news.get('topic', '') or alert.kind}"
        link = self._base_url + str(news.get("path", ""))
        say(chat, alert.hook.shown, title, f"{news.get('summary', '')}\n{link}")
