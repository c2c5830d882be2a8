"""Every correction of something that was shown, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import ReviewState
from tracker.store.schema import CorrectionRow, HistoryRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import stances
from tracker.store.views.records import Lens, StanceLine

SHOWN = ("act", "date", "scope", "summary", "topics", "direction", "level", "company", "asked")
"""The fields of a record that a page shows; a correction of another is no news to a reader."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was shown and as it is."""

    name: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was shown and is no longer so; ``stance`` is None when the record is withdrawn.

    ``kind`` is edited (by a person), changed or vanished (the quoted page), or withdrawn.
    """

    at: datetime
    kind: str
    record_kind: str
    record: str
    stance: StanceLine | None
    fields: tuple[Field, ...]
    why: str | None


def read(session: Session, lens: Lens, *, limit: int, skip: int = 0) -> list[Correction]:
    """The corrections of records, newest first."""
    found = sorted(
        [*_noticed(session, limit + skip), *_edited(session, limit + skip)],
        key=lambda one: one.at,
        reverse=True,
    )[skip : skip + limit]
    ids = tuple(one.record for one in found if one.record_kind == RecordKind.STANCE)
    wanted = stances.Wanted(ids=ids)
    shown = {one.id: one for one in stances.find(session, lens, wanted)} if ids else {}
    return [
        Correction(
            one.at,
            one.kind,
            one.record_kind,
            one.record,
            shown.get(one.record),
            one.fields,
            one.why,
        )
        for one in found
    ]


def _noticed(session: Session, limit: int) -> list[Correction]:
    query = select(CorrectionRow).order_by(CorrectionRow.noticed_at.desc()).limit(limit)
    return [
        Correction(
            at=row.noticed_at,
            kind=row.kind,
            record_kind=row.record_kind,
            record=row.record_id,
            stance=None,
            fields=(Field("quote", row.was, row.now),) if row.was else (),
            why=row.why,
        )
        for row in session.execute(query).scalars()
    ]


def _edited(session: Session, limit: int) -> list[Correction]:
    """What a person changed in records that were public already."""
    query = (
        select(HistoryRow)
        .where(HistoryRow.action == ReviewState.EDITED, HistoryRow.record_kind.in_(RecordKind))
        .order_by(HistoryRow.at.desc())
        .limit(limit * 4)
    )
    found = []
    for row in session.execute(query).scalars():
        fields = tuple(Field(name, *row.change[name]) for name in SHOWN if name in row.change)
        if fields and "published" not in row.change:
            found.append(
                Correction(row.at, "edited", row.record_kind, row.record_id, None, fields, row.why)
            )
    return found
