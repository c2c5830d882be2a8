"""The parts of the chain, each by itself."""

from datetime import date

import numpy as np
import pytest

from tracker.domain.codes import QuoteField
from tracker.domain.model import Document
from tracker.extraction import dates, encoder, gate, heads, text, words
from tracker.extraction.chain import Chain, build
from tracker.extraction.names import NameIndex
from tracker.extraction.pairs import Pairing
from tracker.extraction.topics import Matter

TUESDAY = date(2020, 6, 9)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It said so on Monday.", date(2020, 6, 8)),
        ("It said so on Tuesday.", TUESDAY),
        ("It said so last Tuesday.", date(2020, 6, 2)),
        ("It said so yesterday.", date(2020, 6, 8)),
        ("It said so on June 4.", date(2020, 6, 4)),
        ("It said so on 4 December.", date(2019, 12, 4)),
        ("It will do so by Friday.", None),
        ("It said so.", None),
    ],
)
def test_days_count_from_the_publication(sentence, expected):
    assert dates.day_of(sentence, 0, TUESDAY) == expected


def test_deadline_lies_ahead():
    assert dates.deadline_of("They must answer by Friday.", TUESDAY) == date(2020, 6, 12)


def test_no_date_without_publication():
    assert dates.day_of("It said so on Monday.", 0, None) is None


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("stop", {"stop", "stops", "stopping", "stopped"}),
        ("deny", {"deny", "denies", "denying", "denied"}),
        ("sell", {"sell", "sells", "selling", "sold"}),
        ("pause", {"pause", "pauses", "pausing", "paused"}),
    ],
)
def test_forms_of_verbs(verb, expected):
    assert words.forms(verb) == expected


def test_sentences_keep_their_offsets():
    body = (
        "Mr. Smith of Acme Inc. spoke. “It ends.” He left.\n\nBy Pat Field\n\nThe U.S. firm agreed."
    )
    document = Document("a", "A title", body)
    found = text.sentences(document)
    for sentence in found:
        whole = document.title if sentence.field is QuoteField.TITLE else body
        assert whole[sentence.start : sentence.end] == sentence.text
    assert [s.text for s in found] == [
        "A title",
        "Mr. Smith of Acme Inc. spoke.",
        "“It ends.”",
        "He left.",
        "The U.S. firm agreed.",
    ]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Facebook and the FTC agreed.", ["Meta", "Federal Trade Commission"]),
        ("He ate an apple in the Amazon rainforest.", []),
        ("They call for liberty and take aim at a target.", []),
        ("The signal was lost, and the ring fell.", []),
        ("Google’s rule changed.", ["Google"]),
    ],
)
def test_names_and_common_words(registry, sentence, names):
    found = NameIndex(registry).find(sentence, sentence)
    assert [m.actor.name for m in found if m.actor.certain] == names


def test_subsidiary_stands_for_its_parent(registry):
    sentence = "Ring said its doorbell cameras are safe, and Amazon agreed."
    found = NameIndex(registry).find(sentence, sentence)
    assert [(m.actor.name, m.actor.brand) for m in found] == [("Amazon", "Ring"), ("Amazon", None)]


def test_topic_of_the_sentence_comes_before_that_of_the_headline():
    matter = Matter("Northwind leaves facial recognition", "Facial recognition is in the news.")
    choice = matter.choose("The letter backs police reform.")
    assert choice is not None
    assert choice.codes[0] == "police_tech"


def test_no_topic_without_a_cue():
    assert Matter("Rain", "Rain fell.").choose("It rained all day.") is None


def vectors_of(text, spots):
    return np.zeros((len(spots), encoder.WIDTH), np.float32)


def tables(opens=True, **bias):
    """A gate and heads that answer the same to every question: a bias, no weights."""
    codes = {
        "stance": ["background", "new", "none"],
        "act": ["commits", "ends"],
        "topic": ["climate", "facial_recognition"],
        "reaction": ["none", "welcomes"],
        "call": ["no", "yes"],
    }
    arrays = {"features": np.array(["bias"]), "version": np.array("test")}
    for question, known in codes.items():
        arrays[f"{question}_codes"] = np.array(known)
        arrays[f"{question}_weights"] = np.zeros((encoder.WIDTH + 1, len(known)), np.float32)
        wanted = bias.get(question, known[0])
        arrays[f"{question}_bias"] = np.array(
            [9.0 * (code == wanted) for code in known], np.float32
        )
    arrays["gate_features"] = np.zeros(1, np.float32)
    arrays["gate_words"] = np.zeros(gate.PLACES, np.float32)
    arrays["gate_bias"] = np.float32(1.0 if opens else -1.0)
    arrays["gate_least"] = np.zeros(2, np.float32)
    return heads.Model(vectors_of, gate.from_arrays(arrays), heads.Heads(arrays), "test")


ENDS = Document(
    "m",
    "Microsoft ends facial recognition",
    "Microsoft will end facial recognition. The ACLU welcomed the decision by Microsoft.",
)


def test_a_model_can_add_what_the_words_do_not_say(registry):
    model = tables(stance="new", act="ends", topic="facial_recognition")
    turned = Document("m", "Microsoft turns its back on facial recognition", "It rained.")
    assert build(use_model=False)(turned, registry).announcements == ()
    findings = Chain(model)(turned, registry)
    assert findings.extractor == "rules 1.9+minilm test"
    assert {(a.company, a.act, a.topic) for a in findings.announcements} == {
        ("Microsoft", "ends", "facial_recognition")
    }


def test_what_the_gate_keeps_out_is_never_asked(registry):
    model = tables(opens=False, stance="new", act="ends", topic="facial_recognition")
    assert Chain(model)(ENDS, registry).announcements == ()


def test_companies_in_one_list_pass_the_gate_together(registry):
    article = "Google, Microsoft and Apple end it. Meta said nothing of that."
    reading = build(use_model=False).read(Document("m", "Google is asked", article), registry)
    asked = list(Pairing(reading, Matter("", article)).companies())[1:]
    words_of = np.zeros(gate.PLACES, np.float32)
    headlined = gate.Gate({"in_title": 2.0}, words_of, -1.0, {"company": 0.0, "actor": 0.0})

    assert [headlined.opens(pair) for pair in asked] == [True, False, False, False]
    names = [pair.actor.name for pair in headlined.passing(asked)]
    assert names == ["Google", "Microsoft", "Apple"]


def test_a_model_that_sees_nothing_yields_nothing(registry):
    model = tables(stance="none", reaction="none", call="no")
    findings = Chain(model)(ENDS, registry)
    assert findings.announcements == findings.reactions == findings.calls == ()
