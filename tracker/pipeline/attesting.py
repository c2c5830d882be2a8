"""How well a record is attested by the pages that carry it (codebook section 8)."""

from collections.abc import Sequence

from tracker.domain.codes import Authority, Level
from tracker.domain.model import Stance
from tracker.domain.publishing import is_own_page, level_for
from tracker.pipeline.register import Register
from tracker.sources.urls import registrable_domain
from tracker.store import evidence
from tracker.store.database import Session
from tracker.store.evidence import CarryingPage
from tracker.store.schema.ledger import RecordKind


def level_of_stance(session: Session, register: Register, stance: Stance) -> Level:
    """A level never falls by one more report, and a person's judgement stands."""
    if stance.level in (Level.DISPUTED, Level.RETRACTED, Level.CONFIRMED):
        return stance.level
    level = level_of_pages(session, register, stance)
    risen = {Level.CONFIRMED, Level.REPORTED}
    return level if level in risen or not stance.published else stance.level


def level_of_pages(session: Session, register: Register, stance: Stance) -> Level:
    """The level that follows from the pages that carry a stance, and nothing else."""
    pages = evidence.pages_of(session, RecordKind.STANCE, stance.id)
    own = register.organisations[stance.company].domain
    return level_for(
        [page.tier for page in pages],
        independent(pages),
        own_channel=own is not None and any(is_own_page(page.host, own) for page in pages),
        anonymous=stance.authority is Authority.ANONYMOUS,
        on_record=stance.speaker is not None,
    )


def level_of_answer(session: Session, kind: RecordKind, record: str) -> Level:
    """The level of a reaction or a call."""
    pages = evidence.pages_of(session, kind, record)
    return level_for([page.tier for page in pages], independent(pages), stance=False)


def independent(pages: Sequence[CarryingPage]) -> int:
    """Copies of one text are one report, and so is all that one outlet writes (codebook 8)."""
    outlets = {registrable_domain(f"https://{page.host}/") or page.report for page in pages}
    return min(len(outlets), len({page.report or page.host for page in pages}))
