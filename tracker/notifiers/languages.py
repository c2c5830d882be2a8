"""Mails in their reader's language, from the catalogues that the pages use."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

Translator = NullTranslations
CATALOGUES = Path(__file__).resolve().parent.parent / "web" / "translations"


@cache
def translator(language: str) -> Translator:
    """The texts of a language; English where there is no catalogue of it."""
    file = CATALOGUES / f"{language}.po"
    if not language.isalpha() or not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=language))
    compiled.seek(0)
    return Translations(compiled)
