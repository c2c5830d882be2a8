"""Write the mails: headers, a plain text part, an HTML part with the same content."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.domain import alerting
from tracker.domain.alerting import Move, StanceNews
from tracker.domain.codes import AlertKind, PositionWord, ReactionKind
from tracker.domain.model import AlertToSend, Reason
from tracker.domain.ports import Clock

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

UP = frozenset({ReactionKind.WELCOMES, ReactionKind.SUPPORTS_PEER, ReactionKind.FOLLOWS})
URGE = frozenset({ReactionKind.WELCOMES_INSUFFICIENT, ReactionKind.DEMANDS})
NO_SIDE = frozenset({ReactionKind.NEUTRAL, ReactionKind.REPORTS, ReactionKind.COMMITS_SELF})

CONFIRM_SUBJECT = "Please confirm your Stance Tracker alerts"
VERBATIM = frozenset({"list-unsubscribe"})
LINE = 72
"""Columns of the plain text part."""


class LetterPolicy(EmailPolicy):
    """Keeps an address in a header in one piece, however long: software has to read it."""

    def fold(self, name: str, value: Any) -> str:
        """See EmailPolicy."""
        if name.lower() in VERBATIM:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """See EmailPolicy."""
        if name.lower() in VERBATIM:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


POLICY = LetterPolicy(linesep=SMTP.linesep, max_line_length=78)


@dataclass(frozen=True)
class Letters:
    """Turns alerts into messages.

    ``sender`` is one address, with or without a name; ``base_url`` is where people reach the
    pages, without a slash at its end; ``templates`` the folder that holds email/.
    """

    sender: str
    base_url: str
    templates: Path
    now: Clock

    @property
    def return_path(self) -> str:
        """The bare address that failures are reported to."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """The right side of our address."""
        return self.return_path.rpartition("@")[2]

    def write(self, alert: AlertToSend) -> EmailMessage:
        """The message for one recipient. Raises KeyError or ValueError on a damaged payload."""
        if alert.kind is AlertKind.CONFIRMATION:
            return self._message(alert, CONFIRM_SUBJECT, "confirm", {"link": self._confirm(alert)})
        news = [StanceNews.from_json(one.payload) for one in (alert, *alert.also)]
        if len(news) == 1:
            return self._message(alert, alerting.subject(news[0]), "news", {"news": news[0]})
        return self._message(alert, alerting.subject_of_several(news), "several", {"all": news})

    def _message(
        self, alert: AlertToSend, subject: str, template: str, content: Mapping[str, Any]
    ) -> EmailMessage:
        reasons = _distinct([*alert.reasons, *(r for one in alert.also for r in one.reasons)])
        context = {
            **content,
            "subject": subject,
            "base": self.base_url,
            "reasons": reasons,
            "token": alert.token,
        }
        message = EmailMessage(policy=POLICY)
        for name, value in self._headers(alert, subject):
            message[name] = value
        text = self._templates.get_template(f"email/{template}.txt").render(context)
        html = self._templates.get_template(f"email/{template}.html").render(context)
        message.set_content(text.strip() + "\n", cte="quoted-printable")
        message.add_alternative(_inlined(html), subtype="html", cte="quoted-printable")
        return message

    def _headers(self, alert: AlertToSend, subject: str) -> Iterable[tuple[str, Any]]:
        """RFC 5322, 2369, 2919, 3834 and 8058."""
        name = parseaddr(self.sender)[0]
        yield "From", Address(_flat(name), addr_spec=self.return_path)
        yield "To", Address(addr_spec=alert.address)
        yield "Subject", _flat(subject)
        yield "Date", format_datetime(self.now())
        yield "Message-ID", alert.message_id
        yield "List-Id", f"Stance alerts <alerts.{self.domain}>"
        yield "List-Unsubscribe", f"<{self.base_url}/u/{alert.token}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
        yield "Auto-Submitted", "auto-generated"
        yield "Feedback-ID", f"{alert.kind.value}:alerts:stance-tracker"

    def _confirm(self, alert: AlertToSend) -> str:
        return f"{self.base_url}/s/{alert.payload['token']}"

    @cached_property
    def _templates(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "day": _day,
            "flat": _flat,
            "glyph": GLYPHS.__getitem__,
            "mark": _mark,
            "underlined": lambda text: f"{text}\n{'-' * len(text)}",
            "wrapped": _wrapped,
        }
        environment.globals |= {
            "kicker": _kicker,
            "moves_of": _moves,
            "outside": _outside,
            "subject_of": alerting.subject,
            "speaker": _speaker,
            "standing": _standing,
        }
        return environment


def _distinct(reasons: Iterable[Reason]) -> list[Reason]:
    return list({reason.token: reason for reason in reasons}.values())


def _flat(text: str) -> str:
    """One line of printable characters: foreign text cannot start a header or a new paragraph."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _wrapped(text: str, indent: int = 0) -> str:
    margin = " " * indent
    return textwrap.fill(
        _flat(text),
        LINE,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _kicker(news: StanceNews) -> str:
    what = "New stance" if news.change in alerting.NEW_STANCES else "Stance change"
    return " · ".join((f"{what}: {alerting.act_words(news.act)}", news.topic, _day(news)))


def _moves(news: StanceNews) -> list[Move]:
    """What is worth showing: a track on which nothing was ever said is left out."""
    return [move for move in news.moves if {move.before, move.after} != {PositionWord.NO_STATEMENT}]


def _day(news: StanceNews) -> str:
    """A date as exactly as it is known."""
    date = news.date
    if news.precision == "year":
        return str(date.year)
    if news.precision == "quarter":
        return f"Q{(date.month - 1) // 3 + 1} {date.year}"
    if news.precision == "month":
        return f"{date:%b %Y}"
    return f"{date.day} {date:%b %Y}"


def _standing(news: StanceNews) -> str:
    """How well this is attested, in one sentence (codebook section 8)."""
    if news.checked_at is not None:
        return f"{news.level.value.capitalize()}, checked by a person."
    return f"{news.level.value.capitalize()}, not yet checked by a person."


def _speaker(news: StanceNews) -> str:
    """Who is quoted, and where it stands."""
    who = ", ".join(filter(None, (news.speaker, news.speaker_role)))
    via = f"via {news.source_host}" if news.source_host else ""
    return ", ".join(filter(None, (who, via))) or "source"


def _mark(kind: ReactionKind) -> str:
    """▲ welcomes, ◆ urges more, ▼ criticises or sues, ○ takes no side (ux.md)."""
    if kind in UP:
        return "▲"
    if kind in URGE:
        return "◆"
    return "○" if kind in NO_SIDE else "▼"


def _outside(url: str | None) -> str | None:
    """An address that may stand in a link: http or https, with a host, without spaces."""
    if not url or re.search(r"[\s<>\"']", url):
        return None
    parts = urlsplit(url)
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def _inlined(html: str) -> str:
    """Styles moved onto the elements; what only a browser with dark mode reads stays on top."""
    return css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False)
