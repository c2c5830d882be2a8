"""What is wrong with a setting, in words: where it stands, its key, the reason and the mend."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

HIDDEN = frozenset({"database.url", "extract.llm_url"})
"""Settings that may hold a password: what was found there is never shown."""

TABLE = "must be a table: [NAME] on a line of its own, its settings below"
LIST = 'must be a list such as ["first", "second"]'
REASONS = {
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "string_type": "must be text in quotes",
    "path_type": "must be the name of a file, in quotes",
    "tuple_type": LIST,
    "model_type": TABLE,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}
"""Our words for the kinds of faults that pydantic finds."""


def explain(
    error: ValidationError, settings: type[BaseModel], origin: Mapping[str, str], file: str
) -> str:
    """One line a fault. ``origin`` says in which file or variable a key was found."""
    return "\n".join(_line(fault, settings, origin, file) for fault in error.errors())


def known_keys(settings: type[BaseModel]) -> tuple[str, ...]:
    """Every key as it is written in the file, ``section.key``."""
    keys = []
    for section, field in settings.model_fields.items():
        for name, inner in getattr(field.annotation, "model_fields", {}).items():
            keys.append(f"{section}.{inner.alias or name}")
    return tuple(keys)


def _line(
    fault: Mapping[str, Any], settings: type[BaseModel], origin: Mapping[str, str], file: str
) -> str:
    key = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
    where = origin.get(key, file)
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown setting '{key}'{_nearest(key, settings)}"
    return f"{where}: {key}: {_reason(fault)}{_found(key, fault['input'])}"


def _reason(fault: Mapping[str, Any]) -> str:
    words = REASONS.get(fault["type"])
    if words is None:
        return str(fault["msg"]).removeprefix("Value error, ")
    return words.format_map(fault.get("ctx", {}))


def _found(key: str, value: Any) -> str:
    return "" if key in HIDDEN or isinstance(value, Mapping) else f" (found {str(value)[:80]!r})"


def _nearest(key: str, settings: type[BaseModel]) -> str:
    """The same name in another section, else the most alike key."""
    known, sections = known_keys(settings), tuple(settings.model_fields)
    tail = key.rpartition(".")[2]
    close = [other for other in known if "." in key and other.rpartition(".")[2] == tail]
    close += get_close_matches(key, known if "." in key else (*sections, *known), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known sections: {', '.join(sections)}"
