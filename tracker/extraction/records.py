"""From merged proposals to the values that the pipeline records (interface.md, tracker extract)."""

import re
from datetime import date as Day

from tracker.domain.codes import Act, Authority, Extent, Modality, ReactionKind, Track, Trigger
from tracker.domain.model import Announcement, FoundCall, FoundReaction
from tracker.extraction import acts, calls, certainty, dates, merge, speakers
from tracker.extraction.actors import Actor
from tracker.extraction.acts import Proposal
from tracker.extraction.calls import Demand
from tracker.extraction.genre import Genre
from tracker.extraction.merge import Stance
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Reading
from tracker.extraction.strangers import STRANGER
from tracker.extraction.topics import Matter

_TRIGGERS = (
    (Trigger.SETTLEMENT, re.compile(r"\bsettle(?:d|s|ment)?\b", re.IGNORECASE)),
    (
        Trigger.COURT_LOSS,
        re.compile(
            r"\b(?:after losing|lost (?:its|the|an) (?:\w+ )?(?:appeal|case))\b", re.IGNORECASE
        ),
    ),
    (
        Trigger.LEGAL_ORDER,
        re.compile(
            r"\b(?:court order|ordered (?:by|to)|ruling|to comply with|required by|injunction)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Trigger.GOVERNMENT_REQUEST,
        re.compile(
            r"\bat the request of (?:the )?\w*\s?(?:government|police|ministry)\b", re.IGNORECASE
        ),
    ),
    (Trigger.SANCTION, re.compile(r"\bfine[ds]?\b", re.IGNORECASE)),
)
_CONDITION = re.compile(r"\buntil [^.;,“”\"]{3,60}", re.IGNORECASE)
_SAYING = frozenset(
    {
        Act.COMMITS,
        Act.DEFENDS,
        Act.DENIES,
        Act.SUPPORTS_REGULATION,
        Act.OPPOSES_REGULATION,
        Act.DECLINES_COMMENT,
    }
)


_DEEDS = frozenset(Act) - {
    Act.DEFENDS,
    Act.DENIES,
    Act.DISCLOSES,
    Act.DECLINES_COMMENT,
    Act.SILENT,
    Act.UPHOLDS,
}
"""Acts that words alone can prove; what a company merely says is for a person to weigh."""
_PLAIN = frozenset(
    {
        ReactionKind.WELCOMES,
        ReactionKind.WELCOMES_INSUFFICIENT,
        ReactionKind.SUES,
        ReactionKind.SANCTIONS,
        ReactionKind.DROPS_SUPPLIER,
    }
)
_OLDER = re.compile(
    r"\b(?:recently|earlier|already|initially|regularly|long|often|repeatedly|always"
    r"|also plans?|first (?:announced|introduced|launched|revealed|said|told))\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:sources?|(?:people|person) familiar"
    r"|according to (?:an? |the |several )?(?:\w+ )?(?:report"
    r"|people|person|documents|memo)|reports? that|leaked|anonymous(?:ly)?)\b",
    re.IGNORECASE,
)
"""Unnamed sources and other people's reports: reported, not confirmed (codebook section 2)."""
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|provided that|on (?:the )?condition|as long as|depending on)\b", re.IGNORECASE
)
_ONE_PIECE = re.compile(
    r"\b(?:account|channel|profile|tweet|post|video|page|user|song|comment"
    r"|the (?:account|channel|tweet|post|video|page)s)\b",
    re.IGNORECASE,
)
_NO_TOPIC = "other_tech_ethics"
_ENFORCING = frozenset({Act.RESTRICTS, Act.PAUSES, Act.ENDS, Act.WALKS_BACK})
_FIRST, _HIGH = 4, 12
_AGREES, _ALLOWS = 0.15, 0.1
"""How probable the model must find the stance, and its act, for it to be published."""
_LIKELY, _SURE, _KNOWS, _GUESSED = 0.5, 0.6, 0.35, 0.1
"""What the model must think of age and topic where the words of the rules fall short."""


