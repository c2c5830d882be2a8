"""The promises of the starter history: those that name a day or a condition."""

from tracker.domain.codes import Origin, Precision, ReviewState
from tracker.domain.model import Commitment, CommitmentId, CommitmentStep, StanceId
from tracker.domain.outcomes import CommitmentState
from tracker.starter.reader import load_stances
from tracker.starter.rows import Row, each_once, json_rows

FILE = "commitments.jsonl"


def load_commitments() -> tuple[Commitment, ...]:
    """Return the promises, each with its steps; company, topic and date are its stance's."""
    stances = {item.stance.id: item.stance for item in load_stances()}
    found = []
    for row in json_rows(FILE):
        stance_id = row.text("stance")
        stance = stances.get(StanceId(stance_id))
        if stance is None:
            raise row.error(f"stance {stance_id} is not in stances.jsonl")
        due = row.dated("due") if row.has("due") else None
        commitment = Commitment(
            id=CommitmentId(row.text("id")),
            company=stance.company,
            company_name=stance.company_name,
            topic=stance.topic,
            stance=stance.id,
            promised=row.text("promised"),
            date=stance.date,
            steps=tuple(_step(inner) for inner in row.rows("steps", "state")),
            brand=stance.brand,
            precision=stance.precision,
            scope=stance.scope,
            due=due[0] if due else None,
            due_precision=due[1] if due else Precision.DAY,
            condition=row.maybe("condition"),
            review_state=ReviewState.ACCEPTED,
            origin=Origin.STARTER,
            note=row.maybe("note"),
        )
        found.append(row.finish(commitment))
    each_once(FILE, found, lambda one: one.id)
    return tuple(found)


def _step(row: Row) -> CommitmentStep:
    date, precision = row.dated("date")
    stance = row.maybe("stance")
    return row.finish(
        CommitmentStep(
            state=row.code("state", CommitmentState),
            date=date,
            precision=precision,
            why=row.maybe("why"),
            stance=StanceId(stance) if stance else None,
            url=row.maybe("url"),
        )
    )
