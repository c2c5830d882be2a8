"""Every kind of mail against the grammar of RFC 5322, 2369, 2919, 3834 and 8058, as bytes."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from tests.mail.conftest import BASE, news
from tests.mail.test_letters import SPLIT, alert, confirmation, parsed, part
from tracker.domain.codes import AlertKind, CorrectionKind, Pace
from tracker.domain.filters import Filters
from tracker.domain.model import AlertToSend, Reason
from tracker.domain.news import CorrectionNews
from tracker.domain.wish_words import in_words
from tracker.domain.wishes import Occasion, Wish
from tracker.notifiers.letters import MOST_TOLD, POLICY, Letters

ONCE = ("date", "from", "to", "message-id", "subject", "list-id", "list-unsubscribe")
ONCE = (*ONCE, "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+"


def correction() -> AlertToSend:
    told = CorrectionNews(
        correction=CorrectionKind.WITHDRAWN,
        noticed_at=datetime(2020, 6, 9, 20, tzinfo=UTC),
        told="IBM on facial recognition",
        company="IBM",
        topic="Facial recognition",
        summary="IBM leaves",
        path="/e/ibm-1",
        source_url=None,
        was=None,
        now=None,
        why="It was another firm.",
    )
    kind = AlertKind.CORRECTION
    return alert(news(), kind=kind, payload=told.to_json(), replies_to="<first@tracker.example>")


def digest(number: int, **changed: object) -> AlertToSend:
    many = [news(f"x-{one}", f"Firma Ü{one}") for one in range(number)]
    return alert(*many, pace=Pace.WEEKLY, **changed)


EVERY = {
    "news": lambda: alert(news()),
    "change": lambda: alert(SPLIT),
    "several": lambda: alert(SPLIT, news(), news("2", "Amazon")),
    "confirmation": confirmation,
    "correction": correction,
    "digest": lambda: digest(3),
    "German": lambda: digest(2, language="de", zone="Europe/Berlin"),
    "large": lambda: digest(MOST_TOLD + 40),
}


@pytest.mark.parametrize("kind", EVERY)
def test_a_mail_obeys_the_standards(letters: Letters, kind: str) -> None:
    content = letters.write(EVERY[kind]()).as_bytes(policy=POLICY)
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    assert re.search(r"^Subject: \S", head, re.M), (
        "a subject alone in the next line is shown as none"
    )
    fields = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    named: dict[str, list[str]] = {}
    for field in fields:
        found = re.fullmatch(r"([!-9;-~]+): ?([\t -~]*)", field)
        assert found, f"RFC 5322, 2.2: {field}"
        named.setdefault(found[1].lower(), []).append(found[2])
    assert {name: len(named.get(name, ())) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert not {"bcc", "cc", "sender"} & set(named)
    for name in ("message-id", "in-reply-to", "references"):
        for value in named.get(name, ()):
            assert re.fullmatch(f"<{ATOM}@{ATOM}>", value), value
    moment = parsedate_to_datetime(named["date"][0])
    assert moment.tzinfo is not None
    assert named["list-unsubscribe"] == [f"<{BASE}/u/OWN>"], "RFC 8058: one https address"
    assert named["list-unsubscribe-post"] == ["List-Unsubscribe=One-Click"]
    assert re.fullmatch(r"[^<>]*<[a-z0-9.-]+\.[a-z0-9.-]+>", named["list-id"][0]), "RFC 2919"
    assert named["auto-submitted"] == ["auto-generated"], "RFC 3834"


def test_a_very_large_digest_says_how_many_more(letters: Letters) -> None:
    message = parsed(letters, digest(MOST_TOLD + 40))
    for kind in ("plain", "html"):
        text = part(message, kind)
        assert text.count("We no longer offer") == MOST_TOLD
        assert "And 40 more: they stand on your page." in " ".join(text.split())
        assert f"{BASE}/s/OWN" in text
    assert "more: they" not in part(parsed(letters, digest(MOST_TOLD)), "plain")
    assert len(message.as_bytes()) < 400_000


def test_wishes_are_told_in_the_language_of_the_mail(letters: Letters) -> None:
    wish = Wish(Filters(company=("ibm",)), frozenset({Occasion.REVERSAL, Occasion.CALL}))

    def words(say: object) -> str:
        return in_words(wish, {"ibm": "IBM"}, say)  # type: ignore[arg-type]

    reasons = (Reason("IBM; reversals, calls", "W1", words),)
    told = alert(news(), reasons=reasons)
    assert "you follow “IBM; reversals, calls”" in said(letters, told)
    german = said(letters, replace(told, language="de"))
    assert "IBM; Kehrtwenden, Forderungen" in german
    assert "reversals" not in german


def said(letters: Letters, told: AlertToSend) -> str:
    return " ".join(part(parsed(letters, told), "plain").split())