class Records:
    """Makes the records of one article."""

    def __init__(
        self, reading: Reading, matter: Matter, kind: Genre, can_publish: bool, has_model: bool
    ) -> None:
        self._reading = reading
        self._matter = matter
        self._kind = kind
        self._can_publish = can_publish
        self._has_model = has_model
        self._published = dates.local_day(reading.document.published)

    def announcement(self, stance: Stance) -> Announcement:
        """The proposed stance, with every sentence that tells it."""
        first = stance.first
        confidence = certainty.of_stance(first, len(stance.proposals), self._kind)
        speaker = speakers.of_stance(stance, self._reading)
        day = self._day(stance)
        term = next(
            (found.group() for p in stance.proposals if (found := _CONDITION.search(p.line.text))),
            None,
        )
        return Announcement(
            company=first.company.name,
            brand=first.company.brand,
            topic=first.topic.codes[0],
            topics=first.topic.codes,
            act=first.act,
            span=merge.span(first.line, first.cue.start, first.cue.end),
            more=tuple(merge.span(p.line, p.cue.start, p.cue.end) for p in stance.proposals[1:]),
            confidence=confidence,
            disposition=certainty.disposition(confidence, self._is_certain(stance)),
            novelty=merge.novelty(first.mood.background),
            modality=_shown(first),
            direction=first.direction,
            date=day,
            precision=dates.precision_of(day),
            speaker=speaker.person if speaker else None,
            speaker_role=_role(speaker, first.company),
            authority=_authority(_role(speaker, first.company)),
            trigger=_trigger(first),
            scope=first.scope,
            extent=Extent.FULL if first.direction == 3 else None,
            term=term if first.act in {Act.PAUSES, Act.RESTRICTS} else None,
            track=Track.SAYS if first.act in _SAYING else None,
        )

    def _is_certain(self, stance: Stance) -> bool:
        """Nothing of it in doubt: the actor, the deed, the matter, its age, the kind of text."""
        first = stance.first
        return (
            self._can_publish
            and self._published is not None
            and self._kind.states_facts
            and first.company.known
            and first.company.certain
            and first.part.direct
            and not first.part.relative
            and not first.mood.background
            and not first.only_model
            and self._names_the_matter(first)
            and first.cue.strong
            and first.act in _DEEDS
            and first.act is acts.act_of(first.cue.act, first.mood)
            and acts.is_told(first.line, first.cue)
            and not _HEARSAY.search(first.line.text)
            and not _CONDITIONAL.search(first.line.text)
            and not _is_single_case(first)
            and not _is_quoted_from_another(first)
            and self._is_promised(first)
            and self._is_the_news(stance)
            and self._is_seen_too(stance)
        )

    def _names_the_matter(self, first: Proposal) -> bool:
        """The sentence names the topic, or at the top the model finds it too.

        That it fits no topic of the codebook is for a person to say. A promise can be one of
        anything, so its matter must be seen by the model as well.
        """
        unseen = self._has_model and first.act is Act.COMMITS and first.matter < _GUESSED
        if first.topic.codes[0] == _NO_TOPIC or unseen:
            return False
        return first.topic.own or (self._is_top_news(first) and first.matter >= _KNOWS)

    def _is_promised(self, first: Proposal) -> bool:
        """A promise is given as one, or at the top the model finds it new and the deed likely."""
        said = first.line.text[first.cue.start : first.cue.end]
        solemn = first.act is not Act.COMMITS or acts.is_solemn(said)
        return solemn or (self._is_top_news(first) and first.new >= _SURE)

    def _is_top_news(self, first: Proposal) -> bool:
        """Told in the first sentences, and new as the model sees it."""
        return first.line.sentence.number <= _FIRST and first.new >= _LIKELY

    def _is_seen_too(self, stance: Stance) -> bool:
        """The model, where there is one, sees the stance in one of its sentences, and the act."""
        if not self._has_model:
            return True
        agrees = any((p.model or 0) >= _AGREES for p in stance.proposals)
        return agrees and stance.first.deed >= _ALLOWS

    def _is_the_news(self, stance: Stance) -> bool:
        """The headline names the company, and the act stands high, twice, or with its day."""
        first = stance.first
        if not self._reading.headlines(first.company):
            return False
        number = first.line.sentence.number
        if _OLDER.search(first.line.text) or number > _HIGH:
            return False
        dated = dates.day_of(first.line.text, first.cue.start, self._published) is not None
        return number <= _FIRST or dated or len(stance.proposals) > 1

    def _day(self, stance: Stance) -> Day | None:
        for each in stance.proposals:
            day = dates.day_of(each.line.text, each.cue.start, self._published)
            if day:
                return day
        if stance.first.mood.background:
            return None
        return self._published

    def reaction(self, group: list[Judgement]) -> FoundReaction:
        """The proposed reaction, with every sentence that tells it."""
        first = group[0]
        confidence = certainty.of_reaction(first, self._kind)
        topic = self._matter.choose(first.line.text)
        return FoundReaction(
            actor=first.actor.name,
            actor_type=first.actor.actor_type,
            reaction=first.kind,
            about=first.about,
            span=merge.span(first.line, first.start, first.end),
            more=tuple(merge.span(each.line, each.start, each.end) for each in group[1:]),
            confidence=confidence,
            disposition=certainty.disposition(confidence, self._can_publish and _is_plain(first)),
            topic=topic.codes[0] if topic else None,
            speaker=speakers.of_reaction(group, self._reading),
            novelty=first.novelty,
            date=dates.day_of(first.line.text, first.start, self._published),
        )

    def call(self, group: list[Demand]) -> FoundCall:
        """The proposed call; a class of targets takes the names that the headline addresses."""
        first = group[0]
        targets, more = first.targets, [merge.span(d.line, d.start, d.end) for d in group[1:]]
        title = self._reading.title
        addressed = calls.headline_targets(self._reading)
        if not targets and addressed and title is not None:
            targets = addressed
            more.append(merge.span(title, 0, min(len(title.text), merge.LONGEST_QUOTE)))
        confidence = certainty.of_call(first, self._kind)
        topic = self._matter.choose(first.line.text)
        return FoundCall(
            caller=first.caller.name,
            caller_type=first.caller.actor_type,
            targets=targets,
            target_class=first.target_class,
            asked=first.asked,
            span=merge.span(first.line, first.start, first.end),
            more=tuple(more),
            confidence=confidence,
            disposition=certainty.disposition(
                confidence, self._can_publish and first.caller.certain
            ),
            topic=topic.codes[0] if topic else None,
            deadline=first.deadline,
            date=dates.day_of(first.line.text, first.start, self._published),
        )


