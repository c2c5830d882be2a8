"""The subject of a mail: what changed, in one line (ux.md, "Mail")."""

from collections.abc import Callable, Sequence
from datetime import date as Day

from tracker.domain.codes import Act, AlertKind, ChangeKind, CorrectionKind, Level, Track
from tracker.domain.news import CorrectionNews, Move, News, RecordNews, StanceNews

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SUBJECT_LIMIT = 200
"""Code points of a subject; longer ones are cut between words."""

NEW_STANCES = frozenset({ChangeKind.FIRST, ChangeKind.RECORDED})

Say = Callable[[str], str]
"""Gives a text of ours in the reader's language."""

Dated = Callable[[Day], str]
"""Writes a day as the reader's language does."""


def as_written(text: str) -> str:
    """Every text as it stands in the program: English."""
    return text


def in_english(day: Day) -> str:
    """A day as it is written in English: 8 Jun 2020."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def subject(news: News, _: Say = as_written, dated: Dated = in_english) -> str:
    """What changed, in one line; what is not confirmed says so."""
    if isinstance(news, StanceNews):
        return _one_line(_of_stance(news, _))
    if isinstance(news, CorrectionNews):
        return _one_line(_of_correction(news, _))
    return _one_line(_of_record(news, _, dated))


def subject_of_several(news: Sequence[News], _: Say = as_written) -> str:
    """The subject of a mail with a line for each change."""
    return _listing(_("{n} changes: {list}"), news, _)


def subject_of_digest(news: Sequence[News], _: Say = as_written, dated: Dated = in_english) -> str:
    """The subject of a gathered mail."""
    if len(news) == 1:
        return _one_line(f"{_('Your digest')}: {subject(news[0], _, dated)}")
    return _listing(_("Your digest, {n} items: {list}"), news, _)


def subject_awaiting(news: Sequence[News], _: Say = as_written) -> str:
    """The subject of a gathered mail with nothing but what nobody has checked yet."""
    return _listing(_("Not yet checked, {n} items: {list}"), news, _)


def act_words(act: Act | str) -> str:
    """An act, or another code, as people read it."""
    return act.replace("_", " ")


def _listing(form: str, news: Sequence[News], _: Say) -> str:
    whom = list(dict.fromkeys(_about(one, _) for one in news))
    shown = ", ".join(whom[:3])
    if len(whom) > 3:
        shown = _("{list} and {n} more").format(list=shown, n=len(whom) - 3)
    return _one_line(form.format(n=len(news), list=shown))


def _of_stance(news: StanceNews, _: Say) -> str:
    about = _about(news, _)
    shifted = [move for move in news.moves if move.before is not move.after]
    words = {
        Level.REPORTED: _("reported"),
        Level.UNCONFIRMED: _("unconfirmed"),
        Level.DISPUTED: _("disputed"),
        Level.RETRACTED: _("retracted"),
    }
    mark = f" ({words[news.level]})" if news.level in words else ""
    if news.change in NEW_STANCES or not shifted:
        return f"{about}: {_(act_words(news.act))}{mark}"
    return f"{about} {_moved(shifted, _)}{mark}"


def _of_correction(news: CorrectionNews, _: Say) -> str:
    if news.correction is CorrectionKind.WITHDRAWN:
        return _("Withdrawn: {told}").format(told=news.told)
    return _("Correction: {told}").format(told=news.told)


def _of_record(news: RecordNews, _: Say, dated: Dated) -> str:
    about, actor = _about(news, _), news.actor or _("somebody")
    what = _(act_words(news.what)) if news.what else ""
    forms = {
        AlertKind.REACTION: _("{actor} {what}: {about}"),
        AlertKind.CALL: _("{actor} calls on {about}"),
        AlertKind.ANSWER: _("{about}, asked by {actor}: {what}"),
        AlertKind.DEADLINE: _("{about}: {what} on {due}"),
        AlertKind.SILENCE: _("{about}: no answer found to {actor} after {days} days"),
        AlertKind.OVERDUE: _("{about}: {what} since {due}"),
    }
    form = forms[news.kind]
    due = dated(news.due) if news.due else ""
    return form.format(about=about, actor=actor, what=what, due=due, days=news.days)


def _about(news: News, _: Say) -> str:
    who = news.company
    if isinstance(news, StanceNews) and news.brand and news.brand != news.company:
        who = f"{news.brand} ({news.company})"
    if not news.topic:
        return who
    return _("{who} on {topic}").format(who=who, topic=inside(news.topic, _))


def inside(topic: str, _: Say = as_written) -> str:
    """A topic's name inside a sentence; abbreviations such as AI, and German nouns, stay."""
    said = _(topic)
    return said[:1].lower() + said[1:] if said == topic and said[1:2].islower() else said


def _moved(moves: Sequence[Move], _: Say) -> str:
    steps = {(move.before_word, move.after_word) for move in moves}
    if len(moves) > 1 and len(steps) == 1:
        return f"({_('says and does')}): {_step(moves[0], _)}"
    words = {Track.SAYS: _("says"), Track.DOES: _("does")}
    return "; ".join(f"({words[move.track]}): {_step(move, _)}" for move in moves)


def _step(move: Move, _: Say) -> str:
    return f"{_(move.before_word)} → {_(move.after_word)}"


def _one_line(text: str) -> str:
    """No control characters, no line breaks: a subject must not start another header."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(flat) <= SUBJECT_LIMIT:
        return flat
    return flat[: SUBJECT_LIMIT - 1].rsplit(" ", 1)[0] + "…"
