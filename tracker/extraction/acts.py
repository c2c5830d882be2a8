"""Stances: a cue of an act, the company that is its subject, the matter, the mood."""

import re
from dataclasses import dataclass
from functools import cache

from tracker.domain.codes import Act, Modality
from tracker.extraction import dates, modality, roles, words
from tracker.extraction.actors import Actor
from tracker.extraction.modality import Mood
from tracker.extraction.reading import Line, Reading
from tracker.extraction.roles import Part
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


@cache
def _cues() -> tuple[tuple[Act, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (Act(row["code"]), words.pattern(row["strong"]), words.pattern(row["weak"]))
        for row in words.read("acts")["act"]
    )


def cues(line: Line, weak: bool = False) -> list[Cue]:
    """The acts that the words of a line name, names of organisations left out."""
    text = _blank_names(line)
    found: list[Cue] = []
    for act, strong, leaning in _cues():
        found += [Cue(act, m.start(), m.end(), True) for m in strong.finditer(text)]
        if weak:
            found += [Cue(act, m.start(), m.end(), False) for m in leaning.finditer(text)]
    return found


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
        for cue in [] if is_round_up(line.text) else cues(line):
            part = roles.part(line, cue.start, cue.end)
            companies = [actor for actor in part.actors if actor.is_company and part.sure]
            if not companies or _is_claim_of_another(line, cue, part, companies):
                continue
            topic = matter.choose(line.text, before)
            if topic is None or not topic.sure:
                continue
            for company in companies:
                mood = _mood(reading, line, cue, part, company)
                found.append(_proposal(company, cue, line, part, mood, topic))
        before = line.text
    return found


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
