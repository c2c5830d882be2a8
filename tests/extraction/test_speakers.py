"""Whose words a record gives when its own sentence names nobody."""

import pytest

from tracker.domain.model import Document
from tracker.extraction import speakers
from tracker.extraction.names import NameIndex
from tracker.extraction.reading import read

ONE_VOICE = (
    "Northwind ended its sale of face scanners on Monday.\n\n"
    "“We should have done so earlier,” Northwind general counsel Paula Reyes said.\n\n"
    "It rained. It rained again."
)
NO_NAME = (
    "“We stop,” a Northwind spokesperson told the Herald.\n\n"
    "“We should have done so earlier,” Northwind general counsel Paula Reyes said."
)
TWO_VOICES = (
    "Northwind ended its sale of face scanners on Monday. “It is over,” said Northwind"
    " spokesman Olaf Brandt.\n\nIt rained. It snowed. It froze. The sun rose. The sun set."
    " Night fell.\n\nNorthwind director Paula Reyes said: “We will sell shoes.”"
)


def lines_of(text, registry):
    return read(Document("s", "", text), NameIndex(registry))


@pytest.mark.parametrize(
    ("text", "sentence", "person"),
    [
        (ONE_VOICE, 0, "Paula Reyes"),
        (TWO_VOICES, 0, "Olaf Brandt"),
        (TWO_VOICES, 7, "Paula Reyes"),
        ("Northwind ended its sale of face scanners on Monday. It rained.", 0, None),
    ],
)
def test_the_next_voice_of_the_organisation_speaks(text, sentence, person, registry):
    reading = lines_of(text, registry)
    company = next(m.actor for m in reading.lines[0].mentions if m.actor.is_company)
    found = speakers.nearest(company.name, reading.lines[sentence], reading)
    assert (found and found.person) == person


@pytest.mark.parametrize(
    ("text", "person", "home"),
    [
        ("Ostrava Rail spokesman Jan Novak said: “We stop.”", "Jan Novak", "Ostrava Rail"),
        (
            "Jan Novak, Acting Director of the FTC, said so.",
            "Jan Novak",
            "Federal Trade Commission",
        ),
        (
            "Jan Novak, Northwind’s head of safety and one of its founders, said so.",
            "Jan Novak",
            "Northwind",
        ),
        ("“We stop,” says Northwind Safety Manager Jan Novak.", "Jan Novak", "Northwind"),
        (
            "“We stop,” Jan Novak, Northwind’s night trains liaison, said in a release.",
            "Jan Novak",
            "Northwind",
        ),
        (
            "“We stop,” Jan Novak, Ostrava Rail’s campaign director, said in a statement.",
            "Jan Novak",
            "Ostrava Rail",
        ),
        (
            "“We stop,” wrote Jan Novak, a senior research analyst for Osterland, Westerland and"
            " Norderland at Northwind.",
            "Jan Novak",
            "Northwind",
        ),
        (
            "“We stop,” said Jan Novak, who leads the safety programme at Northwind.",
            "Jan Novak",
            "Northwind",
        ),
        (
            "“We stop,” said Jan Novak, founder of the small passengers’ group Ostrava Rail.",
            "Jan Novak",
            "Ostrava Rail",
        ),
        (
            "Northwind sells trains. “We stop,” Jan Novak, the company’s head of safety, said.",
            "Jan Novak",
            "Northwind",
        ),
        (
            "“We stop,” wrote Northwind President of Global Affairs Jan Novak.",
            "Jan Novak",
            "Northwind",
        ),
        (
            "“We ask questions,” said Harbour Lanterns Foundation director Jan Novak.",
            "Jan Novak",
            "Harbour Lanterns Foundation",
        ),
        (
            "Northwind removed a message from President Jan Novak, who said so.",
            "Jan Novak",
            "Jan Novak",
        ),
        ("Northwind said so to the Daily Harbour Foundation.", None, "Northwind"),
        ("Northwind, led by director Jan Novak, said it would stop.", None, "Northwind"),
    ],
)
def test_a_role_before_or_after_a_name_tells_the_home(text, person, home, registry):
    said = speakers.said(lines_of(text, registry).lines[-1])
    assert said is not None
    assert (said.person, said.name) == (person, home)


def test_what_follows_saying_is_the_words_of_the_subject(registry):
    text = "Northwind owner Paula Reyes defended the ban in Osterland, saying it “had to obey”."
    said = speakers.said(lines_of(text, registry).lines[0])
    assert said is not None
    assert said.person == "Paula Reyes"


def test_an_organisation_is_known_by_its_initials_afterwards(registry):
    text = (
        "The Ostrava Railway Passengers Association welcomed the step.\n\n"
        "“It was time,” ORPA president Jan Novak said."
    )
    said = speakers.said(lines_of(text, registry).lines[1])
    assert said is not None
    assert (said.person, said.name) == ("Jan Novak", "Ostrava Railway Passengers Association")


def test_a_spokesperson_without_a_name_is_nobody_else(registry):
    reading = lines_of(NO_NAME, registry)
    assert speakers.is_unnamed(reading.lines[0])
    assert not speakers.is_unnamed(reading.lines[1])
