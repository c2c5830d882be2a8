import os
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tracker.domain.codes import NameKind, OrganisationKind
from tracker.domain.model import Name, Organisation, Parent, Person, Registry
from tracker.extraction import Chain, build

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("STANCE_TRACKER_SHARED", ROOT.parent / "shared"))


def company(slug, name, *names, **more):
    return Organisation(slug, name, OrganisationKind.COMPANY, tuple(names), **more)


def group(slug, name, *aliases, **more):
    names = tuple(Name(alias) for alias in aliases)
    return Organisation(slug, name, OrganisationKind.ADVOCACY_GROUP, names, **more)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(
        (
            company("northwind", "Northwind", Name("Northwind Labs")),
            company("amazon", "Amazon", Name("Alexa", NameKind.BRAND), ambiguous=True),
            company("ring", "Ring", parents=(Parent("amazon", date(2018, 4, 1)),), ambiguous=True),
            company("microsoft", "Microsoft"),
            company("apple", "Apple", ambiguous=True),
            company(
                "meta", "Meta", Name("Facebook"), Name("Instagram", NameKind.BRAND), ambiguous=True
            ),
            company("target", "Target", ambiguous=True),
            company("signal", "Signal", ambiguous=True),
            company("x", "X", Name("Twitter"), ambiguous=True, standalone=True),
            company("google", "Google", standalone=True),
            group("aclu", "ACLU", "American Civil Liberties Union", domain="aclu.org"),
            group("liberty", "Liberty"),
            group("eff", "EFF", "Electronic Frontier Foundation"),
            Organisation(
                "ftc", "Federal Trade Commission", OrganisationKind.REGULATOR, (Name("FTC"),)
            ),
        ),
        (Person("Dana Whitfield", "northwind", "CEO"),),
    )


@pytest.fixture(scope="session")
def chain() -> Chain:
    return build()


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "corpus" / "seed").is_dir():
        pytest.skip("the shared folder is not here")
    return SHARED


@pytest.fixture(scope="session")
def shipped(shared) -> Registry:
    rows = tomllib.loads((shared / "data" / "organisations.toml").read_text(encoding="utf-8"))
    organisations = tuple(_organisation(row) for row in rows["organisation"])
    people = tuple(Person(p["name"], p["organisation"], p.get("role")) for p in rows["person"])
    return Registry(organisations, people)


def _organisation(row):
    kinds = {kind.value: kind for kind in OrganisationKind}
    names = [Name(each) for each in row.get("aliases", [])]
    names += [Name(each, NameKind.BRAND) for each in row.get("brands", [])]
    return Organisation(
        row["slug"],
        row["name"],
        kinds.get(row["kind"], OrganisationKind.ADVOCACY_GROUP),
        tuple(names),
        (Parent(row["parent"]),) if row.get("parent") else (),
        row.get("standalone", False),
        row.get("ambiguous", False),
    )
