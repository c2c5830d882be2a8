"""The table of positions (ledger sections A.1 and A.3), as data. The method page is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.codes import (
    COMPELLED,
    Act,
    Authority,
    Extent,
    PositionWord,
    TopicKind,
    Track,
)
from tracker.domain.model import Stance

STOPPED, PAUSED, LIMITED = PositionWord.STOPPED, PositionWord.PAUSED, PositionWord.LIMITED
UNCLEAR, CONTINUES, EXPANDS = PositionWord.UNCLEAR, PositionWord.CONTINUES, PositionWord.EXPANDS
NO_STATEMENT = PositionWord.NO_STATEMENT

RANK: Mapping[PositionWord, int] = {
    STOPPED: 3,
    PAUSED: 2,
    LIMITED: 1,
    UNCLEAR: 0,
    CONTINUES: -1,
    EXPANDS: -2,
    NO_STATEMENT: -3,
}
"""Which word stands above which; no statement counts as below all."""

WORDS: Mapping[TopicKind, Mapping[PositionWord, str]] = {
    TopicKind.PRACTICE: {
        STOPPED: "Stopped",
        PAUSED: "Paused",
        LIMITED: "Limited",
        UNCLEAR: "Unclear",
        CONTINUES: "Continues",
        EXPANDS: "Expands",
        NO_STATEMENT: "No statement",
    },
    TopicKind.PROTECTION: {
        STOPPED: "In force",
        PAUSED: "In force for now",
        LIMITED: "In part",
        UNCLEAR: "Unclear",
        CONTINUES: "Refuses",
        EXPANDS: "Withdrawn",
        NO_STATEMENT: "No statement",
    },
}

MEANINGS: Mapping[PositionWord, str] = {
    STOPPED: "ended, never did, or rules it out; a protection: in force or pledged in full",
    PAUSED: "stopped until a date or condition; a protection: in force for now",
    LIMITED: "done or promised only in part; the scope is always shown",
    UNCLEAR: "protection withdrawn or expired, and no word or deed since",
    CONTINUES: "does it, or goes on; a protection: refuses it",
    EXPANDS: "does more of it than before; a protection: one that existed is gone",
    NO_STATEMENT: "no stance that sets a position",
}


PLEDGED = "Pledged in full"
"""A protection that a company has announced in full, as long as no deed bears it out."""


def is_pledge(word: str, kind: TopicKind, *, only_said: bool) -> bool:
    """Whether a protection is announced in full and not in force yet: it is called so."""
    return only_said and kind is TopicKind.PROTECTION and word == STOPPED


def word_label(word: PositionWord, kind: TopicKind, *, only_said: bool = False) -> str:
    """Return the word that people read for a position on a topic of that kind.

    ``only_said``: the words of the company alone place it there (``tracks.only_said``).
    """
    return PLEDGED if is_pledge(word, kind, only_said=only_said) else WORDS[kind][word]


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the word of one track: present word → next; a word left out stays as is.

    A word that maps to itself is confirmed: its evidence is renewed. ``raises`` is the word that
    a move lifts to; ``sets`` says that the word then rests on the stance, whatever it was.
    ``needs_says`` makes the move hold only when the words of the company are then that word.
    """

    text: str
    to: Mapping[PositionWord, PositionWord]
    raises: PositionWord | None = None
    sets: bool = False
    needs_says: PositionWord | None = None


def _raise_to(word: PositionWord) -> Move:
    to = {present: max(present, word, key=RANK.__getitem__) for present in RANK}
    return Move(f"raise to {word}", to, raises=word)


def _set_to(word: PositionWord) -> Move:
    return Move(str(word), dict.fromkeys(RANK, word), sets=True)


def _each(text: str, otherwise: PositionWord, **to: PositionWord) -> Move:
    moves = dict.fromkeys(RANK, otherwise)
    moves.update({PositionWord(present): word for present, word in to.items()})
    return Move(text, moves, sets=True)


NO_CHANGE = Move("no change", {})
RAISE_TO_STOPPED, RAISE_TO_PAUSED = _raise_to(STOPPED), _raise_to(PAUSED)
RAISE_TO_LIMITED = _raise_to(LIMITED)
GO_ON = _each(
    "continues; expands if already continues or expands",
    CONTINUES,
    continues=EXPANDS,
    expands=EXPANDS,
)
DO_SOME = _each(
    "stopped, paused, limited → limited; continues, expands → expands; else continues",
    CONTINUES,
    stopped=LIMITED,
    paused=LIMITED,
    limited=LIMITED,
    continues=EXPANDS,
    expands=EXPANDS,
)
LAPSE = Move("continues, expands → unclear", {CONTINUES: UNCLEAR, EXPANDS: UNCLEAR})
DENY = Move(
    "no statement → unclear; else confirmed",
    {word: UNCLEAR if word is NO_STATEMENT else word for word in RANK},
)
DEFEND = Move(
    "stopped, paused, limited: no change, propose contradicts; expands stays; else continues",
    {EXPANDS: EXPANDS, CONTINUES: CONTINUES, UNCLEAR: CONTINUES, NO_STATEMENT: CONTINUES},
    sets=True,
)
DEFEND_BY_DEED = Move(
    "no statement, unclear → continues, only if says is then continues",
    {UNCLEAR: CONTINUES, NO_STATEMENT: CONTINUES},
    needs_says=CONTINUES,
)
WEAKEN = _each("stopped → limited; else unclear", UNCLEAR, stopped=LIMITED)
REFUSE = Move("no statement, unclear → continues", {NO_STATEMENT: CONTINUES, UNCLEAR: CONTINUES})
PROMISE_IN_PART = Move("no statement → limited", {NO_STATEMENT: LIMITED})

