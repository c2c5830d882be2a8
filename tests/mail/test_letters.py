"""What a mail looks like: headers by the standards, both parts with the same content."""

import email.policy
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import html

from tests.mail.conftest import BASE, DOMAIN, news
from tracker.domain.alerting import message_id
from tracker.domain.codes import AlertKind, ChangeKind, Level, PositionWord, ReactionKind, Track
from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertId, AlertToSend, Reason
from tracker.domain.news import Move, ReactionNews, RecordNews, StanceNews
from tracker.notifiers.letters import POLICY, Letters
from tracker.notifiers.mail import Secrets, build
from tracker.notifiers.outbox import OutboxNotify

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
SPLIT = replace(
    news(),
    change=ChangeKind.CONTRADICTED,
    level=Level.CONFIRMED,
    moves=(
        Move(Track.SAYS, PositionWord.STOPPED, PositionWord.STOPPED, "Stopped", "Stopped"),
        Move(Track.DOES, PositionWord.STOPPED, PositionWord.CONTINUES, "Stopped", "Continues"),
    ),
    sources=3,
    reactions=(
        ReactionNews(ReactionKind.CRITICISES, "Liberty", "says the pledge is broken"),
        ReactionNews(ReactionKind.WELCOMES_INSUFFICIENT, "ACLU", "asks for more"),
    ),
    found_in="Liberty Wire",
    found_at=NOW,
    checked_at=NOW + timedelta(minutes=29),
)


def alert(one: StanceNews, *more: StanceNews, **changed: object) -> AlertToSend:
    first, *also = [
        AlertToSend(
            id=AlertId(number),
            kind=AlertKind.CHANGE,
            address="ana@ngo.example",
            change=f"c{number}",
            payload=content.to_json(),
            attempts=1,
            created=NOW,
            token="OWN",
            message_id=message_id("seed", DOMAIN),
            reasons=(Reason("IBM", "W1"), Reason("Facial recognition", "W2")),
        )
        for number, content in enumerate((one, *more))
    ]
    return replace(first, also=tuple(also), **changed)


def of_record(kind: AlertKind, **fields: object) -> AlertToSend:
    """A mail on what followed a call of the ACLU on Microsoft, of 9 June 2020."""
    known: dict[str, object] = {
        "company": "Microsoft",
        "summary": "ACLU asked Microsoft: stop selling it",
        "path": "/calls/c1",
        "topic": "Facial recognition",
        "actor": "ACLU",
        "date": date(2020, 6, 9),
    }
    told = RecordNews(kind=kind, **{**known, **fields})  # type: ignore[arg-type]
    return alert(news(), kind=kind, payload=told.to_json())


FOLLOWING = {
    "call": of_record(AlertKind.CALL, due=date(2020, 7, 1), level=Level.REPORTED),
    "answer": of_record(
        AlertKind.ANSWER, what="rejected", quote="We will not.", speaker="Ada Lund"
    ),
    "pause": of_record(AlertKind.DEADLINE, what="pause ends", due=date(2020, 7, 1), actor=None),
    "silence": of_record(AlertKind.SILENCE, what="open", days=40, sources=4, looked_at=NOW),
    "overdue": of_record(AlertKind.OVERDUE, what="promise overdue", due=date(2020, 7, 1)),
}


def confirmation() -> AlertToSend:
    kind = AlertKind.CONFIRMATION
    return alert(news(), kind=kind, payload={"token": "CONFIRM"}, reasons=())


def parsed(letters: Letters, one: AlertToSend) -> EmailMessage:
    """The message as a mail program gets it."""
    content = letters.write(one).as_bytes(policy=POLICY)
    return message_from_bytes(content, policy=email.policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def seen(page: str) -> str:
    """The text of an HTML part as people read it."""
    tree = html.fromstring(page)
    for hidden in tree.xpath("//style | //title"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())


EVERY = [
    pytest.param(lambda: alert(news()), id="news"),
    pytest.param(lambda: alert(SPLIT), id="change"),
    pytest.param(lambda: alert(SPLIT, news(), news("2", "Amazon")), id="several"),
    pytest.param(confirmation, id="confirmation"),
]


@pytest.fixture(params=EVERY)
def one(request: pytest.FixtureRequest) -> AlertToSend:
    return request.param()  # type: ignore[no-any-return]


def test_headers_are_those_of_the_standards(letters: Letters, one: AlertToSend) -> None:
    message = parsed(letters, one)
    assert message["From"].addresses[0].addr_spec == f"alerts@{DOMAIN}"
    assert [to.addr_spec for to in message["To"].addresses] == ["ana@ngo.example"]
    assert message["Message-ID"] == one.message_id
    assert message["Date"].datetime == letters.now()
    assert message["List-Id"] == f"Stance alerts <alerts.{DOMAIN}>"
    assert message["List-Unsubscribe"] == f"<{BASE}/u/OWN>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Feedback-ID"].endswith(":alerts:stance-tracker")
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe"):
        assert len(message.get_all(name, [])) == 1
    assert not message.defects


