"""The values that pages, JSON, CSV and Atom are made of. Nobody changes one, but those of which a
large page has thousands are not marked frozen: Python takes five times as long to make those.
"""

from dataclasses import dataclass, field
from datetime import date as Day

from tracker.domain.clocks import Clocks
from tracker.domain.codes import Known, Level, TopicKind
from tracker.domain.position_table import RANK
from tracker.domain.silence import Silence
from tracker.domain.tracks import only_said
from tracker.store.views.proofs import Quote, SourceLink

SHOWN_LEVELS = (Level.CONFIRMED, Level.REPORTED, Level.DISPUTED)
"""What a page shows unless it is asked for everything (brief of ``?level=all``)."""

STALE_YEARS = 5
"""Evidence as old as this leaves the word, greyed and out of sentences (ledger R10)."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what a page looks: as things stood on ``day``, with or without unconfirmed ones.

    ``known`` then leaves out what was reported, or decided by a person, only after that day.
    """

    day: Day
    every_level: bool = False
    known: Known = Known.NOW

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that show. What was retracted never does."""
        levels = (*SHOWN_LEVELS, Level.UNCONFIRMED) if self.every_level else SHOWN_LEVELS
        return tuple(level.value for level in levels)


@dataclass(slots=True, unsafe_hash=True)
class CompanyRef:
    """A company as pages name and link it."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class TopicRef:
    """A topic as pages name, link and word it."""

    code: str
    slug: str
    name: str
    group: str
    kind: TopicKind
    practice: str
    reference_side: str
    contested: bool
    covers: str = ""
    split_by: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class SpanLine:
    """One word of one track between two days; ``until`` is the first day it no longer holds."""

    company: CompanyRef
    brand: str | None
    topic: TopicRef
    track: str
    word: str
    before: str
    since: Day
    precision: str
    until: Day | None
    change: str
    stance: str | None
    last_evidence: Day | None
    scope: str | None
    term: str | None
    compelled: bool
    rests_on: tuple[str, ...] = ()
    pledged: bool = False
    pledged_before: bool = False
    """Whether the word, and the one before it, was a pledge when the word began: a protection
    announced in full that no deed of the day bore out.
    """


@dataclass(slots=True, unsafe_hash=True)
class Standing:
    """Where a company (or one of its brands) stands on a topic on a day, in words and deeds."""

    company: CompanyRef
    brand: str | None
    topic: TopicRef
    says: SpanLine | None
    does: SpanLine | None

    @property
    def spans(self) -> tuple[SpanLine, ...]:
        """The tracks that are known."""
        return tuple(span for span in (self.says, self.does) if span is not None)

    @property
    def since(self) -> Day:
        """When the younger of the two words began."""
        return max(span.since for span in self.spans)

    @property
    def newest(self) -> SpanLine:
        """The track that moved last; words before deeds on the same day."""
        return max(self.spans, key=lambda span: (span.since, span.track == "says"))

    @property
    def split(self) -> bool:
        """Whether words and deeds differ (both known)."""
        return self.says is not None and self.does is not None and self.says.word != self.does.word

    @property
    def only_said(self) -> bool:
        """Whether its words alone place it there on the day."""
        said, done = self.says, self.does
        return said is not None and only_said(said.track, said.word, done.word if done else None)

    @property
    def last_evidence(self) -> Day:
        """The day of the latest stance that bears on it."""
        return max(span.last_evidence or span.since for span in self.spans)

    def age(self, today: Day) -> int:
        """Full years since the last evidence."""
        last = self.last_evidence
        return today.year - last.year - ((today.month, today.day) < (last.month, last.day))

    def stale(self, today: Day) -> bool:
        """Whether it is left out of counts in sentences, and greyed (ledger R10)."""
        return self.age(today) >= STALE_YEARS


@dataclass(slots=True, unsafe_hash=True)
class Move:
    """A position that changed on a day: from which word to which, on either track.

    ``joint`` names the pledge that several companies made together, if it was one.
    """

    company: CompanyRef
    brand: str | None
    topic: TopicRef
    day: Day
    precision: str
    stance: str | None
    spans: tuple[SpanLine, ...]
    joint: str | None = None

    @property
    def direction(self) -> str:
        """``tightened``, ``loosened`` or ``mixed`` by rank; ``first`` where nothing was before."""
        signs = {_sign(span) for span in self.spans if span.before != "no_statement"}
        if not signs:
            return "first"
        return {1: "tightened", -1: "loosened"}[signs.pop()] if len(signs) == 1 else "mixed"


