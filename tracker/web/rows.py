"""What several pages share: rows for spreadsheets, stances by year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.store.views.records import CallLine, StanceLine, Standing
from tracker.web import wording
from tracker.web.respond import Table

STANCE_COLUMNS = (
    "id",
    "company",
    "brand",
    "topic",
    "topics",
    "act",
    "direction",
    "date",
    "precision",
    "level",
    "summary",
    "quote",
    "url",
    "origin",
)


def of_stances(stances: Iterable[StanceLine]) -> Table:
    """A row per stance, in the columns of ``tracker export stances``."""
    return Table(STANCE_COLUMNS, (_stance(stance) for stance in stances))


def _stance(stance: StanceLine) -> tuple[object, ...]:
    return (
        stance.id,
        stance.company.name,
        stance.brand,
        stance.topic.code,
        [topic.code for topic in stance.topics],
        stance.act,
        stance.direction,
        stance.date,
        stance.precision,
        stance.level,
        stance.summary,
        stance.quote.text if stance.quote else None,
        stance.quote.link.url if stance.quote else next((one.url for one in stance.links), None),
        stance.origin,
    )


def of_standings(standings: Iterable[Standing]) -> Table:
    """A row per position, in the columns of ``tracker export positions``, with its words."""
    columns = ("company", "brand", "topic", "says", "does", "since", "says_word", "does_word")
    return Table(columns, (_standing(one) for one in standings))


def _standing(one: Standing) -> tuple[object, ...]:
    says, does = one.says, one.does
    return (
        one.company.name,
        one.brand,
        one.topic.code,
        says.word if says else None,
        does.word if does else None,
        one.since,
        wording.position(says.word, one.topic, one.only_said) if says else None,
        wording.position(does.word, one.topic) if does else None,
    )


def of_calls(calls: Iterable[CallLine]) -> Table:
    """A row per addressee of a call."""
    columns = (
        "call",
        "company",
        "callers",
        "asked",
        "date",
        "precision",
        "deadline",
        "topics",
        "status",
        "status_date",
        "days",
        "days_at_least",
        "url",
    )
    return Table(
        columns,
        [
            (
                one.call,
                one.company.name,
                "; ".join(one.callers),
                one.asked,
                one.date,
                one.precision,
                one.deadline,
                [topic.code for topic in one.topics],
                one.status,
                one.status_date,
                one.days,
                one.days_at_least,
                next((link.url for link in one.links), None),
            )
            for one in calls
        ],
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A stance in a list, with those of others that were taken together with it."""

    stance: StanceLine
    others: tuple[StanceLine, ...] = ()


def told(stances: Iterable[StanceLine]) -> list[Told]:
    """The stances in the order given; a joint pledge stands once, with all its companies.

    One that has something of its own to show, a quote or a reaction, keeps its place.
    """
    found: list[list[StanceLine]] = []
    pledges: dict[tuple[object, ...], list[StanceLine]] = {}
    for stance in stances:
        pledge = (stance.joint_id, stance.act, stance.topic.code, stance.date, stance.level)
        same = pledges.get(pledge)
        if same and not (stance.quote or stance.reactions):
            same.append(stance)
            continue
        found.append([stance])
        if stance.joint_id is not None:
            pledges.setdefault(pledge, found[-1])
    return [Told(first, tuple(others)) for first, *others in found]


def by_year(stances: Sequence[StanceLine]) -> dict[int, list[Told]]:
    """The stances under the year of their date, in the order given."""
    years: dict[int, list[Told]] = {}
    for one in told(stances):
        years.setdefault(one.stance.date.year, []).append(one)
    return years
