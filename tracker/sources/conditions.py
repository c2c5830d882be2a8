"""Whether what a style sheet says under a condition (``@media`` …) is in force on a wide screen."""

import re

SCREEN = {"width": 1280, "height": 800}
"""Size in pixels for which conditions are decided."""

NO_STYLE = re.compile(r"@[\w-]*(?:keyframes|font-face|page|property)", re.I)
NUMBER = r"(\d*\.?\d+)(px|r?em)?"
BOUND = re.compile(rf"\((max|min)-(?:device-)?(width|height)\s*:\s*{NUMBER}\s*\)")
RANGE = re.compile(
    rf"\(\s*(?:{NUMBER}\s*([<>]=?)\s*)?(width|height)\s*(?:([<>]=?)\s*{NUMBER})?\s*\)"
)
ON_REQUEST = re.compile(r"\(\s*(?:prefers-|any-hover\s*:\s*none|hover\s*:\s*none)")
MEDIUM = re.compile(r"[a-z-]+")
MEDIA = {"all", "screen", "(orientation:landscape)", "(orientation: landscape)"}
LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)")
AND = re.compile(r"\s+and\s+")


def in_force(condition: str) -> bool | None:
    """Whether the rules under an at-rule are in force; None where that cannot be told.

    What is not in force must not hide an article, and must not show what another rule hides.
    """
    condition = condition.lower()
    if NO_STYLE.match(condition):
        return False
    if condition.startswith("@layer"):
        return True
    if not condition.startswith("@media"):
        return None
    return is_met(condition.removeprefix("@media"))


def is_met(queries: str) -> bool | None:
    """Whether one of the media queries in a list is met."""
    answers = [_answer(query.strip()) for query in queries.lower().split(",")]
    return True if True in answers else None if None in answers else False


def _answer(query: str) -> bool | None:
    if query.startswith("not "):
        answer = _answer(query.removeprefix("not ").strip())
        return None if answer is None else not answer
    parts = [_part(part.strip()) for part in AND.split(query.removeprefix("only "))]
    return False if False in parts else None if None in parts else True


def _part(part: str) -> bool | None:
    if part in MEDIA or LIGHT.fullmatch(part):
        return True
    if MEDIUM.fullmatch(part) or ON_REQUEST.match(part) or "portrait" in part:
        return False
    if bound := BOUND.fullmatch(part):
        least = bound[1] == "min"
        return (_pixels(bound[3], bound[4]) <= SCREEN[bound[2]]) == least
    if between := RANGE.fullmatch(part):
        return _is_between(between)
    return None


def _is_between(found: re.Match[str]) -> bool:
    """Whether the screen is as large as ``400px <= width < 90rem`` asks, either end left out."""
    low, unit, first, side, second, high, last = found.groups()
    if first and (_pixels(low, unit) < SCREEN[side]) != first.startswith("<"):
        return False
    return not second or (_pixels(high, last) > SCREEN[side]) == second.startswith("<")


def _pixels(number: str, unit: str | None) -> float:
    return float(number) * (1 if unit in (None, "", "px") else 16)
