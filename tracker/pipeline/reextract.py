"""What another version of the extractor would say of the texts that were analysed already.

A technical upgrade: it is looked at and never written, so that nobody is told of it
(docs/extraction.md, versions).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.model import Document, Findings
from tracker.domain.ports import Extract
from tracker.pipeline.each import batches
from tracker.pipeline.register import load_register
from tracker.pipeline.report import as_plain
from tracker.store import findings
from tracker.store.database import Database
from tracker.store.findings import Analysed
from tracker.store.schema.ledger import RecordKind

AT_ONCE = 20
NAMED = {
    RecordKind.STANCE: ("company", "act", "topic"),
    RecordKind.REACTION: ("actor", "reaction", "about"),
    RecordKind.CALL: ("caller", "targets", "target_class"),
}
"""What makes a claim the same claim."""
SHOWN = ("novelty", "modality", "disposition")
"""What may differ in the same claim and matters to what is shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim that comes (no ``before``), goes (no ``now``) or changes."""

    document: str
    url: str | None
    kind: RecordKind
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None

    @property
    def sign(self) -> str:
        """``+`` comes, ``-`` goes, ``~`` changes."""
        if self.before is None:
            return "+"
        return "-" if self.now is None else "~"


def differences(
    database: Database, extract: Extract, limit: int | None = None
) -> Iterator[Difference]:
    """Every difference between the claims that were kept and those of this extractor."""
    with database.reading() as session:
        ids = findings.analysed(session, limit)
        registry = load_register(session).registry
    for some in batches(ids, AT_ONCE):
        with database.reading() as session:
            texts = findings.of_snapshots(session, some)
        for text in texts:
            if text.extractor != extract.version:
                yield from _compare(text, extract(text.document, registry))


def _compare(text: Analysed, found: Findings) -> Iterator[Difference]:
    before = {(kind, _name(kind, claim)): claim for kind, claim in text.claims}
    now = {(kind, _name(kind, claim)): claim for kind, claim in _claims(found)}
    for key in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(key), now.get(key)
        if old is None or new is None or _seen(old) != _seen(new):
            yield _difference(text.document, key[0], old, new)


def _difference(
    document: Document,
    kind: RecordKind,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
) -> Difference:
    return Difference(document.id, document.url, kind, old, new)


def _claims(found: Findings) -> Iterator[tuple[RecordKind, Mapping[str, Any]]]:
    yield from ((RecordKind.STANCE, as_plain(each)) for each in found.announcements)
    yield from ((RecordKind.REACTION, as_plain(each)) for each in found.reactions)
    yield from ((RecordKind.CALL, as_plain(each)) for each in found.calls)


def _name(kind: RecordKind, claim: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(claim.get(field)) for field in NAMED[kind])


def _seen(claim: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(claim.get(field) for field in SHOWN)
