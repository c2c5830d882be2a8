"""Lists as Atom feeds (RFC 4287): what one entry of each kind of record says.

An entry's id is lasting, and its time changes only with what it says, so that nothing shows twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day

from tracker.store.views.commitments import CommitmentLine
from tracker.store.views.corrections import Correction
from tracker.store.views.installation import SourceLine
from tracker.store.views.records import CallLine, StanceLine, TopicRef
from tracker.web import wording
from tracker.web.language import gettext as _

MOST = 50
"""Entries of a feed; the newest ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``id`` and ``link`` are paths of ours; ``link`` may lead to a page elsewhere."""

    id: str
    link: str
    title: str
    summary: str
    updated: datetime
    topic: TopicRef | None = None


def of_stances(found: Iterable[StanceLine]) -> list[Entry]:
    """An entry for each event."""
    return [
        Entry(
            id=f"/e/{one.id}",
            link=f"/e/{one.id}",
            title=wording.headline(one),
            summary=_of_stance(one),
            updated=midnight(one.date),
            topic=one.topic,
        )
        for one in found
    ]


def of_calls(found: Iterable[CallLine]) -> list[Entry]:
    """An entry for each company that was asked; it changes with where the company stands."""
    entries = [
        Entry(
            id=f"/calls/{one.call}#{one.company.slug}",
            link=f"/calls/{one.call}",
            title=_(
                "%(callers)s to %(company)s: %(asked)s",
                callers=", ".join(one.callers),
                company=one.company.name,
                asked=one.asked,
            ),
            summary=wording.status(one.status),
            updated=midnight(max(one.date, one.status_date or one.date)),
            topic=one.topics[0] if one.topics else None,
        )
        for one in found
    ]
    return _newest(entries)


def of_commitments(found: Iterable[CommitmentLine]) -> list[Entry]:
    """An entry for each promise; it changes with its state."""
    entries = [
        Entry(
            id=f"/commitments#{one.id}",
            link=f"/e/{one.stance}",
            title=f"{one.company.name}: {one.promised}",
            summary=wording.commitment_state(one.state),
            updated=midnight(max(one.date, one.since)),
            topic=one.topic,
        )
        for one in found
    ]
    return _newest(entries)


def of_corrections(found: Iterable[Correction]) -> list[Entry]:
    """An entry for each correction."""
    kinds = {"stance": "/e/", "call": "/calls/"}
    return [
        Entry(
            id=f"/corrections#{one.record}-{one.at:%Y%m%dT%H%M%S}",
            link=kinds[one.record_kind] + one.record
            if one.record_kind in kinds
            else "/corrections",
            title=f"{wording.correction(one.kind)}: "
            + (wording.headline(one.stance) if one.stance else one.record),
            summary=" → ".join(part for part in (one.was, one.now) if part) or one.why or "",
            updated=one.at,
        )
        for one in found
    ]


def of_sources(found: Iterable[SourceLine], now: datetime) -> list[Entry]:
    """An entry for each source; it changes when the source begins to fail or brings news."""
    entries = [
        Entry(
            id=f"/sources#{one.id}",
            link="/sources",
            title=f"{one.title}: {wording.health(one.health)}",
            summary=one.last_error or "",
            updated=one.failing_since or one.last_new or one.last_ok or midnight(now.date()),
        )
        for one in found
    ]
    return _newest(entries)


def _of_stance(one: StanceLine) -> str:
    about = [wording.topic(one.topic), wording.day(one.date, one.precision)]
    about += [wording.level(one.level), *([_("source only")] if one.source_only else [])]
    said = f" “{one.quote.text}”" if one.quote else ""
    return f"{one.company.name} {wording.act(one.act)} ({', '.join(about)}).{said}"


def _newest(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: one.updated, reverse=True)


def midnight(day: Day) -> datetime:
    """The beginning of a day, UTC: what is dated to the day has no other moment."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
