import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tracker.domain.codes import Act, Disposition, QuoteField
from tracker.domain.model import Announcement, Document, Findings, FoundCall, Span, TopicCode
from tracker.extraction.documents import (
    DocumentError,
    document_from_json,
    findings_to_json,
    parse_published,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-06-09T18:10:00Z", datetime(2020, 6, 9, 18, 10, tzinfo=UTC)),
        ("Tue, 09 Jun 2020 18:10:00 GMT", datetime(2020, 6, 9, 18, 10, tzinfo=UTC)),
        ("2020-06-09", datetime(2020, 6, 9, tzinfo=UTC)),
        ("June 9, 2020", datetime(2020, 6, 9, tzinfo=UTC)),
        ("Sept. 9, 2020", datetime(2020, 9, 9, tzinfo=UTC)),
        ("9 June 2020", datetime(2020, 6, 9, tzinfo=UTC)),
        ("9th June 2020", datetime(2020, 6, 9, tzinfo=UTC)),
        ("June 9, 2020 -- 18:10 GMT (19:10 BST)", datetime(2020, 6, 9, 18, 10, tzinfo=UTC)),
        ("Published on 9 June 2020 by Pat", datetime(2020, 6, 9, tzinfo=UTC)),
        ("1591726200", datetime(2020, 6, 9, 18, 10, tzinfo=UTC)),
        ("", None),
        ("some day", None),
    ],
)
def test_usual_date_forms(text, expected):
    assert parse_published(text) == expected


def test_offset_of_the_publisher_is_kept():
    found = parse_published("2020-06-09T23:10:00-04:00")
    assert found is not None
    assert found.utcoffset() == timedelta(hours=-4)
    assert found.date() == date(2020, 6, 9)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ('{"id": "a"}', "neither"),
        ('{"id": "a", "title": 3, "text": ""}', "title"),
        ('{"id": "a", "html": "<p>"}', "html"),
    ],
)
def test_bad_documents_name_the_fault(line, named):
    with pytest.raises(DocumentError, match=named):
        document_from_json(line)


def test_html_is_read_by_the_callable_handed_in():
    when = datetime(2020, 6, 9, tzinfo=timezone(timedelta(hours=-4)))
    line = json.dumps({"id": 7, "url": "https://example.org/a", "html": "<p>Text</p>"})
    document = document_from_json(line, lambda html, url: (f"T {url}", html[3:7], when))
    assert document == Document(
        "7", "T https://example.org/a", "Text", "https://example.org/a", when
    )


def test_output_line_has_the_keys_of_the_interface_in_order():
    span = Span(QuoteField.TEXT, 0, 4, "Text")
    stance = Announcement("IBM", TopicCode("climate"), Act.COMMITS, span, 0.9, Disposition.PUBLISH)
    call = FoundCall("ACLU", "advocacy_group", (), "stop", span, 0.5, Disposition.REVIEW)
    document = Document("x1", "", "Text")
    line = findings_to_json(document, Findings("rules 1.0", (stance,), (), (call,)), from_html=True)
    row = json.loads(line)
    assert list(row) == ["id", "extractor", "text", "announcements", "reactions", "calls"]
    wanted = ["company", "brand", "topic", "act", "status", "modality", "direction", "date"]
    wanted += ["precision", "speaker", "speaker_role", "scope", "field", "quote", "start", "end"]
    wanted += ["confidence", "disposition"]
    assert list(row["announcements"][0])[: len(wanted)] == wanted
    assert row["announcements"][0]["direction"] is None
    assert row["calls"][0]["deadline"] is None
    assert "\n" not in line
