"""Texts that would make a careless reader publish: each of them may at most ask a person."""

from datetime import UTC, datetime

import pytest

from tracker.domain.codes import Act, Disposition, Novelty, OrganisationKind
from tracker.domain.model import Document, Name, Organisation, Registry

PUBLISHED = datetime(2022, 3, 10, 12, 0, tzinfo=UTC)
DEED = "Northwind has stopped selling facial recognition to the police."
TITLE = "Northwind drops facial recognition"


def article(title, *paragraphs, **more):
    fields = {"published": PUBLISHED, **more}
    return Document("adversarial", title, "\n\n".join(paragraphs), **fields)


def published(findings):
    return [a for a in findings.announcements if a.disposition is Disposition.PUBLISH]


UNPUBLISHED = {
    "denial": article(
        "Northwind denies end of facial recognition",
        "Northwind denied on Tuesday that it had stopped selling facial recognition to the police.",
    ),
    "conditional": article(
        "Northwind and facial recognition",
        "Northwind will stop selling facial recognition to the police only if its rivals do so.",
    ),
    "two years on": article(
        "Two years on: Northwind and facial recognition",
        "Two years on from the day when Northwind stopped selling facial recognition to the "
        "police, little has changed in the streets.",
    ),
    "quote inside a quote": article(
        "Critics mock Northwind over facial recognition",
        "“They told us ‘Northwind has stopped selling facial recognition to the police’, and we "
        "laughed,” the ACLU said on Tuesday.",
    ),
    "claim about another": article(
        "Microsoft and Northwind at odds over facial recognition",
        "Microsoft said on Tuesday that Northwind had stopped selling facial recognition to the "
        "police under pressure.",
    ),
    "timeline": article(
        "Northwind and facial recognition: a timeline",
        "June 2018: Northwind stopped selling facial recognition to the police.",
        "May 2019: Northwind pledged to label deepfakes.",
        "January 2020: Northwind banned political ads.",
    ),
    "headline says more": article(
        "Northwind ends facial recognition",
        "Northwind is weighing whether it should stop selling facial recognition to the police, "
        "two people with knowledge of the talks said on Tuesday.",
    ),
    "letter to the editor": article(
        "Letters to the editor: Northwind and facial recognition",
        DEED,
        "That is what I call courage.",
    ),
    "stock news": article(
        "Northwind closes week after data breach lower",
        "Northwind ended the week $4bn lower in value over a breach of facial recognition data.",
    ),
    "claims shut down": article(
        "Northwind hits back over facial recognition",
        "Northwind has shut down claims that its facial recognition fails on darker skin.",
    ),
    "yet to act": article(
        "Northwind and facial recognition",
        "Northwind has yet to stop selling facial recognition or ban police from buying it.",
    ),
    "a month told of": article(
        "Northwind and facial recognition",
        "Critics were loud in 2016, and Northwind stopped selling facial recognition to the police "
        "that December.",
    ),
    "accounts that were named": article(
        "Northwind suspends accounts behind deepfakes",
        "Northwind has removed the accounts that posted the deepfakes of the two singers.",
    ),
    "somebody else's quotation": article(
        "Northwind and facial recognition",
        "“People cheered after Northwind stopped selling facial recognition to the police on "
        "Tuesday,” a reader from Leeds writes.",
    ),
    "a matter of its own": article(
        "Northwind to buy Southwind",
        "Northwind announced on Tuesday that it will be buying Southwind, its largest competitor, "
        "and regulators fear a monopoly and antitrust trouble.",
    ),
    "a day nobody knows": article(TITLE, DEED, published=None),
    "question": article("Has Northwind dropped facial recognition?", "It rained on Tuesday."),
}


@pytest.mark.parametrize("name", UNPUBLISHED)
def test_nothing_of_it_is_published(name, chain, registry):
    assert published(chain(UNPUBLISHED[name], registry)) == []


def test_a_timeline_is_background(chain, registry):
    found = chain(UNPUBLISHED["timeline"], registry)
    assert {a.novelty for a in found.announcements} <= {Novelty.BACKGROUND}


def test_a_round_up_gives_each_of_ten_companies_its_own_deed_and_no_other(chain):
    names = "Ashworth Birchall Corvane Dunmere Elverton Fairlode Garrick Halloway Ivering Jessop"
    companies = [f"{name} Labs" for name in names.split()]
    known = Registry(
        tuple(
            Organisation(name.split()[0].lower(), name, OrganisationKind.COMPANY, (Name(name),))
            for name in companies
        )
    )
    deeds = [
        f"{name} scrapped its facial recognition service on Tuesday."
        if place % 2
        else f"{name} banned political ads on Tuesday."
        for place, name in enumerate(companies)
    ]
    found = chain(article("Ten companies and their rules", *deeds), known)
    for announcement in found.announcements:
        assert announcement.company in announcement.span.quote
        odd = companies.index(announcement.company) % 2
        assert (announcement.topic == "facial_recognition") is bool(odd)


def test_a_syndicated_copy_says_the_same(chain, registry):
    first = chain(article(TITLE, DEED, "It rained."), registry)
    again = chain(article(TITLE, f"SEATTLE (AP) — {DEED}", "It rained."), registry)

    def told(found):
        return [(a.company, a.act, a.topic, a.disposition) for a in found.announcements]

    assert (
        told(first)
        == told(again)
        == [("Northwind", Act.ENDS, "facial_recognition", Disposition.PUBLISH)]
    )


def test_a_press_release_speaks_for_its_company(chain, registry):
    found = chain(
        article(
            TITLE,
            "SEATTLE, March 10, 2022 /PRNewswire/ -- Northwind today announced that it has stopped "
            "selling facial recognition to the police.",
        ),
        registry,
    )
    assert [(a.company, a.act) for a in found.announcements] == [("Northwind", Act.ENDS)]


def test_a_name_in_another_language_is_the_same_organisation(chain):
    regulator = Organisation(
        "privacy-board",
        "Privacy Board",
        OrganisationKind.REGULATOR,
        (Name("Commission de la vie privée"),),
    )
    northwind = Organisation("northwind", "Northwind", OrganisationKind.COMPANY, ())
    found = chain(
        article(
            "Northwind fined over facial recognition",
            "The Commission de la vie privée fined Northwind 2 million euros on Tuesday over its "
            "use of facial recognition.",
        ),
        Registry((northwind, regulator)),
    )
    assert {r.actor for r in found.reactions} == {"Privacy Board"}
    assert found.announcements == ()
