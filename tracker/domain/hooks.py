"""Programs that are told as readers are: what is posted to them, and how it is signed.

The form is that of Standard Webhooks: three headers, and HMAC-SHA256 over id, time and body.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PREFIX = "whsec_"
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Hook:
    """An address of a program; ``query`` is what it asks for. Address and secret stay out of the
    repr: chat addresses hold passwords.
    """

    id: int
    url: str = field(repr=False)
    secret: str = field(repr=False)
    query: str
    active: bool
    created_at: datetime

    @property
    def shown(self) -> str:
        """The address as lists and logs may show it: scheme and host."""
        scheme, _, rest = self.url.partition("://")
        host = rest.partition("/")[0].rpartition("@")[2]
        return f"{scheme}://{host if self.is_web else ''}…"

    @property
    def is_web(self) -> bool:
        """Whether it is a web address; every other one is a chat service's."""
        return self.url.startswith(WEB)


@dataclass(frozen=True, slots=True)
class HookAlert:
    """What is owed to a hook, leased to whoever posts it."""

    id: int
    hook: Hook
    kind: str
    change: str
    payload: Mapping[str, Any] = field(repr=False)
    attempts: int
    created: datetime
    leased_until: datetime


def message_key(alert: HookAlert) -> str:
    """The id of a message: the same for every try, so that a second copy is recognised."""
    digest = hashlib.sha256(f"{alert.hook.id}:{alert.kind}:{alert.change}".encode()).hexdigest()
    return f"msg_{digest[:32]}"


def body(alert: HookAlert, base_url: str) -> bytes:
    """What is posted: what happened, and where our page on it is."""
    told = {
        "type": alert.kind,
        "timestamp": alert.created.isoformat(),
        "data": {
            "change": alert.change,
            "url": base_url + str(alert.payload.get("path", "")),
            "news": dict(alert.payload),
        },
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def headers(alert: HookAlert, content: bytes, now: datetime) -> dict[str, str]:
    """Id, time of this try, and signature."""
    key, moment = message_key(alert), str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{_sign(alert.hook.secret, key, moment, content)}",
    }


def _sign(secret: str, key: str, moment: str, content: bytes) -> str:
    signed = f"{key}.{moment}.".encode() + content
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
