"""Direct speech: which words are quoted, and whose they are, carried on through the paragraph."""

import re
from dataclasses import dataclass

from tracker.extraction import words
from tracker.extraction.actors import Actor, Mention

REPORTING = words.pattern(
    [
        "{say}",
        "{tell}",
        "{write}",
        "{tweet}",
        "{add}",
        "{note}",
        "{explain}",
        "{declare}",
        "{state}",
        "{announce}",
        "{argue}",
        "{insist}",
        "{warn}",
        "{claim}",
        "{admit}",
        "{reply}",
        "{respond}",
        "{comment}",
        "{continue}",
        "{conclude}",
        "according to",
        "{call}",
        "{describe}",
        "{testify}",
        "{acknowledge}",
        "{emphasi[sz]e}",
        "{post}",
        "{complain}",
        "{suggest}",
        "{urge}",
        "in a statement",
        "{maintain}",
        "{assert}",
        "{promise}",
        "{ask}",
        "{label}",
    ]
)
_COMPANY = re.compile(
    rf"\b(?:{'|'.join(words.read('actors')['company']['phrases'])})\b(?!['’]s)"
    r"|\bit\b(?= (?:said|says|added|wrote)\b)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\bs?he\b", re.IGNORECASE)
_LED_BY = re.compile(
    r"\b(?:led|headed|run|owned|founded|co-founded|backed|chaired) by (?:[\w’'&-]+ ){0,4}$",
    re.IGNORECASE,
)
"""Who stands behind an organisation is not who speaks."""


@dataclass(frozen=True, slots=True)
class Speech:
    """The quoted stretches of one sentence and their speaker, if the text tells."""

    stretches: tuple[tuple[int, int], ...] = ()
    speaker: Actor | None = None

    def holds(self, offset: int) -> bool:
        """Whether the offset lies inside quotation marks."""
        return any(start <= offset < end for start, end in self.stretches)


def stretches(text: str, opened: bool) -> tuple[tuple[tuple[int, int], ...], bool]:
    """Quoted stretches of a sentence, and whether a quotation is still open at its end."""
    found: list[tuple[int, int]] = []
    start = 0 if opened else -1
    for place, sign in enumerate(text):
        closing = sign == "”" or (sign == '"' and start >= 0)
        if closing and start >= 0:
            found.append((start, place))
            start = -1
        elif sign in '“"' and start < 0:
            start = place + 1
    if start >= 0:
        found.append((start, len(text)))
    return tuple(found), start >= 0


def references(text: str, focus: Actor | None, person: Actor | None) -> tuple[Mention, ...]:
    """'The company said', 'he wrote': the company and the person last spoken of, as speakers."""
    return tuple(
        Mention(found.start(), found.end(), actor)
        for phrase, actor in ((_COMPANY, focus), (_PERSON, person))
        if actor is not None
        for found in phrase.finditer(text)
    )


def attribution(
    text: str, mentions: tuple[Mention, ...], quoted: tuple[tuple[int, int], ...]
) -> Actor | None:
    """Who speaks the quoted words of this sentence, by the reporting verb outside the quotation."""
    outside = [
        m
        for m in mentions
        if not any(a <= m.start < b for a, b in quoted) and not _LED_BY.search(text[: m.start])
    ]
    best: tuple[int, int, Actor] | None = None
    for verb in REPORTING.finditer(text):
        if any(start <= verb.start() < end for start, end in quoted):
            continue
        for mention in outside:
            gap = _distance(text, mention, verb)
            if gap is not None and (best is None or gap < best[:2]):
                best = (*gap, mention.actor)
    return best[2] if best else None


_INVERTED = words.pattern(
    [
        "{say}",
        "{write}",
        "{tweet}",
        "{add}",
        "{note}",
        "{explain}",
        "{declare}",
        "{state}",
        "{argue}",
        "{insist}",
        "{warn}",
        "{claim}",
        "{admit}",
        "{reply}",
        "{respond}",
        "{comment}",
        "{continue}",
        "{conclude}",
        "according to",
        "{complain}",
        "{announce}",
    ]
)


def _distance(text: str, mention: Mention, verb: re.Match[str]) -> tuple[int, int] | None:
    """Nearness of a name to a reporting verb; people come before organisations.

    "…, saying that": the words are the subject's, whoever stands between.
    """
    after = mention.start >= verb.end()
    rank = 0 if mention.actor.person else 1
    if verb.group().lower().endswith("ing"):
        return None if after else (mention.start // 60, rank * 100 + mention.start)
    if after and not _INVERTED.fullmatch(verb.group()):
        return None
    between = text[verb.end() : mention.start] if after else text[mention.end : verb.start()]
    if (
        len(between) > 90
        or re.search(r"[“”\";]", between)
        or (not after and mention.end > verb.start())
    ):
        return None
    return (len(between) // 60, rank * 100 + len(between))
