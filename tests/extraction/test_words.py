"""The little language of the word lists."""

import json
from itertools import chain as chained
from pathlib import Path

import pytest

from tracker.extraction import words

WRITTEN = Path(__file__).resolve().parents[2] / "training" / "written"
UNUSUAL = "THEY’LL ADOPT it. De\u017figns were \u212aept; \u0130t paused. They aren't sued."


def lists():
    rows = chained(*(words.read(name)[key] for name, key in LISTS))
    calls = words.read("reactions")["call"]
    yield from (row[strength] for row in rows for strength in ("strong", "weak"))
    yield from (calls[name] for name in ("strong", "direct", "classes"))


LISTS = (("acts", "act"), ("topics", "topic"), ("reactions", "reaction"))


def test_a_list_finds_all_that_its_pattern_finds():
    articles = (WRITTEN / "f.jsonl").read_text().splitlines()[:12]
    texts = [UNUSUAL, UNUSUAL.upper(), *(json.loads(each)["text"] for each in articles)]
    found = 0
    for cues in map(words.pattern, lists()):
        for text in texts:
            expected = [each.span() for each in cues.pattern.finditer(text)]
            assert [each.span() for each in cues.finditer(text)] == expected
            assert bool(cues.search(text)) == bool(expected)
            found += len(expected)
    assert found > 100


def test_a_list_is_not_asked_of_words_that_begin_otherwise():
    cues = words.pattern(["(?:the |its )*rules", "{ban} ~ sale", "(?<!-)\\bdelet\\w+", "'ll stop"])

    assert {"the", "its", "rules", "ban", "banni", "delet", "'ll s"} <= cues.openings
    assert cues.search("Rivals rule out any such thing") is None
    assert cues.search("It bans every new sale") is not None
    assert cues.search("They’ll stop") is not None


def test_what_may_begin_with_anything_is_asked_of_every_text():
    cues = words.pattern(["\\w+-free", "ban"])

    assert cues.openings is None
    assert cues.search("a fossil-free fund") is not None


def test_an_empty_list_finds_nothing():
    assert not list(words.pattern([]).finditer("a ban"))


def test_a_cue_that_could_never_be_found_is_refused():
    assert words.pattern(["{recogni[sz]e} (?:it ){0,2}"]).search("They recognise it all")
    with pytest.raises(ValueError, match=r"'\{re-\?instat.*' can never be found"):
        words.pattern(["{re-?instat\\w+}"])
