"""How records are made, what the words mean, and the table that makes positions."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.domain.codes import Act, PositionWord, TopicKind
from tracker.domain.position_rules import RULES, conditions_in_words
from tracker.domain.position_table import MEANINGS, RANK, TABLE, Rule
from tracker.store import facts
from tracker.store.views import installation, lookup
from tracker.store.views.installation import Program
from tracker.store.views.records import TopicRef
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add


@dataclass(frozen=True, slots=True)
class WordLine:
    """A position word with its names and its meaning."""

    word: str
    rank: int | None
    practice: str
    protection: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A row of the position table in words."""

    row: str
    acts: str
    when: str
    says: str
    does: str


@dataclass(frozen=True, slots=True)
class Method:
    """What the page explains."""

    words: tuple[WordLine, ...]
    rules: tuple[RuleLine, ...]
    topics: tuple[TopicRef, ...]
    acts: tuple[tuple[str, str], ...]
    principles: tuple[tuple[str, str], ...]
    history: str | None
    position_rules: str | None
    programs: tuple[Program, ...]


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("method", __name__)
    add(pages, app, "/method", method, "json")
    return pages


def method(app: Parts) -> Page:
    """The method, generated from the rules that the program itself follows."""
    with app.database.reading() as session:
        topics = tuple(lookup.topics(session).values())
        history = (facts.fact(session, "starter_data") or "").partition("+")[0] or None
        position_rules = facts.fact(session, "position_rules")
        programs = tuple(installation.programs(session))
    data = Method(
        words=tuple(_word(word) for word in PositionWord),
        rules=tuple(_rule(rule) for rule in TABLE),
        topics=topics,
        acts=tuple((act.value, wording.act(act)) for act in Act),
        principles=tuple((name, _(text)) for name, text in RULES),
        history=history,
        position_rules=position_rules,
        programs=programs,
    )
    groups: dict[str, list[TopicRef]] = {}
    for topic in topics:
        groups.setdefault(topic.group, []).append(topic)
    return Page("method.html", _("Method"), data, {"view": data, "groups": groups})


def _word(word: PositionWord) -> WordLine:
    return WordLine(
        word=word.value,
        rank=None if word is PositionWord.NO_STATEMENT else RANK[word],
        practice=wording.position(word, TopicKind.PRACTICE),
        protection=_protection(word),
        meaning=_(MEANINGS[word]),
    )


def _protection(word: PositionWord) -> str:
    """The words of a protection: in force, and pledged where the company has only said so."""
    words = (wording.position(word, TopicKind.PROTECTION, only_said) for only_said in (False, True))
    return _(" or ").join(dict.fromkeys(words))


def _rule(rule: Rule) -> RuleLine:
    return RuleLine(
        row=rule.row,
        acts=", ".join(sorted(wording.act(act) for act in rule.acts)),
        when=_parts(conditions_in_words(rule)),
        says=_(rule.says.text),
        does=_(rule.does.text),
    )


def _parts(conditions: str) -> str:
    return ", ".join(_(one) for one in conditions.split(", "))
