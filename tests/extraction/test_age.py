"""Signs of age that the model weighs, and what it corrects of the words."""

from datetime import UTC, datetime

import pytest

from tests.extraction.test_parts import tables
from tracker.domain.codes import Act, Disposition
from tracker.domain.model import Document
from tracker.extraction.age import Ages
from tracker.extraction.chain import Chain
from tracker.extraction.modality import is_background
from tracker.extraction.names import NameIndex
from tracker.extraction.reading import read

TUESDAY = datetime(2020, 6, 9, 12, tzinfo=UTC)


def signs(sentence, registry):
    document = Document("a", "Northwind ends face scans", sentence, published=TUESDAY)
    return Ages(read(document, NameIndex(registry))).of_line(1)


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("Northwind had ended face scans before.", "age_old_had"),
        ("Northwind ended face scans in 2017.", "age_year_old"),
        ("Northwind ends face scans today.", "age_fresh_today"),
        ("Northwind ended face scans on Monday.", "age_fresh_weekday"),
        ("Northwind ends face scans, it said.", "age_headline_much"),
    ],
)
def test_what_speaks_for_old_and_new(sentence, sign, registry):
    assert signs(sentence, registry)[sign] == 1.0


@pytest.mark.parametrize(
    ("sentence", "is_old"),
    [
        ("Northwind ended face scans in March.", True),
        ("Northwind will end face scans, it said in March.", True),
        ("“We are ending face scans,” Northwind said, and the step takes effect in March.", False),
        ("Northwind will end face scans in March.", False),
        ("Northwind pauses face scans until April.", False),
        ("Northwind will end what it began in March 2019.", True),
    ],
)
def test_a_month_that_is_to_come_dates_nothing_back(sentence, is_old):
    assert is_background(sentence, TUESDAY.date()) is is_old


def test_a_corrected_act_waits_for_a_person(registry):
    model = tables(stance="new", act="commits", topic="facial_recognition")
    text = "Microsoft has stopped selling facial recognition."
    document = Document("m", "Microsoft and facial recognition", text, published=TUESDAY)
    (found,) = Chain(model)(document, registry).announcements
    assert (found.act, found.disposition) == (Act.COMMITS, Disposition.REVIEW)
