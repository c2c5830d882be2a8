"""The language of a page: the one its address names, else the one its reader's browser prefers.

Everything is a URL, so ``?lang=de`` decides, and links carry it along: who is sent a German page
sees a German page. Without it HTML follows ``Accept-Language``; no cookie is set. The other forms
(JSON, CSV, feeds, pictures) follow the address alone, so that programs get the same everywhere.
"""

from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages that have a catalogue, by their own names; the first is that of the code."""

ENGLISH = "en"
_chosen: ContextVar[str | None] = ContextVar("language", default=None)
"""The language of the request that is being answered: asked for thousands of times a page."""

CATALOGUES = Path(__file__).resolve().parent / "translations"


def prepare(web: Flask) -> None:
    """Let templates say ``_("…")``, and tell caches what an answer depends on."""
    web.jinja_env.add_extension("jinja2.ext.i18n")
    web.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, _ngettext, newstyle=True
    )
    web.before_request(_choose)
    web.teardown_request(_forget)
    web.context_processor(lambda: {"lang": chosen(), "languages": LANGUAGES})

    @web.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Language", chosen())
            if _named() is None:
                response.vary.add("Accept-Language")
        return response


def chosen() -> str:
    """The language of the answer that is being made; English where none is."""
    known = _chosen.get()
    if known is not None:
        return known
    return (_named() or _preferred()) if has_request_context() else ENGLISH


def _choose() -> None:
    _chosen.set(_named() or _preferred())


def _forget(_error: BaseException | None) -> None:
    _chosen.set(None)


def gettext(text: str, /, **values: object) -> str:
    """The text in the language of the page, with its ``%(name)s`` filled in."""
    language = chosen()
    said = text if language == ENGLISH else _catalogue(language).gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The text for this number of things; ``%(number)s`` is the number unless it is given."""
    said = _catalogue(chosen()).ngettext(one, many, number)
    return said % {"number": number, **values}


def N_(text: str) -> str:
    """Mark a text for the catalogues where it stands; it is translated where it is used."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:
    """Mark a text for one and for many."""
    return one, many


def _ngettext(one: str, many: str, number: int) -> str:
    return _catalogue(chosen()).ngettext(one, many, number)


def _named() -> str | None:
    """The language that the address asks for, if we speak it."""
    named = request.args.get("lang", "")
    return named if named in LANGUAGES else None


def _preferred() -> str:
    if "." in request.path.rpartition("/")[2]:
        return ENGLISH
    return preferred(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=500)
def preferred(accepted: str) -> str:
    """The language of ours that a reader's browser likes best; English where it likes none."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or ENGLISH


@cache
def _catalogue(language: str) -> NullTranslations:
    """Read once per process; the texts of the code are English."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