OUTSIDE = frozenset({Authority.FILING, Authority.PRESS, Authority.LEAK, Authority.ANONYMOUS})
"""Authorities by which an act is known without the company's own announcement (row 17)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. A condition left out (None or empty) is always met."""

    row: str
    acts: frozenset[Act]
    says: Move
    does: Move
    sign: int | None = None
    extent: Extent | None = None
    kind: TopicKind | None = None
    tracks: frozenset[Track] = frozenset()
    compelled: bool = False
    outside: bool = False
    termed: bool = False
    minor: bool = False
    undoes_defence: bool = False
    proposes_contradiction: bool = False


_ENDS = frozenset({Act.ENDS, Act.DIVESTS})
_LIMITS = frozenset({Act.RESTRICTS, Act.SAFEGUARDS})
_PROMISES = frozenset({Act.COMMITS, Act.CHANGES_POLICY})
_PAUSES, _COMPLIES = frozenset({Act.PAUSES}), frozenset({Act.COMPLIES})
_UPHOLDS, _DEFENDS, _DENIES = (
    frozenset({Act.UPHOLDS}),
    frozenset({Act.DEFENDS}),
    frozenset({Act.DENIES}),
)
_LAUNCHES, _WALKS_BACK = frozenset({Act.LAUNCHES}), frozenset({Act.WALKS_BACK})
_POLICY = frozenset({Act.CHANGES_POLICY})
_BACKS, _OPPOSES = frozenset({Act.SUPPORTS_REGULATION}), frozenset({Act.OPPOSES_REGULATION})
_FULL, _PART, _PROTECTION = Extent.FULL, Extent.PART, TopicKind.PROTECTION
_BY_DEED = frozenset({Track.BOTH, Track.DOES})

