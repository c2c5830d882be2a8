"""The seed case (product.md), and an own article of the same shape that always runs."""

import json
from datetime import UTC, date, datetime

from tracker.domain.codes import Act, Disposition, QuoteField, ReactionKind, Trigger
from tracker.domain.model import Document, Response
from tracker.extraction.documents import document_from_json, findings_to_json
from tracker.sources import pages

SEED_TITLE = (
    "'Your Turn, Amazon and Microsoft': Civil Liberties Advocates Applaud IBM Decision "
    "to Ditch Facial Recognition"
)
OWN_TITLE = (
    "'Over to You, Amazon and Microsoft': Privacy Groups Cheer as Northwind Drops "
    "Facial Recognition"
)
OWN_TEXT = f"""Skip to main content

Sign up for the weekly letter.

A camera hangs over a street market. (Photo: A. Nobody/Getty Images)

{OWN_TITLE}

Robin Plum

Chip maker Northwind is getting out of the facial recognition software business, the \
company's CEO said Monday in a letter to senators.

The company's CEO, Dana Whitfield, wrote that Northwind was walking away from face \
matching because it errs most often on dark skin.

The ACLU welcomed the decision and urged Northwind's competitors to do the same.

Whitfield's letter also voiced support for the Fair Policing Act, a bill put forward \
by two senators on Monday.

In a statement, ACLU policy counsel Mary Oakes urged lawmakers to spend the money on libraries.

Our work is licensed under Creative Commons. Feel free to republish and share widely.

Amazon Suspends Sales of Face Scanners After Workers Walk Out

"Amazon must pay its people," said Sen. Joan Carver.

Pat Field ·

Copyright notice
"""


def read(document: Document, chain, registry):
    findings = chain(document, registry)
    for each in (*findings.announcements, *findings.reactions, *findings.calls):
        for span in (each.span, *each.more):
            whole = document.title if span.field is QuoteField.TITLE else document.text
            assert whole[span.start : span.end] == span.quote
            assert len(span.quote) <= 300
    return findings


def assert_the_seed(findings, company, speaker, scope):
    ends, supports = findings.announcements
    assert (ends.company, ends.act, ends.topic) == (company, Act.ENDS, "facial_recognition")
    assert (ends.direction, ends.date, ends.scope) == (3, date(2020, 6, 8), scope)
    assert (ends.speaker, ends.speaker_role, ends.trigger) == (speaker, "CEO", Trigger.VOLUNTARY)
    assert (supports.company, supports.act) == (company, Act.SUPPORTS_REGULATION)
    assert (supports.topic, supports.direction, supports.date) == (
        "police_tech",
        1,
        date(2020, 6, 8),
    )
    (reaction,) = findings.reactions
    assert (reaction.actor, reaction.reaction, reaction.about) == (
        "ACLU",
        ReactionKind.WELCOMES,
        (company,),
    )
    (call,) = findings.calls
    assert (call.caller, set(call.targets)) == ("ACLU", {"Amazon", "Microsoft"})
    assert call.target_class == f"{company}'s competitors"
    assert any(span.field is QuoteField.TITLE for span in (call.span, *call.more))
    assert {each.disposition for each in (ends, supports, reaction)} == {Disposition.PUBLISH}


def test_own_article_of_the_seed_shape(chain, registry):
    published = datetime(2020, 6, 9, 18, 10, tzinfo=UTC)
    document = Document("own", OWN_TITLE, OWN_TEXT, published=published)
    findings = read(document, chain, registry)
    assert_the_seed(findings, "Northwind", "Dana Whitfield", "facial recognition software business")


def test_seed_as_text_with_its_furniture(shared, shipped, chain):
    text = (shared / "corpus" / "seed" / "ibm-facial-recognition.txt").read_text(encoding="utf-8")
    published = datetime(2020, 6, 9, 18, 10, tzinfo=UTC)
    findings = read(Document("seed", SEED_TITLE, text, published=published), chain, shipped)
    assert_the_seed(findings, "IBM", "Arvind Krishna", "facial recognition software business")


def test_seed_as_page(shared, shipped, chain):
    body = (shared / "corpus" / "seed" / "page.html").read_bytes()
    headers = {"content-type": "text/html; charset=utf-8"}
    page = pages.parse(Response("https://news.example/ibm", 200, body, headers))
    document = Document("seed", page.title, page.text, published=page.published)
    findings = read(document, chain, shipped)
    assert_the_seed(findings, "IBM", "Arvind Krishna", "facial recognition software business")


def test_same_text_same_bytes(chain, registry):
    row = {"id": "own", "title": OWN_TITLE, "published": "9 June 2020", "text": OWN_TEXT}
    lines = set()
    for _ in range(2):
        document = document_from_json(json.dumps(row))
        lines.add(findings_to_json(document, chain(document, registry)))
    assert len(lines) == 1
