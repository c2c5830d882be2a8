"""Heads learn from what people decided, and are only better when unseen decisions say so."""

import numpy as np
import pytest

from tests.extraction.test_parts import tables
from tracker.domain.errors import SettingsError
from tracker.domain.model import Document
from tracker.extraction import heads
from tracker.extraction.refit import COMPANY, Verdict, refit


def with_features(*names, **bias):
    """Heads that could look at these features and do not yet."""
    model = tables(**bias)
    arrays = dict(model.heads.arrays)
    arrays["features"] = np.array(names)
    for question, codes in model.heads.codes.items():
        wide = len(names) + arrays["stance_weights"].shape[0] - 1
        arrays[f"{question}_weights"] = np.zeros((wide, len(codes)), np.float32)
        arrays[f"{question}_bias"] = arrays[f"{question}_bias"] / 9
    return heads.Model(model.encoder, model.gate, heads.Heads(arrays), "test")


def verdicts(answer_of, count=60):
    found = []
    for number in range(count):
        asked = number % 2 == 0
        quote = (
            f"Will Microsoft end facial recognition in town {number}?"
            if asked
            else f"Microsoft will end facial recognition in town {number}."
        )
        document = Document(f"d{number}", "Towns and cameras", quote)
        answers = {"stance": answer_of(asked)}
        found.append(Verdict(document, COMPANY, "Microsoft", quote, answers))
    return found


def test_what_people_reject_is_doubted_and_what_they_accept_is_not(registry):
    model = with_features("bias", "question", stance="new")
    found = refit(model, verdicts(lambda asked: "none" if asked else "new"), registry)
    assert found is not None
    assert (found.verdicts, found.articles) == (60, 60)
    assert found.is_better
    assert found.after < found.before


def test_decisions_without_a_pattern_replace_nothing(registry):
    model = with_features("bias", "question", stance="new")
    answers = iter(np.random.default_rng(3).choice(["new", "none"], 400))
    found = refit(model, verdicts(lambda _asked: str(next(answers))), registry)
    assert found is not None
    assert abs(found.after - found.before) < 0.35


def test_too_few_decisions_say_nothing(registry):
    model = with_features("bias", stance="new")
    assert refit(model, verdicts(lambda _asked: "new", count=20), registry) is None


def test_a_claim_that_is_not_found_again_is_left_out(registry):
    model = with_features("bias", stance="new")
    lost = [
        Verdict(v.document, COMPANY, "Google", v.quote, v.answers)
        for v in verdicts(lambda _asked: "new")
    ]
    assert refit(model, lost, registry) is None


def test_the_same_decisions_give_the_same_bytes(registry):
    model = with_features("bias", "question", stance="new")
    told = verdicts(lambda asked: "none" if asked else "new")
    assert refit(model, told, registry) == refit(model, told, registry)


def test_a_broken_file_of_heads_is_named(tmp_path):
    if heads.load() is None:
        pytest.skip("no weights are installed")
    (tmp_path / "heads.npz").write_bytes(b"no archive")
    with pytest.raises(SettingsError, match=r"extract\.heads_file"):
        heads.load_with(tmp_path / "heads.npz")
