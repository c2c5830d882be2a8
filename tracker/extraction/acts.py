"""Stances: a cue of an act, the company that is its subject, the matter, the mood."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tracker.domain.codes import Act, Modality
from tracker.extraction import dates, modality, roles, words
from tracker.extraction.actors import Actor
from tracker.extraction.modality import Mood
from tracker.extraction.reading import Line, Reading
from tracker.extraction.roles import Part
from tracker.extraction.strangers import is_called_company
from tracker.extraction.topics import Choice, Matter, protections

PRECEDENCE = (
    Act.COMPLIES,
    Act.WALKS_BACK,
    Act.ENDS,
    Act.PAUSES,
    Act.RESTRICTS,
    Act.SAFEGUARDS,
    Act.CHANGES_POLICY,
    Act.COMMITS,
    Act.UPHOLDS,
    Act.LAUNCHES,
    Act.SANCTIONS_CRITICS,
    Act.LITIGATES,
    Act.DIVESTS,
    Act.SUPPORTS_REGULATION,
    Act.OPPOSES_REGULATION,
    Act.DENIES,
    Act.DISCLOSES,
    Act.DECLINES_COMMENT,
    Act.DEFENDS,
    Act.SILENT,
)
"""Which act counts when one clause fits several (codebook section 2)."""

_DIRECTIONS = {
    Act.ENDS: 2,
    Act.PAUSES: 2,
    Act.RESTRICTS: 1,
    Act.SAFEGUARDS: 2,
    Act.COMMITS: 1,
    Act.SUPPORTS_REGULATION: 1,
    Act.OPPOSES_REGULATION: -1,
    Act.UPHOLDS: 1,
    Act.DEFENDS: -1,
    Act.DECLINES_COMMENT: 0,
    Act.SILENT: 0,
    Act.LAUNCHES: -2,
    Act.WALKS_BACK: -2,
    Act.SANCTIONS_CRITICS: -2,
}
_WHOLE = re.compile(
    r"\b(?:business|altogether|entirely|all|any|for good|permanently|products|industry)\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"\b(?:some|certain|in the (?:US|U\.S\.|UK|EU)|for (?:police|teens|minors)|pilot|trial"
    r"|one of)\b"
)
_PROMISED = frozenset({Act.SAFEGUARDS, Act.CHANGES_POLICY, Act.LAUNCHES, Act.DISCLOSES})
LEANING = frozenset(
    {
        Act.LITIGATES,
        Act.COMMITS,
        Act.RESTRICTS,
        Act.PAUSES,
        Act.UPHOLDS,
        Act.DENIES,
        Act.WALKS_BACK,
    }
)
"""Acts whose weak cues count too, of a company in the headline that is the plain subject."""
_DONE = frozenset({Act.RESTRICTS, Act.PAUSES, Act.ENDS, Act.WALKS_BACK})
"""Acts that only a verb tells: 'a ban', 'the halt' are mostly somebody else's."""
_SOLEMN = re.compile(r"(?:pledg|vow|promis|commit|sign|agree)\w*|sa(?:id|ys)\b", re.IGNORECASE)
_HIGH = 5
"""Lines from the top in which the matter of the article is the matter of the sentence."""
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a line that name an act."""

    act: Act
    start: int
    end: int
    strong: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """One company, one act, one sentence: what ``merge`` joins into announcements."""

    company: Actor
    act: Act
    line: Line
    cue: Cue
    part: Part
    mood: Mood
    topic: Choice
    scope: str | None
    direction: int | None
    model: float | None = None
    new: float = 0.0
    """How probable the model finds it that this is a stance, and a new one."""
    matter: float = 0.0
    """How probable the model finds the first topic."""
    deed: float = 0.0
    """How probable the model finds the act."""
    only_model: bool = False
    """Whether the rules see nothing of it: such a proposal never comes first."""


@cache
def _cues() -> tuple[tuple[Act, words.Cues, words.Cues], ...]:
    return tuple(
        (Act(row["code"]), words.pattern(row["strong"]), words.pattern(row["weak"]))
        for row in words.read("acts")["act"]
    )


def cues(line: Line, weak: Collection[Act] = ()) -> list[Cue]:
    """The acts that the words of a line name, names of organisations left out.

    ``weak``: the acts of which also words that only propose them count.
    """
    return [cue for cue in _all_cues(_blank_names(line)) if cue.strong or cue.act in weak]


@lru_cache(maxsize=1024)
def _all_cues(text: str) -> tuple[Cue, ...]:
    """Every cue of a text; each line of an article is asked about three times."""
    found: list[Cue] = []
    for act, strong, leaning in _cues():
        found += [Cue(act, m.start(), m.end(), True) for m in strong.finditer(text)]
        found += [Cue(act, m.start(), m.end(), False) for m in leaning.finditer(text)]
    return tuple(found)


def _blank_names(line: Line) -> str:
    text = line.text
    for mention in line.mentions:
        if mention.actor.known or mention.actor.person:
            hidden = _LETTERS.sub("_", text[mention.start : mention.end])
            text = text[: mention.start] + hidden + text[mention.end :]
    return text


def proposals(reading: Reading, matter: Matter) -> list[Proposal]:
    """Every act of a company that the parsed lines of an article state."""
    found: list[Proposal] = []
    before = ""
    for line in reading.lines:
        if line.grammar is not None and not is_round_up(line.text):
            found += _of_line(reading, matter, line, before)
        before = line.text
    return found


def _of_line(reading: Reading, matter: Matter, line: Line, before: str) -> list[Proposal]:
    """What the cues of one sentence say of each company that is their subject."""
    subjects = [(cue, *_subjects(reading, line, cue)) for cue in cues(line, LEANING)]
    told = [each for each in subjects if each[2]]
    topic = matter.choose(line.text, before) if told else None
    if topic is None:
        return []
    return [
        _proposal(company, cue, line, part, _mood(reading, line, cue, part, company), topic)
        for cue, part, companies in told
        for company in companies
        if _suffices(cue, topic, line, reading.headlines(company))
    ]


def _subjects(reading: Reading, line: Line, cue: Cue) -> tuple[Part, list[Actor]]:
    """The companies that do what a cue says, named and not merely pointed at."""
    part = roles.part(line, cue.start, cue.end)
    if not part.direct or (cue.act in _DONE and not is_told(line, cue)):
        return part, []
    companies = [each for each in part.actors if part.sure and each.is_company]
    companies = companies or _described(reading, part)
    if _is_claim_of_another(line, cue, part, companies):
        return part, []
    return part, companies


def _described(reading: Reading, part: Part) -> list[Actor]:
    """Names that the registry lacks, where the article says that they are companies."""
    return [
        replace(each, kind="company")
        for each in part.actors
        if each.may_be_company and is_called_company(each.name, reading.document.text)
    ]


def _suffices(cue: Cue, topic: Choice, line: Line, in_title: bool) -> bool:
    """Of a company in the headline a weak cue will do, or a topic that only the article names."""
    if not cue.strong:
        return in_title and topic.sure and not line.is_title
    if cue.act is Act.COMMITS and not is_solemn(line.text[cue.start : cue.end]):
        return topic.own
    return topic.sure or (in_title and line.sentence.number <= _HIGH)


def is_solemn(said: str) -> bool:
    """A promise given as one; 'plans to launch' is often mere product news."""
    return _SOLEMN.search(said) is not None


def _mood(reading: Reading, line: Line, cue: Cue, part: Part, company: Actor) -> Mood:
    """The mood of the clause; an aside far down the article is background."""
    published = dates.local_day(reading.document.published)
    mood = modality.mood(line, cue.start, cue.end, part, published)
    place = line.sentence.number / max(1, len(reading.lines) - 1)
    aside = modality.is_aside(line, cue.start, cue.end, place, reading.headlines(company))
    return Mood(mood.modality, mood.background or aside)


def is_told(line: Line, cue: Cue) -> bool:
    """Whether a verb tells the act; 'its plan', 'her pledge' only speak of one."""
    if line.grammar is None:
        return False
    head = line.grammar.at(cue.start, cue.end)
    verbal = head is not None and head.tag.startswith("VB")
    return verbal or cue.act is Act.SUPPORTS_REGULATION


def is_round_up(text: str) -> bool:
    """Several headlines run together, or a table: no sentence of its own."""
    return text.count(" | ") > 1 or len(text) > 700


def _proposal(
    company: Actor, cue: Cue, line: Line, part: Part, mood: Mood, topic: Choice
) -> Proposal:
    scope = scope_after(line, cue)
    act = act_of(cue.act, mood)
    return Proposal(company, act, line, cue, part, mood, topic, scope, direction(act, topic, scope))


def act_of(act: Act, mood: Mood) -> Act:
    """What is promised for later is a commitment; what is not ended goes on."""
    if mood.modality is Modality.PLANNED and act in _PROMISED:
        return Act.COMMITS
    return act


def _is_claim_of_another(line: Line, cue: Cue, part: Part, companies: list[Actor]) -> bool:
    """A critic's claim about a company is a reaction, never a stance (codebook rule 4)."""
    quoted = line.speech.speaker if line.speech.holds(cue.start) else None
    reporter = quoted or part.reporter
    if reporter is None or reporter.kind == "media":
        return False
    return reporter.name not in {company.name for company in companies}


