"""The phrases of a mail in one language: dates, kickers, who is quoted, how well it is attested."""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Day
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from tracker.domain import subjects
from tracker.domain.codes import (
    AlertKind,
    ChangeKind,
    CorrectionKind,
    Level,
    PositionWord,
    Precision,
    ReactionKind,
    Track,
)
from tracker.domain.model import Reason
from tracker.domain.news import CorrectionNews, Move, News, RecordNews, StanceNews
from tracker.domain.subjects import act_words
from tracker.notifiers.languages import translator

GLYPHS: Mapping[PositionWord, str] = {
    PositionWord.STOPPED: "■",
    PositionWord.PAUSED: "‖",
    PositionWord.LIMITED: "◐",
    PositionWord.UNCLEAR: "≈",
    PositionWord.CONTINUES: "▶",
    PositionWord.EXPANDS: "»",
    PositionWord.NO_STATEMENT: "○",
}
"""The marks of the positions (ux.md, design language)."""

UNBROKEN = "\N{NO-BREAK SPACE}"
"""Between the parts of a day, which so stays on one line."""

UP = frozenset({ReactionKind.WELCOMES, ReactionKind.SUPPORTS_PEER, ReactionKind.FOLLOWS})
URGE = frozenset({ReactionKind.WELCOMES_INSUFFICIENT, ReactionKind.DEMANDS})
NO_SIDE = frozenset({ReactionKind.NEUTRAL, ReactionKind.REPORTS, ReactionKind.COMMITS_SELF})

DAYS: Mapping[str, str] = {"en": "d MMM y", "de": "d. MMM y"}
"""How a day is written in each language."""

LINE = 72
"""Columns of the plain text part."""

BY_TOPIC = (
    (AlertKind.STANCE, AlertKind.CHANGE),
    (AlertKind.REACTION,),
    (AlertKind.CALL, AlertKind.ANSWER, AlertKind.DEADLINE, AlertKind.SILENCE, AlertKind.OVERDUE),
)
"""In which order a gathered mail tells what happened on a topic."""


