"""What leads others to a page: its lasting address, its card, how to cite and to embed it."""

import re
from collections.abc import Callable, Mapping
from datetime import date as Day
from typing import Any
from urllib.parse import urlencode

from flask import request
from markupsafe import escape

from tracker.web import citing
from tracker.web.citing import Citation
from tracker.web.parts import Parts

CARDED = re.compile(r"/(e/[^/]+|t/[^/]+|c/[^/]+(/[^/]+)?|calls/[^/]+|o/[^/]+|matrix)")
FRAMED = re.compile(r"/(t/[^/]+|c/[^/]+(/[^/]+)?|matrix)")
HEIGHT = 640


def functions(app: Parts) -> Mapping[str, Callable[..., Any]]:
    """What templates call."""
    base_url = app.settings.base_url

    def cite(title: str, day: Day | None = None) -> Citation:
        return citing.cite(title, canonical(), app.now().date(), day)

    def canonical() -> str:
        return base_url + _address("")

    def snippet(title: str) -> str:
        source = f"{base_url}{_address('/embed')}"
        return (
            f'<iframe src="{escape(source)}" title="{escape(title)}" width="100%"'
            f' height="{HEIGHT}" style="border:0" loading="lazy"></iframe>'
        )

    return {
        "cite": cite,
        "canonical": canonical,
        "snippet": snippet,
        "may_embed": lambda: bool(FRAMED.fullmatch(request.path)),
        "card": card,
    }


def card() -> str:
    """The path of the picture of this page; pages without one of their own have that of home."""
    path = request.path if CARDED.fullmatch(request.path) else "/index"
    return f"/card{path}.png"


def _address(before: str) -> str:
    """The path of this page with what it asks for, always in the same order."""
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if value)
    path = before + request.path
    return f"{path}?{urlencode(asked)}" if asked else path