def direction(act: Act, topic: Choice, scope: str | None) -> int | None:
    """The usual direction of an act (codebook section 2), where it is sure."""
    usual = _DIRECTIONS.get(act)
    if usual is None or not topic.codes or not topic.sure:
        return None
    if topic.codes[0] in protections() and act in {
        Act.ENDS,
        Act.PAUSES,
        Act.LAUNCHES,
        Act.RESTRICTS,
    }:
        return None
    if act is Act.ENDS and scope and _WHOLE.search(scope) and not _PARTIAL.search(scope):
        return 3
    return usual


def scope_after(line: Line, cue: Cue) -> str | None:
    """The noun phrase that the act is about, word for word from the text."""
    if line.grammar is None:
        return None
    head = line.grammar.at(cue.start, cue.end)
    tokens = [t for t in line.grammar.tokens if head is not None and t.start > head.start]
    kept: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1].tag if place + 1 < len(tokens) else ""
        linking = token.tag == "IN" and (token.text == "of" or following.startswith("NNP"))
        if token.tag.startswith(("NN", "JJ", "CD", "HYPH", "VBG", "POS")) or (linking and kept):
            kept.append((token.start, token.end))
        elif not _leads(token.tag, bool(kept), place):
            break
    if not kept:
        return None
    return line.text[kept[0][0] : kept[-1][1]].strip(" ,.'\"’”") or None


def _leads(tag: str, begun: bool, place: int) -> bool:
    """Small words may stand before the noun phrase, articles also inside it."""
    if tag in {"DT", "PRP$"}:
        return True
    return not begun and place < 4 and tag in {"RP", "IN", "RB", "TO"}