def _sign(span: SpanLine) -> int:
    return 1 if _RANKS[span.word] > _RANKS[span.before] else -1


_RANKS: dict[str, int] = {word.value: rank for word, rank in RANK.items()}


@dataclass(slots=True, unsafe_hash=True)
class ReactionLine:
    """One actor's answer, ready to be shown."""

    id: str
    actor: str
    actor_slug: str | None
    actor_type: str
    affiliate: str | None
    speaker: str | None
    kind: str
    summary: str | None
    practice: str | None
    date: Day | None
    precision: str
    level: str
    stance: str | None
    topic: str | None
    about: tuple[CompanyRef, ...]
    quote: Quote | None
    links: tuple[SourceLink, ...]


@dataclass(slots=True, unsafe_hash=True)
class ReactionMark:
    """One actor's answer, as charts mark it."""

    actor: str
    kind: str
    date: Day | None
    precision: str


@dataclass(slots=True, unsafe_hash=True)
class StanceMark:
    """A stance as charts mark it: when, of what kind, what it began; without its proof."""

    id: str
    company: CompanyRef
    brand: str | None
    act: str
    topics: tuple[TopicRef, ...]
    date: Day
    precision: str
    scope: str | None
    summary: str | None
    trigger: str
    track: str | None
    breaks_promise: bool
    named: str
    spans: tuple[SpanLine, ...]
    reactions: tuple[ReactionMark, ...]

    @property
    def topic(self) -> TopicRef:
        """The primary topic."""
        return self.topics[0]


@dataclass(slots=True, unsafe_hash=True)
class StanceLine:
    """A stance as lists and timelines show it.

    ``named`` is the name of the company on its day: Twitter in 2016. ``known_on`` is the day of
    the first report, taken from the act itself where ``known_exactly`` is false.
    """

    id: str
    company: CompanyRef
    brand: str | None
    act: str
    topics: tuple[TopicRef, ...]
    direction: int | None
    date: Day
    precision: str
    effective_date: Day | None
    scope: str | None
    summary: str | None
    speaker: str | None
    speaker_role: str | None
    authority: str | None
    trigger: str
    track: str | None
    matter: str | None
    joint_id: str | None
    level: str
    review_state: str
    origin: str
    extractor: str | None
    breaks_promise: bool
    named: str
    known_on: Day
    known_exactly: bool
    spans: tuple[SpanLine, ...]
    quote: Quote | None
    links: tuple[SourceLink, ...]
    reactions: tuple[ReactionLine, ...] = field(default=())

    @property
    def topic(self) -> TopicRef:
        """The primary topic."""
        return self.topics[0]

    @property
    def source_only(self) -> bool:
        """Whether it rests on a paraphrase and links, without a stored quote."""
        return self.quote is None

    @property
    def independent(self) -> int:
        """How many independent reports carry it: copies of one text count once."""
        return len({link.report or link.host for link in self.links})

    @property
    def compared(self) -> bool:
        """Whether texts of it were read: of linked pages alone nobody knows what is a copy."""
        return any(link.report for link in self.links)


@dataclass(frozen=True, slots=True)
class CallLine:
    """One named addressee of a dated call, with where it stands."""

    call: str
    callers: tuple[str, ...]
    caller_type: str
    asked: str
    date: Day
    precision: str
    deadline: Day | None
    channel: str | None
    delivered: bool
    topics: tuple[TopicRef, ...]
    company: CompanyRef
    status: str
    status_date: Day | None
    status_precision: str
    answered_by: tuple[str, ...]
    origin: str
    level: str
    quote: Quote | None
    links: tuple[SourceLink, ...]
    days: int
    days_at_least: bool
    clocks: Clocks
    pending_until: Day | None
    silence: Silence | None
    of_class: str | None = None
    demands: tuple[str, ...] = ()
    met: tuple[int, ...] = ()


Marked = StanceMark | StanceLine
"""What can be marked on a chart."""
