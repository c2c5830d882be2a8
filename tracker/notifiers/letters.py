"""Write the mails: headers, a plain text part, an HTML part with the same content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.domain import subjects
from tracker.domain.codes import AlertKind, Pace
from tracker.domain.model import AlertToSend, Reason
from tracker.domain.news import CorrectionNews, News, read
from tracker.domain.ports import Clock
from tracker.notifiers import phrases
from tracker.notifiers.languages import translator
from tracker.notifiers.phrases import Phrases

VERBATIM = frozenset({"list-unsubscribe", "in-reply-to", "references"})


MOST_TOLD = 60
"""Of more in one mail the rest is counted, and stands on the reader's own page: some mail programs
cut a mail of more than 100 kB.
"""


class LetterPolicy(EmailPolicy):
    """Keeps an address in a header in one piece, however long: software has to read it.

    A subject begins in the line that names it: what stands there alone is shown as no subject, or
    with a blank before it.
    """

    def fold(self, name: str, value: Any) -> str:
        """See EmailPolicy."""
        if name.lower() in VERBATIM:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            return f"{name}: {_in_lines(name, str(value), self.linesep)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """See EmailPolicy."""
        if name.lower() in (*VERBATIM, "subject"):
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


def _in_lines(name: str, text: str, linesep: str) -> str:
    """RFC 5322 2.2.3 and RFC 2047."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    header = Header(text, charset, maxlinelen=76, header_name=name)
    return header.encode(splitchars=" ", linesep=linesep)


POLICY = LetterPolicy(linesep=SMTP.linesep, max_line_length=78)


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says: its subject, the template that says it, and what the template shows."""

    subject: str
    template: str
    shown: Mapping[str, Any]


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
        said = Phrases(alert.language, alert.zone)
        content = self._content(alert, said)
        each = (reason for one in (alert, *alert.also) for reason in one.reasons)
        reasons = [_in_tongue(one, said) for one in _distinct(each)]
        context = {
            **content.shown,
            "subject": content.subject,
            "base": self.base_url,
            "reasons": reasons,
            "token": alert.token,
            "said": said,
        }
        message = EmailMessage(policy=POLICY)
        for name, value in self._headers(alert, content.subject):
            message[name] = value
        templates = _environment(self.templates, alert.language)
        text = templates.get_template(f"email/{content.template}.txt").render(context)
        html = templates.get_template(f"email/{content.template}.html").render(context)
        message.set_content(text.strip() + "\n", cte="quoted-printable")
        message.add_alternative(_inlined(html), subtype="html", cte="quoted-printable")
        return message

    def _content(self, alert: AlertToSend, said: Phrases) -> Content:
        _ = said._
        if alert.kind is AlertKind.CONFIRMATION:
            link = f"{self.base_url}/s/{alert.payload['token']}"
            return Content(
                _("Please confirm your Stance Tracker alerts"), "confirm", {"link": link}
            )
        if alert.kind is AlertKind.MOVE:
            link = f"{self.base_url}/s/move/{alert.payload['token']}"
            return Content(_("Please confirm your new address"), "move", {"link": link})
        together = (alert, *alert.also)
        news = [(one.kind, read(one.kind, one.payload)) for one in together]
        if alert.pace is not Pace.AT_ONCE:
            return _gathered(news, said)
        if len(news) > 1:
            all_ = [one for _kind, one in news]
            shown = {"all": all_[:MOST_TOLD], "more": len(all_[MOST_TOLD:])}
            return Content(subjects.subject_of_several(all_, _), "several", shown)
        (_kind, one) = news[0]
        template = "correction" if isinstance(one, CorrectionNews) else "news"
        return Content(said.subject(one), template, {"news": one})

    def _headers(self, alert: AlertToSend, subject: str) -> Iterable[tuple[str, Any]]:
        """RFC 5322, 2369, 2919, 3834 and 8058."""
        name = parseaddr(self.sender)[0]
        yield "From", Address(phrases.flat(name), addr_spec=self.return_path)
        yield "To", Address(addr_spec=alert.address)
        yield "Subject", phrases.flat(subject)
        yield "Date", format_datetime(self.now())
        yield "Message-ID", alert.message_id
        if alert.replies_to:
            yield "In-Reply-To", alert.replies_to
            yield "References", alert.replies_to
        yield "List-Id", f"Stance alerts <alerts.{self.domain}>"
        yield "List-Unsubscribe", f"<{self.base_url}/u/{alert.token}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
        yield "Auto-Submitted", "auto-generated"
        yield "Feedback-ID", f"{alert.kind.value}:alerts:stance-tracker"


def _gathered(news: list[tuple[AlertKind, News]], said: Phrases) -> Content:
    """A digest: what is known first, then what nobody has checked yet."""
    known = [(kind, one) for kind, one in news if kind is not AlertKind.AWAITING]
    awaiting = [one for kind, one in news if kind is AlertKind.AWAITING]
    if known:
        subject = subjects.subject_of_digest([one for _, one in known], said._, said.due)
    else:
        subject = subjects.subject_awaiting(awaiting, said._)
    left = MOST_TOLD - len(known[:MOST_TOLD])
    shown = {
        "groups": said.groups(known[:MOST_TOLD]),
        "awaiting": awaiting[:left],
        "more": len(known[MOST_TOLD:]) + len(awaiting[left:]),
    }
    return Content(subject, "digest", shown)


@cache
def _environment(templates: Path, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    texts = translator(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext, texts.ngettext, newstyle=True
    )
    environment.filters |= {
        "flat": phrases.flat,
        "glyph": phrases.GLYPHS.__getitem__,
        "mark": phrases.mark,
        "begun": lambda text: text[:1].upper() + text[1:],
        "underlined": lambda text: f"{text}\n{'-' * len(text)}",
        "wrapped": phrases.wrapped,
    }
    environment.globals |= {
        "language": language,
        "moves_of": phrases.moves_of,
        "outside": phrases.outside,
    }
    return environment


def _in_tongue(reason: Reason, said: Phrases) -> Reason:
    """A reason with its wish in the language of the mail."""
    return replace(reason, wish=reason.in_tongue(said._)) if reason.in_tongue else reason


def _distinct(reasons: Iterable[Reason]) -> list[Reason]:
    return list({reason.token: reason for reason in reasons}.values())


def _inlined(html: str) -> str:
    """Styles moved onto the elements; what only a browser with dark mode reads stays on top."""
    return css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False)