def test_lines_are_short_and_end_as_the_standard_says(letters: Letters, one: AlertToSend) -> None:
    content = letters.write(one).as_bytes(policy=POLICY)
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.isascii()
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in head if not line.startswith(b"List-")) <= 78


def test_a_long_address_stays_in_one_piece(letters: Letters) -> None:
    far = replace(letters, base_url="https://tracker.example/" + "deep/" * 30 + "down")
    message = far.write(alert(news())).as_bytes(policy=POLICY).decode()
    assert f"List-Unsubscribe: <{far.base_url}/u/OWN>\r\n" in message


def test_both_parts_say_the_same(letters: Letters) -> None:
    message = parsed(letters, alert(SPLIT))
    plain = " ".join(part(message, "plain").split())
    page = seen(part(message, "html"))
    for days in ("8 Jun 2020", "on 9 Jun 2020, 20:00 UTC"):
        unbroken = days.replace(" ", "\xa0").replace(",\xa0", ", ").replace("on\xa0", "on ")
        assert unbroken in part(message, "plain").replace("\n", " ")
        assert unbroken in part(message, "html").replace("&nbsp;", "\xa0")
    for words in (
        SPLIT.summary,
        f"“{SPLIT.quote}”",
        "Arvind Krishna, CEO, via news.example",
        "3 sources",
        "A letter to Congress",
        "▼ Liberty says the pledge is broken",
        "◆ ACLU asks for more",
        "Confirmed, checked by a person.",
        "Stance change: ends · Facial recognition · 8 Jun 2020",
        "you follow IBM and Facial recognition. Found by “Liberty Wire”",
        "on 9 Jun 2020, 20:00 UTC, checked by a person on 9 Jun 2020, 20:29 UTC.",
        "Stop IBM",
        "Stop Facial recognition",
        "Stop all mail",
        "Something wrong? Report it",
    ):
        assert words in plain, words
        assert words in page, words
    assert "Does: [■ Stopped] → [▶ Continues]" in plain
    assert "■ Stopped → ▶ Continues" in page


def test_every_link_of_the_plain_part_is_in_the_page(letters: Letters, one: AlertToSend) -> None:
    message = parsed(letters, one)
    written = set(re.findall(r"https://\S+", part(message, "plain")))
    linked = set(html.fromstring(part(message, "html")).xpath("//a/@href"))
    assert written == linked
    assert f"{BASE}/u/OWN" in written


def test_links_lead_to_our_pages_and_the_source_only(letters: Letters) -> None:
    message = parsed(letters, alert(SPLIT))
    tree = html.fromstring(part(message, "html"))
    assert set(tree.xpath("//@href")) == {
        f"{BASE}/e/ibm-1",
        f"{BASE}/e/ibm-1#evidence",
        f"{BASE}/e/ibm-1#wrong",
        f"{BASE}/s/OWN",
        f"{BASE}/u/W1",
        f"{BASE}/u/W2",
        f"{BASE}/u/OWN",
        "https://news.example/letter",
    }
    assert tree.xpath("//img | //script | //link | //iframe | //form | //@src") == []


def test_a_reported_stance_says_that_nobody_checked_it(letters: Letters) -> None:
    message = parsed(letters, alert(news()))
    assert message["Subject"] == "IBM on facial recognition: ends (reported)"
    assert "Reported, not yet checked by a person." in part(message, "plain")


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("call", ["ACLU calls on Microsoft on facial recognition", "The deadline is 1 Jul 2020."]),
        (
            "answer",
            [
                "Microsoft on facial recognition, asked by ACLU: rejected",
                "“We will not.”",
                "Ada Lund",
            ],
        ),
        (
            "pause",
            [
                "Microsoft on facial recognition: pause ends on 1 Jul 2020",
                "The pause ends on 1 Jul 2020.",
            ],
        ),
        (
            "silence",
            [
                "Microsoft on facial recognition: no answer found to ACLU after 40 days",
                "No answer found in 4 sources, last checked on 9 Jun 2020.",
            ],
        ),
        (
            "overdue",
            [
                "Microsoft on facial recognition: promise overdue since 1 Jul 2020",
                "Overdue since 1 Jul 2020.",
            ],
        ),
    ],
)
def test_what_followed_says_who_and_what_first_and_then_on_what_ground(
    letters: Letters, kind: str, lines: list[str]
) -> None:
    message = parsed(letters, FOLLOWING[kind])
    assert message["Subject"] == lines[0]
    for text in (" ".join(part(message, "plain").split()), seen(part(message, "html"))):
        assert all(line in text for line in (*lines, "ACLU asked Microsoft: stop selling it"))
    german = parsed(letters, replace(FOLLOWING[kind], language="de"))
    assert "Juli 2020" in german["Subject"] or "2020" not in message["Subject"]
    for english in ("since", "rejected", "answer", "ends on"):
        assert english not in german["Subject"]


