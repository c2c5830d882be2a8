"""Whether an article names the condition of a promise, before a person is asked if it is met."""

import pytest

from tracker.domain.conditions import sentence_naming, speaks_of

LAW = "a national law grounded in human rights exists"


@pytest.mark.parametrize(
    ("condition", "text", "named"),
    [
        (LAW, "It rained. Congress passed a national law that protects human rights.", True),
        (LAW, "A NATIONAL LAW, grounded in rights, is near.", True),
        (LAW, "The national team won. A law firm moved. Human error cost rights.", False),
        (LAW, "A national law on milk was passed.", False),
        ("the audit is finished", "The audit finished on Monday.", True),
        ("the audit is finished", "The audit goes on.", False),
        ("regulators agree", "Two regulators agreed on Friday.", True),
        ("then", "Then it rained.", False),
    ],
)
def test_most_words_of_the_condition_stand_in_one_sentence(
    condition: str, text: str, named: bool
) -> None:
    assert (sentence_naming(condition, text) is not None) is named


def test_the_sentence_itself_is_shown() -> None:
    text = "It rained. Congress passed a national law that protects human rights. It snowed."
    assert sentence_naming(LAW, text) == (
        "Congress passed a national law that protects human rights."
    )


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Microsoft wrote.", True),
        ("Microsofts wrote.", False),
        ("A law on facial recognition.", True),
        ("A law on recognition.", False),
    ],
)
def test_an_article_must_speak_of_the_company_or_its_topic(text: str, speaks: bool) -> None:
    assert speaks_of(text, ["Microsoft", ""], "Facial recognition") is speaks
