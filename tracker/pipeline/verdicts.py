"""What people said of the machine's claims, as answers to learn from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.model import Document, Registry
from tracker.pipeline.register import load_register
from tracker.store import findings
from tracker.store.database import Database
from tracker.store.findings import Judged
from tracker.store.schema.ledger import RecordKind

ACTORS = {RecordKind.STANCE: "company", RecordKind.REACTION: "actor", RecordKind.CALL: "caller"}


@dataclass(frozen=True, slots=True)
class Answered:
    """One claim with the right answers, by question of the trained heads."""

    document: Document
    about_company: bool
    actor: str
    quote: str
    answers: Mapping[str, str]


def answered(database: Database) -> tuple[list[Answered], Registry]:
    """Every claim that a person decided, and the names that its texts are read with."""
    with database.reading() as session:
        judged = findings.judged(session)
        registry = load_register(session).registry
    return list(_answers(judged)), registry


def _answers(judged: list[Judged]) -> Iterator[Answered]:
    for each in judged:
        claim = {**each.claim, **each.edits}
        quote = (each.claim.get("span") or {}).get("quote")
        actor = each.claim.get(ACTORS[each.kind])
        if quote and actor:
            yield Answered(
                each.document,
                each.kind is RecordKind.STANCE,
                actor,
                quote,
                _right(each.kind, claim) if each.right else _wrong(each.kind),
            )


def _right(kind: RecordKind, claim: Mapping[str, Any]) -> dict[str, str]:
    if kind is RecordKind.STANCE:
        return {
            "stance": str(claim.get("novelty") or "new"),
            "act": str(claim.get("act")),
            "topic": str(claim.get("topic")),
        }
    if kind is RecordKind.REACTION:
        return {"reaction": str(claim.get("reaction"))}
    return {"call": "yes"}


def _wrong(kind: RecordKind) -> dict[str, str]:
    return {
        RecordKind.STANCE: {"stance": "none"},
        RecordKind.REACTION: {"reaction": "none"},
        RecordKind.CALL: {"call": "no"},
    }[kind]
