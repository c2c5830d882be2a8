"""How to cite a page: APA, BibTeX and plain, with the day on which it was seen."""

import re
from dataclasses import dataclass
from datetime import date as Day

NAME = "Stance Tracker"
_SPECIAL = re.compile(r"([\\{}$&#%_^~])")


@dataclass(frozen=True, slots=True)
class Citation:
    """One page in three forms."""

    apa: str
    bibtex: str
    plain: str


def cite(title: str, url: str, seen: Day, day: Day | None = None) -> Citation:
    """Cite the page of that title; ``day`` is that of the event it tells of, if it tells of one."""
    year = str(day.year) if day else "n.d."
    dated = f"{day.year}, {day:%B} {day.day}" if day else "n.d."
    told = title.rstrip(".")
    return Citation(
        apa=f"{NAME}. ({dated}). {told}. Retrieved {seen:%B} {seen.day}, {seen.year}, from {url}",
        bibtex="\n".join(
            (
                f"@misc{{{_key(url)},",
                f"  author = {{{{{NAME}}}}},",
                f"  title = {{{{{_tex(told)}}}}},",
                *((f"  year = {{{year}}},",) if day else ()),
                f"  url = {{{url}}},",
                f"  urldate = {{{seen.isoformat()}}}",
                "}",
            )
        ),
        plain=f"{NAME}, “{told}”, {url} (seen {seen.isoformat()}).",
    )


def _key(url: str) -> str:
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return "stance-tracker-" + (re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "home")


def _tex(text: str) -> str:
    """The signs of TeX as signs."""
    names = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
    return _SPECIAL.sub(lambda found: names.get(found[1], f"\\{found[1]}"), text)
