"""Hand a word to a program: a signed POST to a web address, or a line in a chat by Apprise."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from tracker.domain.errors import DeliveryError, FetchError, SettingsError
from tracker.domain.hooks import HookAlert, body, headers
from tracker.domain.ports import Clock

Send = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts bytes with these headers to a checked address; gives the status. Raises FetchError."""

GONE = 410


class HookPost:
    """Posts to web addresses through ``send``, which guards them, and to chats by Apprise."""

    def __init__(self, send: Send, base_url: str, now: Clock) -> None:
        self._send = send
        self._base_url = base_url
        self._now = now

    def __call__(self, alert: HookAlert) -> None:
        """Hand one word over; raises DeliveryError, permanent when the address is gone (410)."""
        if alert.hook.is_web:
            self._post(alert)
        else:
            _say_in_chat(alert, self._base_url)

    def _post(self, alert: HookAlert) -> None:
        content = body(alert, self._base_url)
        try:
            status = self._send(alert.hook.url, content, headers(alert, content, self._now()))
        except FetchError as error:
            raise DeliveryError(str(error)) from error
        if not 200 <= status < 300:
            said = f"{alert.hook.shown} answered {status}"
            raise DeliveryError(said, permanent=status == GONE, code=status)


def _say_in_chat(alert: HookAlert, base_url: str) -> None:
    if find_spec("apprise") is None:
        raise SettingsError("chat services need Apprise: pip install 'stance-tracker[chat]'")
    import apprise

    chat = apprise.Apprise()
    if not chat.add(alert.hook.url):
        raise DeliveryError(f"{alert.hook.shown} is no address that Apprise knows")
    news = alert.payload
    title = f"{news.get('company', '')}: {news.get('topic', '') or alert.kind}"
    link = base_url + str(news.get("path", ""))
    if not chat.notify(title=title, body=f"{news.get('summary', '')}\n{link}"):
        raise DeliveryError(f"{alert.hook.shown} did not take it; Apprise does not say why")
