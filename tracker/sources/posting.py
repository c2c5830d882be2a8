"""Post to an address that an operator named, with the same guard as fetching (promise 2)."""

import http.client
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError

from tracker.domain.errors import FetchError
from tracker.sources.addresses import AddressGuard
from tracker.sources.urls import request_url
from tracker.sources.wire import Limits, open_connection, tls_context

SECONDS = 15.0
LARGEST_ANSWER = 65_536
PORTS = {"http": 80, "https": 443}


class HttpPost:
    """Posts bytes and gives the status: one deadline for all, no redirects, checked addresses."""

    def __init__(self, user_agent: str, allow_networks: Sequence[str] = ()) -> None:
        self._agent = user_agent
        self._guard = AddressGuard(allow_networks)

    def __call__(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Post to ``url``. Raises FetchError."""
        target = request_url(url)
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        limits = Limits(SECONDS, LARGEST_ANSWER, time.monotonic)
        addresses = self._guard.addresses(host, port, limits.seconds_left())
        connection = open_connection(parts.scheme, host, port, addresses, limits, tls_context())
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection.request(
                "POST",
                path,
                body=content,
                headers={**headers, "User-Agent": self._agent},
                preload_content=False,
                decode_content=False,
            )
            with connection.getresponse() as answer:
                return int(answer.status)
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise FetchError(
                f"{host}: no answer ({reason[:200]})", cause="broken_answer"
            ) from error
        finally:
            connection.close()
