"""Ways of saying what a company does, and what only looks like it: one own sentence each."""

from datetime import UTC, datetime

import pytest

from tracker.domain.codes import Act, Disposition
from tracker.domain.model import Document
from tracker.extraction import text

PUBLISHED = datetime(2022, 3, 10, 12, 0, tzinfo=UTC)


def article(title, *paragraphs):
    return Document("wording", title, "\n\n".join(paragraphs), published=PUBLISHED)


def acts_of(found, company):
    return {each.act for each in found.announcements if each.company == company}


def pieces(body):
    return [each.text for each in text.sentences(Document("w", "", body))]


@pytest.mark.parametrize(
    "body",
    [
        "The council agreed with activists.A number of firms paused their adverts.",
        "It was signed on 4 May 2022But a group of lawyers rejected the view of the firm.",
        "“The rules stay as they are.”“We mean what we say,” a spokeswoman told reporters.",
    ],
)
def test_sentences_that_were_glued_together_are_two(body):
    assert len(pieces(body)) == 2


def test_a_name_with_a_dot_stays_whole():
    assert len(pieces("The chatbots of Character.AI were tested by the lab.")) == 1


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Northwind will also notify users whose location data was shared.", Act.COMMITS),
        ("Northwind is giving parents new controls over location data.", Act.SAFEGUARDS),
        ("Northwind has agreed to refund everybody whose location data was sold.", Act.COMMITS),
        ("Northwind suspended the sale of location data on Wednesday.", Act.PAUSES),
        ("Northwind is seeking a permanent injunction over location data.", Act.LITIGATES),
    ],
)
def test_more_ways_of_telling_an_act(chain, registry, sentence, act):
    found = chain(article("Northwind and location data", sentence), registry)
    assert act in acts_of(found, "Northwind")


def test_the_matter_may_stand_only_in_the_article(chain, registry):
    found = chain(
        article(
            "Northwind cuts ties with a broker",
            "Northwind has cut ties with Fellmoor, a small firm in Leeds.",
            "Fellmoor is a data broker, and data brokers sell location data.",
            "Other data brokers had its location data as well.",
        ),
        registry,
    )
    assert Act.ENDS in acts_of(found, "Northwind")
    assert all(a.disposition is Disposition.REVIEW for a in found.announcements)


def test_a_company_that_only_the_article_explains(chain, registry):
    found = chain(
        article(
            "Kestrelane drops facial recognition",
            "Kestrelane has stopped using facial recognition at its gates.",
            "Kestrelane, a railway operator, began with it last year.",
        ),
        registry,
    )
    assert acts_of(found, "Kestrelane") == {Act.ENDS}
    assert all(a.disposition is Disposition.REVIEW for a in found.announcements)


def test_stores_like_these_are_no_name(chain, registry):
    found = chain(
        article(
            "Shops and facial recognition",
            "Stores like Northwind and Google have all committed to never use facial recognition.",
        ),
        registry,
    )
    assert Act.COMMITS in acts_of(found, "Northwind")
    assert Act.COMMITS in acts_of(found, "Google")
    assert not acts_of(found, "Stores")


NOT_DONE = [
    "Northwind heard appeals over facial recognition from its users.",
    "Northwind opposes a ban on facial recognition in Leeds.",
    "The mayor called out Northwind over a halt to facial recognition checks.",
    "The group demanded that Northwind stop selling facial recognition.",
    "It is not the first time Northwind has banned facial recognition in its shops.",
    "Northwind has scrapped thirty billion photos for facial recognition from the internet.",
]


@pytest.mark.parametrize("sentence", NOT_DONE)
def test_what_is_not_done_is_no_deed(chain, registry, sentence):
    found = chain(article("Northwind and facial recognition", sentence), registry)
    deeds = {a.act for a in found.announcements if a.novelty.value == "new"}
    assert not deeds & {Act.ENDS, Act.PAUSES, Act.RESTRICTS, Act.LITIGATES}


def test_one_is_blamed_for_what_the_other_does(chain, registry):
    found = chain(
        article(
            "Northwind and Microsoft quarrel over facial recognition",
            "Northwind called out Microsoft for halting sales of facial recognition.",
        ),
        registry,
    )
    assert Act.PAUSES not in acts_of(found, "Northwind")


def test_plans_need_a_matter_of_their_own(chain, registry):
    found = chain(
        article(
            "Northwind, parental controls and teens",
            "Northwind also plans to make fewer films next year.",
        ),
        registry,
    )
    assert not found.announcements


@pytest.mark.parametrize(
    "sentence",
    [
        "Northwind banned Pat Quarrel for hate speech on Wednesday.",
        "Northwind has banned the account of a singer for hate speech.",
        "Northwind has stopped selling hate speech filters, according to people in the office.",
    ],
)
def test_single_cases_and_hearsay_go_to_a_person(chain, registry, sentence):
    found = chain(article("Northwind acts on hate speech", sentence), registry)
    assert all(a.disposition is Disposition.REVIEW for a in found.announcements)


def test_a_plain_deed_is_published(chain, registry):
    found = chain(
        article(
            "Northwind drops facial recognition",
            "Northwind has stopped selling facial recognition to the police.",
        ),
        registry,
    )
    assert [a.disposition for a in found.announcements] == [Disposition.PUBLISH]


def test_the_company_said_means_the_one_last_named(chain, registry):
    found = chain(
        article(
            "Northwind answers over facial recognition",
            "Northwind gave an answer on Wednesday.",
            "“We will notify everybody in the facial recognition database,” the company said.",
        ),
        registry,
    )
    assert Act.COMMITS in acts_of(found, "Northwind")


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Northwind said that its app does not record location data.", Act.DENIES),
        ("Northwind’s policy on location data remains unchanged.", Act.UPHOLDS),
        ("Northwind stressed that location data keeps its maps right.", Act.DEFENDS),
        ("Northwind estimated that up to nine towns saw location data.", Act.DISCLOSES),
    ],
)
def test_what_a_company_says_goes_to_a_person(chain, registry, sentence, act):
    found = chain(article("Northwind and location data", sentence), registry)
    assert act in acts_of(found, "Northwind")
    assert all(a.disposition is Disposition.REVIEW for a in found.announcements)


def test_trying_out_faces_is_a_launch(chain, registry):
    found = chain(
        article(
            "Northwind tests facial recognition",
            "Northwind is testing a new facial recognition system at its gates.",
        ),
        registry,
    )
    assert acts_of(found, "Northwind") == {Act.LAUNCHES}


def test_a_number_of_companies_are_those_that_are_named(chain, registry):
    found = chain(
        article(
            "Brands leave over hate speech",
            "A number of companies paused advertising this week, including Northwind and Google, "
            "which fear hate speech on Twitter.",
        ),
        registry,
    )
    assert Act.PAUSES in acts_of(found, "Northwind")
    assert Act.PAUSES in acts_of(found, "Google")
    assert not acts_of(found, "X")
