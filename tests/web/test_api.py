"""The interface for programs says what the pages say, and describes itself."""

import json
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import Reader

SAME = {
    "/stances?company=acme": "/events.json?company=acme",
    "/stances/acme-ends": "/e/acme-ends.json",
    "/companies": "/c.json",
    "/companies/acme": "/c/acme.json",
    "/companies/acme/facial-recognition": "/c/acme/facial-recognition.json",
    "/topics": "/t.json",
    "/topics/facial-recognition": "/t/facial-recognition.json",
    "/positions?country=DE": "/matrix.json?country=DE",
    "/calls": "/silent.json",
    "/calls/c1": "/calls/c1.json",
    "/organisations": "/o.json",
    "/organisations/rights-now": "/o/rights-now.json",
    "/commitments": "/commitments.json",
    "/comparison?company=acme&company=globex": "/compare.json?company=acme&company=globex",
    "/corrections": "/corrections.json",
    "/sources": "/sources.json",
    "/search?q=acme": "/search.json?q=acme",
}


@pytest.mark.parametrize("path", SAME)
def test_it_says_what_the_page_says(reader: Reader, filled: dict[str, int], path: str) -> None:
    told = json.loads(reader.get(f"/api/v1{path}"))
    page = json.loads(reader.get(SAME[path]))
    assert told["data"] == page["data"]
    assert told["licence"].startswith("CC BY 4.0")


def test_every_address_is_described(reader: Reader) -> None:
    described = json.loads(reader.get("/api/openapi.json"))
    assert described["openapi"] == "3.1.0"
    paths = described["paths"]
    assert len(paths) == len(SAME)
    index = json.loads(reader.get("/api/v1/"))["data"]
    assert [urlsplit(one["url"]).path.replace("<", "{").replace(">", "}") for one in index] == [
        f"/api/v1{path}" for path in paths
    ]
    named = {one["name"] for one in paths["/stances"]["get"]["parameters"]}
    assert {"company", "topic", "country", "sector", "after", "before", "q", "page"} <= named
    assert paths["/stances/{id_}"]["get"]["parameters"][0]["in"] == "path"


def test_faults_are_told_to_programs(reader: Reader, filled: dict[str, int]) -> None:
    told = json.loads(reader.get("/api/v1/stances?act=eats", status=400))
    assert "“eats” is no act" in told["said"]
    reader.get("/api/v1/companies/nobody", status=404)