TABLE: tuple[Rule, ...] = (
    Rule("1", _ENDS, RAISE_TO_STOPPED, RAISE_TO_STOPPED, sign=1, extent=_FULL),
    Rule("2", _ENDS, RAISE_TO_LIMITED, RAISE_TO_LIMITED, sign=1, extent=_PART),
    Rule("3", _ENDS, NO_CHANGE, LAPSE, sign=0),
    Rule("4", _PAUSES, RAISE_TO_PAUSED, RAISE_TO_PAUSED, sign=1, extent=_FULL),
    Rule("5", _PAUSES, RAISE_TO_LIMITED, RAISE_TO_LIMITED, sign=1, extent=_PART),
    Rule("6", _LIMITS, RAISE_TO_LIMITED, RAISE_TO_LIMITED, sign=1),
    Rule(
        "7, with term",
        _PROMISES,
        RAISE_TO_PAUSED,
        NO_CHANGE,
        sign=1,
        extent=_FULL,
        termed=True,
        undoes_defence=True,
    ),
    Rule("7", _PROMISES, RAISE_TO_STOPPED, NO_CHANGE, sign=1, extent=_FULL, undoes_defence=True),
    Rule("8", _PROMISES, RAISE_TO_LIMITED, NO_CHANGE, sign=1, extent=_PART, undoes_defence=True),
    Rule("9, full", _UPHOLDS, RAISE_TO_STOPPED, NO_CHANGE, sign=1, extent=_FULL),
    Rule("9, part", _UPHOLDS, RAISE_TO_LIMITED, NO_CHANGE, sign=1, extent=_PART),
    Rule("10, full", _COMPLIES, NO_CHANGE, RAISE_TO_STOPPED, sign=1, extent=_FULL),
    Rule("10, part", _COMPLIES, NO_CHANGE, RAISE_TO_LIMITED, sign=1, extent=_PART),
    Rule("11", _COMPLIES, NO_CHANGE, NO_CHANGE, sign=0),
    Rule("12", _COMPLIES, NO_CHANGE, GO_ON, sign=-1),
    Rule("13", _DENIES, DENY, NO_CHANGE),
    Rule("14", _DEFENDS, DEFEND, DEFEND_BY_DEED, sign=-1, proposes_contradiction=True),
    Rule(
        "17, -1",
        _LAUNCHES,
        NO_CHANGE,
        DO_SOME,
        sign=-1,
        outside=True,
        minor=True,
        proposes_contradiction=True,
    ),
    Rule(
        "17, -2 or -3",
        _LAUNCHES,
        NO_CHANGE,
        GO_ON,
        sign=-1,
        outside=True,
        proposes_contradiction=True,
    ),
    Rule("15", _LAUNCHES, DO_SOME, DO_SOME, sign=-1, minor=True),
    Rule("16", _LAUNCHES, GO_ON, GO_ON, sign=-1),
    Rule("18, -1", _POLICY, DO_SOME, NO_CHANGE, sign=-1, minor=True),
    Rule("18, -2 or -3", _POLICY, GO_ON, NO_CHANGE, sign=-1),
    Rule(
        "22, full, protection",
        _WALKS_BACK,
        NO_CHANGE,
        _set_to(EXPANDS),
        sign=-1,
        extent=_FULL,
        kind=_PROTECTION,
        compelled=True,
    ),
    Rule(
        "22, full",
        _WALKS_BACK,
        NO_CHANGE,
        _set_to(CONTINUES),
        sign=-1,
        extent=_FULL,
        compelled=True,
    ),
    Rule(
        "22, part",
        _WALKS_BACK,
        NO_CHANGE,
        _set_to(LIMITED),
        sign=-1,
        extent=_PART,
        compelled=True,
    ),
    Rule(
        "21, full, protection",
        _WALKS_BACK,
        _set_to(EXPANDS),
        _set_to(EXPANDS),
        sign=-1,
        extent=_FULL,
        kind=_PROTECTION,
        tracks=_BY_DEED,
    ),
    Rule(
        "21, part, protection",
        _WALKS_BACK,
        _set_to(LIMITED),
        _set_to(LIMITED),
        sign=-1,
        extent=_PART,
        kind=_PROTECTION,
        tracks=_BY_DEED,
    ),
    Rule(
        "21",
        _WALKS_BACK,
        _set_to(CONTINUES),
        _set_to(CONTINUES),
        sign=-1,
        tracks=_BY_DEED,
    ),
    Rule("20", _WALKS_BACK, _set_to(LIMITED), NO_CHANGE, sign=-1, extent=_PART),
    Rule(
        "19, protection",
        _WALKS_BACK,
        _set_to(EXPANDS),
        NO_CHANGE,
        sign=-1,
        extent=_FULL,
        kind=_PROTECTION,
    ),
    Rule("19", _WALKS_BACK, _set_to(UNCLEAR), NO_CHANGE, sign=-1, extent=_FULL),
    Rule("23", _LIMITS | _PAUSES, WEAKEN, NO_CHANGE, sign=-1),
    Rule("A.1, opposes", _OPPOSES, REFUSE, NO_CHANGE, sign=-1, kind=_PROTECTION),
    Rule("A.1, supports", _BACKS, PROMISE_IN_PART, NO_CHANGE, sign=1, kind=_PROTECTION),
)
"""The first row whose conditions are met holds; none met is row 24: no change."""

_BY_ACT = {act: tuple(rule for rule in TABLE if act in rule.acts) for act in Act}


def rule_for(stance: Stance, direction: int | None, kind: TopicKind) -> Rule | None:
    """Return the row of the table for a stance on a topic, or None (row 24: no change).

    ``direction`` is the one that the stance carries for this topic.
    """
    rules = _BY_ACT.get(stance.act, ())
    return next((rule for rule in rules if _holds(rule, stance, direction, kind)), None)


def extent_of(stance: Stance, direction: int | None) -> Extent:
    """Return the extent; when missing, a direction of 3 or -3 is full, else part (A.2)."""
    if stance.extent is not None:
        return stance.extent
    return Extent.FULL if direction is not None and abs(direction) == 3 else Extent.PART


def term_of(stance: Stance) -> str | None:
    """Return the term: None is durable; a pause without one is open (A.2)."""
    if stance.term is None and stance.act is Act.PAUSES:
        return "open"
    return stance.term


def is_compelled(stance: Stance) -> bool:
    """Tell whether an order, settlement, sanction or state request set the act off (A.2)."""
    return stance.act is Act.COMPLIES or stance.trigger in COMPELLED


def sign_of(direction: int | None) -> int | None:
    """Return -1, 0 or 1, or None where the direction is unknown."""
    return None if direction is None else (direction > 0) - (direction < 0)


def _holds(rule: Rule, stance: Stance, direction: int | None, kind: TopicKind) -> bool:
    return (
        (rule.sign is None or rule.sign == sign_of(direction))
        and (rule.extent is None or rule.extent is extent_of(stance, direction))
        and (rule.kind is None or rule.kind is kind)
        and (not rule.tracks or stance.track in rule.tracks)
        and _circumstances_hold(rule, stance, direction)
    )


def _circumstances_hold(rule: Rule, stance: Stance, direction: int | None) -> bool:
    return (
        (not rule.compelled or is_compelled(stance))
        and (not rule.outside or stance.authority in OUTSIDE)
        and (not rule.termed or stance.term is not None)
        and (not rule.minor or direction == -1)
    )