def _is_plain(first: Judgement) -> bool:
    """A named actor welcomes, sues, sanctions or leaves in the reporter's own plain words."""
    peer = first.actor.is_company and first.kind is not ReactionKind.SUES
    spoken = first.line.speech.holds(first.start)
    return first.actor.certain and first.direct and first.kind in _PLAIN and not (peer or spoken)


def _is_single_case(first: Proposal) -> bool:
    """One account, post or person struck by a standing rule: no new rule is told."""
    if first.act not in _ENFORCING:
        return False
    end = first.cue.end
    named = any(
        end <= mention.start <= end + 30
        and (mention.actor.person or mention.actor.kind == STRANGER)
        for mention in first.line.mentions
    )
    return named or _ONE_PIECE.search(first.line.text, first.cue.start, end + 60) is not None


def _is_quoted_from_another(first: Proposal) -> bool:
    """The deed stands in a quotation, and it is not the company that speaks."""
    speech = first.line.speech
    own = speech.speaker is not None and speech.speaker.name == first.company.name
    return speech.holds(first.cue.start) and not own


def _shown(first: Proposal) -> Modality:
    """A promise or an announced end is asserted although it lies ahead."""
    ahead = first.act in {Act.COMMITS, Act.ENDS, Act.PAUSES, Act.RESTRICTS}
    if first.mood.modality is Modality.PLANNED and ahead:
        return Modality.ASSERTED
    return first.mood.modality


def _trigger(first: Proposal) -> Trigger:
    if first.act is not Act.COMPLIES:
        return Trigger.VOLUNTARY
    for trigger, cue in _TRIGGERS:
        if cue.search(first.line.text):
            return trigger
    return Trigger.LEGAL_ORDER


def _role(speaker: Actor | None, company: Actor) -> str | None:
    role = (speaker.role if speaker else None) or company.role
    return "CEO" if role and re.fullmatch(r"(?i)ceo|chief executive(?: officer)?", role) else role


def _authority(role: str | None) -> Authority | None:
    if role is None:
        return None
    kinds = (
        (Authority.CEO, r"\bceo\b|chief executive"),
        (Authority.SPOKESPERSON, r"spokes|representative|\brep\b"),
        (Authority.BOARD, r"\bboard\b"),
    )
    return next(
        (kind for kind, cue in kinds if re.search(cue, role, re.IGNORECASE)), Authority.EXECUTIVE
    )
