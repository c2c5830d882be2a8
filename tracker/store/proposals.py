"""What stances may mean for calls and promises, and what a person said to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.domain.model import CallId, CommitmentId, StanceId
from tracker.domain.outcomes import ProposalKind, Verdict
from tracker.store.schema import CallCallerRow, OrganisationRow, ProposalRow


@dataclass(frozen=True, slots=True)
class NewProposal:
    """Something to be proposed; ``company`` is a slug, ``status`` a code of what it is about."""

    kind: ProposalKind
    stance: StanceId
    company: str
    status: str
    reason: str
    call: CallId | None = None
    commitment: CommitmentId | None = None
    met: tuple[int, ...] = ()
    rank: int = 0

    @property
    def key(self) -> str:
        """Names what is proposed, so that it is proposed once and decided once."""
        about = self.call or self.commitment
        return f"{self.kind}/{about}/{self.company}/{self.stance}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that was proposed, and what a person decided, if anybody did."""

    id: int
    new: NewProposal
    proposed_at: datetime
    verdict: Verdict | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str | None = None


def add(session: Session, wanted: Iterable[NewProposal], now: datetime) -> int:
    """Propose what was never proposed before; return how many that are."""
    fresh = {one.key: one for one in wanted}
    known = select(ProposalRow.key).where(ProposalRow.key.in_(list(fresh)))
    for key in session.scalars(known):
        del fresh[key]
    if not fresh:
        return 0
    companies = dict(session.execute(select(OrganisationRow.slug, OrganisationRow.id)).all())
    session.add_all(
        ProposalRow(
            key=key,
            kind=one.kind,
            stance_id=one.stance,
            call_id=one.call,
            commitment_id=one.commitment,
            company_id=companies[one.company],
            status=one.status,
            met=list(one.met),
            rank=one.rank,
            reason=one.reason,
            proposed_at=now,
        )
        for key, one in fresh.items()
    )
    session.flush()
    return len(fresh)


def waiting(
    session: Session, *, caller: str | None = None, company: str | None = None
) -> list[Proposal]:
    """What nobody has decided, likeliest first; of one caller's calls, of one company (a slug)."""
    query = _undecided().order_by(ProposalRow.rank, ProposalRow.id)
    if caller is not None:
        query = query.join(CallCallerRow, CallCallerRow.call_id == ProposalRow.call_id)
        query = query.where(CallCallerRow.name == caller)
    if company is not None:
        query = query.join(OrganisationRow, OrganisationRow.id == ProposalRow.company_id)
        query = query.where(OrganisationRow.slug == company)
    return [_value(row) for row in session.scalars(query)]


def count_waiting(session: Session) -> int:
    """How many wait for a person."""
    return session.scalar(select(func.count()).select_from(_undecided().subquery())) or 0


def get(session: Session, number: int) -> Proposal | None:
    """One proposal by its number."""
    row = session.get(ProposalRow, number)
    return _value(row) if row else None


def decide(
    session: Session, number: int, verdict: Verdict, by: str, now: datetime, why: str | None
) -> None:
    """Note what a person decided."""
    row = session.get_one(ProposalRow, number)
    row.verdict, row.decided_by, row.decided_at, row.why = verdict, by, now, why


def _undecided() -> Select[ProposalRow]:
    return select(ProposalRow).where(ProposalRow.decided_at.is_(None))


def _value(row: ProposalRow) -> Proposal:
    new = NewProposal(
        kind=ProposalKind(row.kind),
        stance=StanceId(row.stance_id),
        company=row.company.slug,
        status=row.status,
        reason=row.reason,
        call=CallId(row.call_id) if row.call_id else None,
        commitment=CommitmentId(row.commitment_id) if row.commitment_id else None,
        met=tuple(row.met),
        rank=row.rank,
    )
    return Proposal(
        id=row.id,
        new=new,
        proposed_at=row.proposed_at,
        verdict=Verdict(row.verdict) if row.verdict else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
    )
