"""Who is meant: names of general knowledge, people in their own name, bodies as news call them."""

from datetime import UTC, datetime

import pytest

from tracker.domain.model import Document
from tracker.extraction.names import NameIndex
from tracker.extraction.pairs import Pairing
from tracker.extraction.reading import read
from tracker.extraction.topics import Matter

PUBLISHED = datetime(2022, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def index(registry):
    return NameIndex(registry)


@pytest.fixture(scope="module")
def named(index):
    def named(*paragraphs, title="A day in the news"):
        document = Document("names", title, "\n\n".join(paragraphs), published=PUBLISHED)
        lines = read(document, index).lines[1:]
        return [actor for line in lines for actor in line.actors()]

    return named


def by_name(actors):
    return {actor.name: actor for actor in actors}


def test_a_company_of_general_knowledge_is_one_although_the_registry_lacks_it(named):
    found = by_name(named("Goldman Sachs, Nestle and Northwind signed the pledge."))

    assert found["Goldman Sachs"].is_company
    assert not found["Goldman Sachs"].known
    assert found["Nestlé"].is_company
    assert found["Northwind"].known


def test_the_registry_comes_before_general_knowledge(named):
    found = by_name(named("Twitter and Facebook left the council."))

    assert {found["X"].slug, found["Meta"].slug} == {"x", "meta"}


@pytest.mark.parametrize(
    ("sentence", "company"),
    [
        ("Satya Nadella told staff that the contract stays.", "Microsoft"),
        ("Alexander Nix denied that any data was kept.", "Cambridge Analytica"),
    ],
)
def test_who_speaks_for_a_company_stands_for_it(named, sentence, company):
    assert by_name(named(sentence))[company].person is not None


def test_a_founder_who_left_speaks_for_himself(named):
    found = by_name(named("Apple co-founder Steve Wozniak said that he had closed his account."))

    assert found["Steve Wozniak"].person == "Steve Wozniak"
    assert not found["Steve Wozniak"].is_company


@pytest.mark.parametrize(
    "sentence",
    [
        "Former Northwind engineer Petra Lindqvist said the tool was never safe.",
        "Petra Lindqvist, a former engineer at Northwind, said the tool was never safe.",
        "Petra Lindqvist, Northwind's former head of trust, said the tool was never safe.",
    ],
)
def test_who_has_left_speaks_for_the_company_no_more(named, sentence):
    found = by_name(named(sentence))

    assert found["Petra Lindqvist"].actor_type == "workers"
    assert found["Northwind"].person is None


def test_an_officer_after_a_sentence_on_former_ones_still_speaks_for_the_company(named):
    found = named("A former president complained. Northwind director Olga Brandt said no more.")

    assert by_name(found)["Northwind"].person in (None, "Olga Brandt")
    assert "Olga Brandt" not in by_name(found)


def test_a_professor_speaks_for_no_university_that_nobody_registered(named):
    found = by_name(
        named("Ines Okafor, a professor of law at Harbour State University, called it alarming.")
    )

    assert found["Ines Okafor"].actor_type == "researcher"
    found = by_name(named("“It will not hold,” says Ines Okafor from Harbour State College."))
    assert found["Ines Okafor"].actor_type == "researcher"


def test_a_spokesman_speaks_for_what_nobody_registered(named):
    found = named("Ostrava Rail spokesman Jan Novak said that the cameras stay.")

    assert [actor.name for actor in found if actor.person == "Jan Novak"] == ["Ostrava Rail"]


@pytest.mark.parametrize(
    ("sentence", "body"),
    [
        ("The UK privacy watchdog fined the app.", "ICO"),
        (
            "Ireland’s data protection commission opened an inquiry.",
            "Irish Data Protection Commission",
        ),
        ("France's data regulator warned of the risks.", "CNIL"),
    ],
)
def test_a_watchdog_is_known_by_what_news_call_it(named, sentence, body):
    assert by_name(named(sentence))[body].actor_type == "regulator"


@pytest.mark.parametrize(
    ("sentence", "name", "kind"),
    [
        (
            "Senior Republicans accused Northwind of bias.",
            "unspecified senior republicans",
            "politician",
        ),
        (
            "A former content moderator leaked the rules.",
            "unspecified former content moderator",
            "workers",
        ),
        (
            "The family of a rider sued Northwind.",
            "unspecified the family of a rider",
            "affected_person",
        ),
        ("Shareholders asked Northwind for a report.", "unspecified shareholders", "shareholder"),
        ("It is banned in Canada, the US, and Japan, he said.", "Japan", "government"),
    ],
)
def test_groups_and_states_without_an_article_of_their_own(named, sentence, name, kind):
    assert by_name(named(sentence))[name].actor_type == kind


def test_conservative_news_is_nobody(named):
    assert not [a for a in named("Conservative news and liberal views were cut.") if a.collective]


def pairs_of(chain, registry, *paragraphs):
    document = Document("pairs", "", "\n\n".join(paragraphs), published=PUBLISHED)
    making = Pairing(chain.read(document, registry), Matter("", document.text))
    return {pair.actor.name: pair for pair in making.actors()}


def test_who_stands_behind_a_passive_verb_judges(chain, registry):
    found = pairs_of(chain, registry, "The camera firm has been sued by Google over fake accounts.")

    assert found["Google"].features["own_strong_sues"]


def test_what_a_group_writes_in_its_letter_it_says_itself(chain, registry):
    found = pairs_of(
        chain,
        registry,
        "Fair Streets Coalition wrote to Northwind on Monday.",
        "The letter criticised the company for selling the tool.",
    )

    assert found["Fair Streets Coalition"].features["own_strong_criticises"]


@pytest.mark.parametrize(
    ("url", "callers"),
    [("https://www.aclu.org/news/cameras", {"ACLU"}), ("https://news.example/cameras", set())],
)
def test_on_its_own_site_a_group_is_we(chain, registry, url, callers):
    text = "Amazon sells such cameras. We call on Amazon to stop selling face recognition."
    found = chain(Document("own", "Cameras", text, url, PUBLISHED), registry)

    assert {call.caller for call in found.calls} == callers


def test_the_words_of_others_stay_theirs_on_a_groups_own_site(chain, registry):
    text = "Amazon said: “We urge Google to stop selling face recognition.” It rained."
    found = chain(Document("own", "", text, "https://aclu.org/news", PUBLISHED), registry)

    assert "ACLU" not in {call.caller for call in found.calls}
