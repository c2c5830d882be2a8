"""That a promise was kept or broken is shown by others than the company (codebook section 5)."""

from collections.abc import Iterable

from tracker.domain.commitments import NEEDS_OUTSIDE_WORD
from tracker.domain.errors import UsageError
from tracker.domain.model import Commitment, CommitmentStep
from tracker.domain.publishing import is_own_page
from tracker.pipeline.register import Register
from tracker.sources.urls import host_of
from tracker.store import evidence, stances
from tracker.store.database import Session
from tracker.store.schema.ledger import RecordKind


def require_outside_word(
    session: Session, register: Register, commitment: Commitment, step: CommitmentStep
) -> None:
    """Raise UsageError where a step needs a page that is not the company's own and has none.

    ``date`` of what shows it must be newer than the promise (codebook section 5): ``with_step``.
    """
    if step.stance is not None and stances.get(session, step.stance) is None:
        raise UsageError(f"there is no stance {step.stance!r}")
    if step.state not in NEEDS_OUTSIDE_WORD:
        return
    own = register.organisations[commitment.company].domain
    hosts = set(_hosts(session, step))
    if not any(own is None or not is_own_page(host, own) for host in hosts):
        raise UsageError(
            f"{commitment.id}: {step.state} needs a page that is not the company's own: "
            "--url ADDRESS, or --stance ID of a record that others carry"
        )


def _hosts(session: Session, step: CommitmentStep) -> Iterable[str]:
    if step.url is not None:
        yield host_of(step.url) or ""
    if step.stance is not None:
        for page in evidence.pages_of(session, RecordKind.STANCE, step.stance):
            yield page.host
