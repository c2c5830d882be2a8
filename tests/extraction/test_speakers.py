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
    ],
)
def test_a_role_before_or_after_a_name_tells_the_home(text, person, home, registry):
    said = speakers.said(lines_of(text, registry).lines[0])
    assert said is not None
    assert (said.person, said.name) == (person, home)


def test_what_follows_saying_is_the_words_of_the_subject(registry):
    text = "Northwind owner Paula Reyes defended the ban in Osterland, saying it “had to obey”."
    said = speakers.said(lines_of(text, registry).lines[0])
    assert said is not None
    assert said.person == "Paula Reyes"