def test_several_changes_have_a_line_each(letters: Letters) -> None:
    message = parsed(letters, alert(SPLIT, news(), news("ring-1", "Amazon")))
    assert str(message["Subject"]).startswith("3 changes: IBM on facial recognition, Amazon on")
    for text in (part(message, "plain"), seen(part(message, "html"))):
        assert "IBM on facial recognition (does): Stopped → Continues" in text
        assert "IBM on facial recognition: ends (reported)" in text
        assert "Amazon on facial recognition: ends (reported)" in text


def test_foreign_text_cannot_break_out(letters: Letters) -> None:
    nasty = replace(
        news(),
        company="IBM\r\nBcc: all@ngo.example",
        summary="<script>alert(1)</script>\n\n-- \nYours",
        quote='Click <a href="https://evil.example">here</a>\r\n.\r\nQUIT',
        source_title="</style><b>x",
        source_url="javascript:alert(1)",
        reactions=(ReactionNews(ReactionKind.SUES, "<img src=x>", "&lt;"),),
    )
    message = parsed(letters, alert(nasty))
    assert "Bcc" not in message
    assert "\n" not in str(message["Subject"])
    tree = html.fromstring(part(message, "html"))
    assert tree.xpath("//script | //img") == []
    assert not any("evil" in link or "javascript" in link for link in tree.xpath("//@href"))
    assert len(tree.xpath("//style")) == 1
    assert "\n.\n" not in part(message, "plain")


@pytest.mark.parametrize("url", ["ftp://x.example", "https://", "//x", "https://a b.example", None])
def test_an_odd_source_address_is_no_link(letters: Letters, url: str | None) -> None:
    message = parsed(letters, alert(replace(news(), source_url=url)))
    assert "Source:" not in part(message, "plain")


def test_the_confirmation_has_no_word_that_anybody_typed(letters: Letters) -> None:
    """Only the token differs between two confirmations (promise 23)."""
    message = parsed(letters, confirmation())
    other = parsed(letters, replace(confirmation(), payload={"token": "OTHER", "note": "Buy now"}))
    assert part(message, "plain").replace("CONFIRM", "OTHER") == part(other, "plain")
    assert part(message, "html").replace("CONFIRM", "OTHER") == part(other, "html")
    assert f"{BASE}/s/CONFIRM" in part(message, "plain")
    assert message["Subject"] == "Please confirm your Stance Tracker alerts"


def test_a_track_without_a_statement_is_left_out(letters: Letters) -> None:
    nothing = (PositionWord.NO_STATEMENT, PositionWord.NO_STATEMENT, "No statement", "No statement")
    silent = replace(news(), moves=(*news().moves, Move(Track.DOES, *nothing)))
    text = part(parsed(letters, alert(silent)), "plain")
    assert "Says: [■ Stopped]" in text
    assert "No statement" not in text


def test_the_outbox_folder_holds_one_file_per_mail(letters: Letters, tmp_path: Path) -> None:
    notify = OutboxNotify(tmp_path / "outbox", letters)
    assert notify(alert(news())) == "written to change-00000000.eml"
    notify(alert(news()))
    [file] = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["Message-ID"] == message_id("seed", DOMAIN)
    assert message["To"] == "ana@ngo.example"


def test_a_mail_in_the_outbox_is_for_its_owner_only(letters: Letters, tmp_path: Path) -> None:
    OutboxNotify(tmp_path / "outbox", letters)(alert(news()))
    [file] = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o077 == 0  # it holds an address and the token that opens its page


def test_an_outbox_that_cannot_be_written_to_is_an_outage(letters: Letters, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands in the way")
    with pytest.raises(DeliveryError, match=r"mail\.outbox_folder") as failure:
        OutboxNotify(tmp_path / "outbox", letters)(alert(news()))
    assert failure.value.outage


def test_without_a_server_mails_go_into_the_folder(letters: Letters, tmp_path: Path) -> None:
    from tracker.config import MailSettings

    settings = MailSettings.model_validate({"outbox_folder": tmp_path / "outbox"})
    build(settings, Secrets(), BASE, letters.now)(alert(news()))
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
