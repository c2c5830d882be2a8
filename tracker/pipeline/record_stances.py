"""Announcements become stances: joined to the event they tell of, or new and not yet shown."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.domain.changes import Sameness, Shared, find_same, marks_second_step, range_of
from tracker.domain.codes import Disposition, Modality, Novelty, Origin, Precision
from tracker.domain.disputes import disputed_by
from tracker.domain.knowledge import known_on
from tracker.domain.model import Announcement, Span, Stance, StanceId
from tracker.pipeline import relations
from tracker.pipeline.report import Report, ask_who, attach, keep, located, note, slugged
from tracker.store import disputes, evidence, stances
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.world import FindingOutcome

NO_EVENT = frozenset({Modality.HYPOTHETICAL, Modality.DEMANDED})
"""Moods in which no sentence can found an event (codebook section 7)."""

NEAR = timedelta(days=8)
"""How far around its day a known stance is looked for."""

KIND = RecordKind.STANCE


@dataclass(frozen=True, slots=True)
class Told:
    """A stance that the report tells of; ``known`` says that it was recorded before."""

    stance: Stance
    found: Announcement
    quote: str
    known: bool


def record_stance(report: Report, found: Announcement) -> Told | None:
    """Join an announcement to the event it tells of, or record a new stance.

    None when it is set aside: no verbatim quote, a company the register does not know, a mere
    wish, or background that matches nothing. The finding itself is kept in every case.
    """
    spans = located(report, found)
    if not spans:
        keep(report, KIND, found, FindingOutcome.UNLOCATED)
        return None
    slug = report.register.slugs.get(found.company)
    if slug is None:
        ask_who(report, KIND, found, found.company)
        return None
    stance = _as_stance(report, found, slug)
    same, sameness = _find_known(report, stance, spans) or (None, Sameness.DIFFERENT)
    if same is not None and sameness is Sameness.SAME:
        return _join(report, found, same, spans)
    if found.novelty is Novelty.BACKGROUND or found.modality in NO_EVENT:
        keep(report, KIND, found, FindingOutcome.SET_ASIDE)
        return None
    return _record_new(report, found, stance, spans, same.id if same else None)


def _as_stance(report: Report, found: Announcement, slug: str) -> Stance:
    """An act without a day of its own happened around the day of the report."""
    dated = found.date is not None
    return Stance(
        id=StanceId(""),
        company=slug,
        company_name=found.company,
        topic=found.topic,
        topics=found.topics or (found.topic,),
        act=found.act,
        date=found.date or report.day,
        precision=(found.precision or Precision.DAY) if dated else Precision.RANGE,
        brand=found.brand,
        direction=found.direction,
        effective_date=found.effective_date,
        first_reported=report.day,
        first_seen=report.now,
        scope=found.scope,
        speaker=found.speaker,
        speaker_role=found.speaker_role,
        authority=found.authority,
        trigger=found.trigger,
        extent=found.extent,
        term=found.term,
        track=found.track,
        matter=found.matter,
        novelty=found.novelty,
        modality=found.modality,
        disposition=found.disposition,
        confidence=found.confidence,
        origin=Origin.EXTRACTED,
        extractor=report.extractor,
    )


def _find_known(
    report: Report, stance: Stance, spans: tuple[Span, ...]
) -> tuple[Stance, Sameness] | None:
    near = stances.near(report.session, _kin(report, stance.company), range_of(stance), NEAR)
    ids = [known.id for known in near]
    quotes = evidence.quotes_of(report.session, KIND, ids)
    urls = evidence.urls_of(report.session, KIND, ids)
    stories = evidence.stories_of(report.session, KIND, ids)
    mine = {span.quote for span in spans}

    # Two findings of one reading share page and story, and are two acts all the same.
    def shared_with(known: Stance) -> Shared:
        theirs = quotes.get(known.id, set())
        elsewhere = known.id not in report.touched
        return Shared(
            quote=bool(mine & theirs),
            url=elsewhere and report.snapshot.url in urls.get(known.id, set()),
            story=elsewhere and report.snapshot.story in stories.get(known.id, set()),
            second_step=bool(theirs) and _second_step(mine) != _second_step(theirs),
        )

    return find_same(
        stance, [(known, shared_with(known)) for known in near], report.register.organisations
    )


def _second_step(quotes: set[str]) -> bool:
    return any(marks_second_step(quote) for quote in quotes)


def _kin(report: Report, slug: str) -> list[str]:
    """The company, its owners and whom it owns: an event may be filed under each of them."""
    own = report.register.organisations.get(slug)
    owners = [parent.slug for parent in own.parents] if own else []
    owned = [
        o.slug
        for o in report.register.organisations.values()
        if slug in {p.slug for p in o.parents}
    ]
    return [slug, *owners, *owned]


def _join(report: Report, found: Announcement, known: Stance, spans: tuple[Span, ...]) -> Told:
    same_again = not attach(report, KIND, known.id, spans, found.novelty)
    if not same_again:
        note(report, KIND, known.id, "evidence added")
    if report.day < known_on(known):
        known = replace(known, first_reported=report.day)
    if found.disposition is Disposition.PUBLISH and not known.published:
        known = replace(known, disposition=found.disposition, confidence=found.confidence)
    stances.save(report.session, known, report.register.ids)
    keep(report, KIND, found, FindingOutcome.JOINED, known.id)
    if found.disposition is Disposition.PUBLISH and not same_again:
        told = disputed_by(known, _as_stance(report, found, known.company), report.snapshot.url)
        disputes.note(report.session, known.id, told, report.now)
    return Told(known, found, spans[0].quote, known=True)


def _record_new(
    report: Report,
    found: Announcement,
    stance: Stance,
    spans: tuple[Span, ...],
    resembles: StanceId | None,
) -> Told:
    wanted = slugged(stance.company, stance.brand, stance.date, stance.act, stance.topic)
    stance = replace(stance, id=stances.free_id(report.session, wanted))
    stances.save(report.session, stance, report.register.ids)
    attach(report, KIND, stance.id, spans, found.novelty)
    keep(report, KIND, found, FindingOutcome.RECORDED, stance.id)
    note(report, KIND, stance.id, "recorded", f"resembles {resembles}" if resembles else None)
    relations.propose(report.session, stance, resembles, report.extractor, report.now)
    report.tally.count("stances")
    return Told(stance, found, spans[0].quote, known=False)
