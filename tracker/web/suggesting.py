"""What somebody may have meant whose address or question leads nowhere."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker.domain.errors import StoreError
from tracker.store.views import lookup
from tracker.web import wording
from tracker.web.parts import Parts

ALIKE, MOST, LONGEST, BEGINNING = 0.6, 5, 60, 4
"""How alike two names must be (0 to 1), how many are offered, and how many letters begin one."""


@dataclass(frozen=True, slots=True)
class Near:
    """A page that may have been meant."""

    path: str
    name: str


def nearest(app: Parts, text: str) -> list[Near]:
    """The companies, groups and topics whose name is most like the end of an address, or a word."""
    wanted = text.strip("/").rpartition("/")[2].partition(".")[0].replace("-", " ").lower()
    if not wanted or len(wanted) > LONGEST:
        return []
    try:
        known = _known(app)
    except StoreError:
        return []
    scored = [(_alike(wanted, one.name.lower()), one.name, one) for one in known]
    found = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], one[1]))
    by_path: dict[str, Near] = {}
    for _score, _name, near in found:
        by_path.setdefault(near.path, near)
    return list(by_path.values())[:MOST]


def _known(app: Parts) -> list[Near]:
    with app.database.reading() as session:
        topics = lookup.topics(session).values()
        return [
            *(Near(f"/t/{topic.slug}", wording.topic(topic)) for topic in topics),
            *(Near(path, name) for path, name in lookup.organisations(session)),
        ]


def _alike(wanted: str, name: str) -> float:
    begins = len(wanted) >= BEGINNING and f" {name}".find(f" {wanted}") >= 0
    if begins or f" {wanted} " in f" {name} ":
        return 1.0
    matcher = SequenceMatcher(None, wanted, name)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