class Phrases:
    """What templates say, in one language and with the times of one zone (IANA)."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        self.language = language
        self.zone = zone
        self._ = _ = translator(language).gettext
        self.levels = {
            Level.CONFIRMED: _("Confirmed"),
            Level.REPORTED: _("Reported"),
            Level.UNCONFIRMED: _("Unconfirmed"),
            Level.DISPUTED: _("Disputed"),
            Level.RETRACTED: _("Retracted"),
        }
        self.tracks = {Track.SAYS: _("Says"), Track.DOES: _("Does")}

    def subject(self, news: News) -> str:
        """What changed, in one line."""
        return subjects.subject(news, self._, self.due).replace(UNBROKEN, " ")

    def headline(self, news: StanceNews | RecordNews) -> str:
        """What stands first: our line on the record, or what changed where that says more."""
        own = isinstance(news, StanceNews) or news.kind is AlertKind.REACTION
        return news.summary if own else self.subject(news)

    def dates(self, news: News) -> list[str]:
        """What there is to say of days to come, or of none that came; sentences."""
        if not isinstance(news, RecordNews):
            return []
        said = []
        if news.due:
            said.append(self._date_form(news).format(day=self.due(news.due)))
        if news.looked_at:
            found = self._("No answer found in {n} sources, last checked on {day}.")
            said.append(found.format(n=news.sources, day=self.due(news.looked_at.date())))
        return said

    def _date_form(self, news: RecordNews) -> str:
        if news.kind is AlertKind.OVERDUE:
            return self._("Overdue since {day}.")
        if news.what == "pause ends":
            return self._("The pause ends on {day}.")
        return self._("The deadline is {day}.")

    def kicker(self, news: News) -> str:
        """What kind of news it is, on what, of which day."""
        if isinstance(news, StanceNews):
            parts = [self._kind_of_stance(news), self._(news.topic), self.day(news)]
        elif isinstance(news, CorrectionNews):
            parts = [self._kind_of_correction(news), self._topic(news)]
        else:
            parts = [self._kind_of_record(news), self._topic(news), self.day(news)]
        return " · ".join(filter(None, parts))

    def standing(self, news: StanceNews | RecordNews) -> str:
        """How well this is attested, in one sentence (codebook section 8)."""
        if news.level is None:
            return ""
        level = self.levels[news.level]
        if news.checked_at is not None:
            return self._("{level}, checked by a person.").format(level=level)
        return self._("{level}, not yet checked by a person.").format(level=level)

    def speaker(self, news: StanceNews | RecordNews) -> str:
        """Who is quoted, and where it stands."""
        who = ", ".join(filter(None, (news.speaker, news.speaker_role)))
        via = self._("via {host}").format(host=news.source_host) if news.source_host else ""
        return ", ".join(filter(None, (who, via))) or self._("source")

    def day(self, news: StanceNews | RecordNews) -> str:
        """A date as exactly as it is known."""
        return self._dated(news.date, news.precision) if news.date else ""

    def due(self, day: Day) -> str:
        """A day to come."""
        return self._dated(day, Precision.DAY)

    def moment(self, moment: datetime) -> str:
        """A moment in the reader's zone."""
        here = moment.astimezone(ZoneInfo(self.zone))
        day = DAYS.get(self.language, DAYS["en"])
        shown = format_datetime(here, day, locale=self.language).replace(" ", UNBROKEN)
        return f"{shown}, {here:%H:%M}{UNBROKEN}{here.tzname()}"

    def found(self, news: News) -> str:
        """Where and when it was found, and whether a person has checked it; a sentence or none."""
        if isinstance(news, CorrectionNews) or not (news.found_in and news.found_at):
            return ""
        found = self._("Found by “{source}” on {moment}").format(
            source=flat(news.found_in), moment=self.moment(news.found_at)
        )
        if news.checked_at is None:
            return f"{found}."
        checked = self._("checked by a person on {moment}")
        return f"{found}, {checked.format(moment=self.moment(news.checked_at))}."

    def why(self, reasons: Sequence[Reason]) -> str:
        """Why this mail was sent, in one sentence."""
        wishes = [f"“{one.wish}”" if ";" in one.wish else one.wish for one in reasons]
        if not wishes:
            return self._("Why you got this: you asked for these alerts.")
        listed = self._(" and ").join(filter(None, (", ".join(wishes[:-1]), wishes[-1])))
        return self._("Why you got this: you follow {wishes}.").format(wishes=listed)

    def wrong(self, news: CorrectionNews) -> str:
        """What became of what was told, in one sentence."""
        said = {
            CorrectionKind.WITHDRAWN: self._("We have withdrawn this record: it was wrong."),
            CorrectionKind.AMENDED: self._("We have corrected this record."),
            CorrectionKind.CHANGED: self._("The page no longer has the sentence we quoted to you."),
            CorrectionKind.VANISHED: self._("The sentence we quoted to you is gone from its page."),
        }
        return said[news.correction]

    def groups(self, mails: Iterable[tuple[AlertKind, News]]) -> list[tuple[str, list[News]]]:
        """News by topic, in each changes first, then reactions, then the rest."""
        topics: dict[str, list[tuple[int, News]]] = {}
        for kind, news in mails:
            place = next((n for n, kinds in enumerate(BY_TOPIC) if kind in kinds), len(BY_TOPIC))
            topics.setdefault(self._topic(news) or self._("Other"), []).append((place, news))
        return [
            (topic, [news for _, news in sorted(items, key=lambda item: item[0])])
            for topic, items in sorted(topics.items())
        ]

    def _topic(self, news: News) -> str:
        """Of the empty text a catalogue makes its own header."""
        return self._(news.topic) if news.topic else ""

    def _dated(self, date: Day, precision: Precision) -> str:
        patterns = {
            Precision.YEAR: "y",
            Precision.QUARTER: "QQQ y",
            Precision.MONTH: "MMM y",
        }
        day = DAYS.get(self.language, DAYS["en"])
        shown = format_date(date, patterns.get(precision, day), locale=self.language)
        return shown.replace(" ", UNBROKEN)

    def _kind_of_stance(self, news: StanceNews) -> str:
        is_new = news.change in subjects.NEW_STANCES
        what = self._("New stance") if is_new else self._("Stance change")
        of_old = self._(" (an earlier protection not in this ledger)") if _takes_back(news) else ""
        return f"{what}: {self._(act_words(news.act))}{of_old}"

    def _kind_of_correction(self, news: CorrectionNews) -> str:
        if news.correction is CorrectionKind.WITHDRAWN:
            return self._("Withdrawn")
        return self._("Correction")

    def _kind_of_record(self, news: RecordNews) -> str:
        kinds = {
            AlertKind.REACTION: self._("Reaction"),
            AlertKind.CALL: self._("Call"),
            AlertKind.ANSWER: self._("Answer to a call"),
            AlertKind.DEADLINE: self._("Coming up"),
            AlertKind.SILENCE: self._("No answer found"),
            AlertKind.OVERDUE: self._("Overdue"),
        }
        if not news.what or news.kind in (AlertKind.SILENCE, AlertKind.OVERDUE):
            return kinds[news.kind]
        return f"{kinds[news.kind]}: {self._(act_words(news.what))}"


def _takes_back(news: StanceNews) -> bool:
    """Whether it withdraws what is not on record (ledger R8)."""
    unknown = all(move.before is PositionWord.NO_STATEMENT for move in news.moves)
    return news.change is ChangeKind.REVERSED and unknown


def flat(text: str) -> str:
    """One line of printable characters: foreign text cannot start a header or a new paragraph."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def wrapped(text: str, indent: int = 0) -> str:
    """Lines that fit a plain text mail."""
    margin = " " * indent
    return textwrap.fill(
        UNBROKEN.join(map(flat, text.split(UNBROKEN))),
        LINE,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def moves_of(news: News) -> list[Move]:
    """What is worth showing: a track on which nothing was ever said is left out."""
    if not isinstance(news, StanceNews):
        return []
    return [move for move in news.moves if {move.before, move.after} != {PositionWord.NO_STATEMENT}]


def mark(kind: ReactionKind) -> str:
    """▲ welcomes, ◆ urges more, ▼ criticises or sues, ○ takes no side (ux.md)."""
    if kind in UP:
        return "▲"
    if kind in URGE:
        return "◆"
    return "○" if kind in NO_SIDE else "▼"


def outside(url: str | None) -> str | None:
    """An address that may stand in a link: http or https, with a host, without spaces."""
    if not url or re.search(r"[\s<>\"']", url):
        return None
    parts = urlsplit(url)
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
