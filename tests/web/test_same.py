"""Each kind of page says the same as its .json and its .csv, over all that ships."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from tests.parts.clock import Clock
from tests.web.conftest import BASE, Parts
from tracker.config import Settings
from tracker.domain.codes import PositionWord
from tracker.pipeline import catalog, review
from tracker.pipeline.editor import Editor
from tracker.store import migrate
from tracker.store.database import Database
from tracker.web import create_app, wording

NOW = datetime(2026, 3, 15, tzinfo=UTC)
EVENTS = (
    "/events",
    "/events?page=3",
    "/events?moved=yes&page=2",
    "/events?company=google",
    "/events?country=US&year=2020&track=does&level=all",
    "/t/facial-recognition",
    "/t/facial-recognition?as_of=2020-06-30",
    "/t/election-integrity",
    "/t/facial-recognition?as_of=2020-06-30&known=then",
    "/t/facial-recognition?year=2020&act=pauses",
    "/c/microsoft",
    "/c/microsoft?topic=facial-recognition&level=all",
    "/c/ring",
    "/c/amazon/facial-recognition",
    "/compare?company=ibm&company=microsoft&topic=facial-recognition",
)
CALLS = (
    "/silent",
    "/silent?topic=facial-recognition&as_of=2021-01-01",
    "/silent?show=all&company=amazon",
    "/o/aclu",
    "/calls/c003",
)

MATRICES = (
    "/matrix?rows=200&columns=200",
    "/matrix?rows=200&columns=200&as_of=2020-12-31&known=then",
    "/matrix?country=US&topic=facial-recognition",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The dashboard over the shipped history, of which a person corrected two records."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('same') / 'tracker.db'}")
    migrate.upgrade(database)
    catalog.load_starter(database, NOW, with_history=True)
    editor = Editor("ana", NOW, "tracker.example", "The page says it otherwise.")
    edits = {"act": "safeguards"}
    review.amend(database, "zoom-2020-06-17-e2ee-all", edits, editor)
    review.withdraw(database, "zoom-2023-03-tos-ai", editor)
    yield create_app(Parts(Settings(), database, Clock(NOW))).test_client()
    database.close()


class Told:
    """One page in its three forms."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self._client, self._path = client, path
        self.page: HtmlElement = html.fromstring(self.form("")).find(".//main")
        self.text = words(self.page)

    def form(self, form: str) -> str:
        """The page in this form: the ending of its address."""
        bare, mark, asked = self._path.partition("?")
        bare = "/index" if form and bare == "/" else bare
        answer = self._client.get(f"{bare}{form}{mark}{asked}", base_url=BASE)
        assert answer.status_code == 200, (self._path, form)
        return answer.get_data(as_text=True)

    @property
    def json(self) -> Any:
        return json.loads(self.form(".json"))["data"]

    @property
    def csv(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.form(".csv"), newline="")))

    def each(self, path: str) -> list[HtmlElement]:
        found: list[HtmlElement] = self.page.xpath(path)
        return found


def words(element: HtmlElement) -> str:
    return " ".join(str(element.xpath("string()")).split())


def lines(texts: Sequence[str | None]) -> list[str]:
    return [" ".join((text or "").split()) for text in texts]


def cell(value: object) -> str:
    """A value of JSON as CSV has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


@pytest.mark.parametrize("path", EVENTS)
def test_events(client: FlaskClient, path: str) -> None:
    told = Told(client, path)
    every, table = told.json["stances"], told.csv
    assert [row["id"] for row in table] == [one["id"] for one in every]
    for one, row in zip(every, table, strict=True):
        assert row["company"] == one["company"]["name"]
        for name in ("act", "date", "precision", "level", "summary", "brand", "origin"):
            assert row[name] == cell(one[name]), (one["id"], name)
        assert row["quote"] == cell(one["quote"] and one["quote"]["text"])
    listed = told.each(".//li[contains(@class, 'ev')]")
    if path.startswith("/compare"):
        assert not listed, "the events are marks on its charts"
    else:
        require_told(listed, every, "stances_in_all" in told.json)
    if "stances_in_all" in told.json:
        assert told.json["stances_in_all"] == len(every)
        assert f"{len(every)} event" in told.text
    assert told.json.get("sentence", "") in told.text
    ids = [one["id"] for one in every]
    assert re.findall('<link href="http[^"]*/e/([^"]+)"', told.form(".atom")) == ids[:50]
    assert re.findall("UID:(.+)@stance", told.form(".ics").replace("\r\n ", "")) == ids


def require_told(listed: list[HtmlElement], every: list[Any], counted: bool) -> None:
    """The list of a page tells the first of these events, each with its facts."""
    by_id = {one["id"]: one for one in every}
    ids = [[shown.get("id"), *shown.xpath(".//p[@class='with']/a/@id")] for shown in listed]
    there = [id_ for group in ids for id_ in group]
    assert sorted(there) == sorted(list(by_id)[: len(there)])
    assert len(there) == min(len(every), 80)
    assert [first for first, *_ in ids] == [id_ for id_ in by_id if id_ in {one[0] for one in ids}]
    for shown, (first, *others) in zip(listed, ids, strict=True):
        one = by_id[first]
        for other in others:
            assert by_id[other]["joint_id"] == one["joint_id"] is not None
            assert by_id[other]["company"]["name"] in words(shown.xpath(".//p[@class='with']")[0])
        day = shown.xpath(".//time/@datetime")[0]
        assert one["date"].startswith(day)
        if one["summary"]:
            assert words(shown.xpath(".//*[@class='headline']")[0]) == " ".join(
                one["summary"].split()
            )
        quotes = lines([str(q.xpath("string()")) for q in shown.xpath(".//blockquote/p")])
        assert quotes == lines([one["quote"]["text"]] if one["quote"] else [])
        tags = [words(tag) for tag in shown.xpath(".//*[@class='tag']")]
        assert ("Source only" in tags) == one["source_only"]
        plural = "" if one["independent"] == 1 else "s"
        kind = "independent source" if one["compared"] else "source"
        if counted:
            assert f"{one['independent']} {kind}{plural}" in words(shown)
        named = [words(name) for name in shown.xpath(".//a[@class='co']")]
        assert named[0] in (one["company"]["name"], one["topics"][0]["name"])


@pytest.mark.parametrize("path", CALLS)
def test_calls(client: FlaskClient, path: str) -> None:
    told = Told(client, path)
    data = told.json
    every = [one["line"] for one in data["addressees"]] if "addressees" in data else data["calls"]
    table = told.csv
    names = ("call", "asked", "date", "precision", "deadline", "status", "days", "days_at_least")
    assert every
    for one, row in zip(every, table, strict=True):
        assert row["company"] == one["company"]["name"]
        assert row["callers"] == "; ".join(one["callers"])
        for name in names:
            assert row[name] == cell(one[name]), (one["call"], name)
        assert one["company"]["name"] in told.text
        assert " ".join(one["asked"].split()) in told.text
    if path.startswith("/silent"):
        shown = told.each(".//tbody/tr")
        assert [words(one.find("th")) for one in shown] == [one["company"]["name"] for one in every]
        days = [words(one.xpath("td[contains(@class, 'num')]")[0]) for one in shown]
        wanted = [f"{'≥ ' if one['days_at_least'] else ''}{one['days']:,}" for one in every]
        assert days == wanted
    if path == "/o/aclu":
        assert len(told.each(".//ul[contains(@class, 'rs')]/li")) == len(data["reactions"])


def test_lists(client: FlaskClient) -> None:
    companies = Told(client, "/c")
    shown = [
        (words(row.find("th")), words(row.findall("td")[1]), words(row.findall("td")[2]))
        for row in companies.each(".//tbody/tr")
    ]
    wanted = [(one["company"]["name"], str(one["stances"]), one["last"]) for one in companies.json]
    assert [(name, number, day[:4]) for name, number, day in wanted] == shown
    assert [(row["company"], row["stances"], row["last"]) for row in companies.csv] == wanted

    topics = Told(client, "/t")
    shown_topics = sorted(words(one) for one in topics.each(".//section//li/a"))
    assert shown_topics == sorted(one["topic"]["name"] for one in topics.json)
    assert [row["name"] for row in topics.csv] == [one["topic"]["name"] for one in topics.json]
    for one, row in zip(topics.json, topics.csv, strict=True):
        assert (row["stances"], row["companies"]) == (str(one["stances"]), str(one["companies"]))
        if one["stances"]:
            plural = "" if one["stances"] == 1 else "s"
            assert f"{one['topic']['name']} " in topics.text
            assert f"{one['stances']} event{plural} of {one['companies']} compan" in topics.text

    groups = Told(client, "/o")
    shown_groups = [
        tuple(words(part) for part in (row.find("th"), *row.findall("td")[1:]))
        for row in groups.each(".//tbody/tr")
    ]
    found = [
        (one["group"]["name"], str(one["calls"]), str(one["reactions"])) for one in groups.json
    ]
    assert shown_groups == found
    assert [(row["name"], row["calls"], row["reactions"]) for row in groups.csv] == found


def test_promises_corrections_and_sources(client: FlaskClient) -> None:
    promises = Told(client, "/commitments")
    assert promises.json["commitments"]
    for one, row, shown in zip(
        promises.json["commitments"], promises.csv, promises.each(".//tbody/tr"), strict=True
    ):
        for name in ("id", "promised", "date", "due", "condition", "state", "since", "days_left"):
            assert row[name] == cell(one[name])
        assert " ".join(one["promised"].split()) in words(shown)
        assert words(shown).startswith(one["company"]["name"])
        assert wording.commitment_state(one["state"]).partition(":")[0] in words(shown)

    corrections = Told(client, "/corrections")
    rows = corrections.each(".//ol/li")
    assert {one["kind"] for one in corrections.json} == {"amended", "withdrawn"}
    for one, row, shown in zip(corrections.json, corrections.csv, rows, strict=True):
        for name in ("at", "kind", "record_kind", "record", "was", "now", "why"):
            assert row[name] == cell(one[name])
        assert shown.xpath(".//time/@datetime") == [one["at"]]
        assert wording.correction(one["kind"]) in words(shown)
        assert lines(shown.xpath(".//del/text()")) == lines([one["was"]] if one["was"] else [])
        assert lines(shown.xpath(".//ins/text()")) == lines([one["now"]] if one["now"] else [])
        assert f"The reason: {one['why']}" in words(shown)
        head = one["stance"]["summary"] if one["stance"] else f"Event {one['record']}"
        assert words(shown.find("h2")) == " ".join(head.split())

    sources = Told(client, "/sources")
    rows = sources.each(".//tbody/tr")
    for one, row, shown in zip(sources.json, sources.csv, rows, strict=True):
        assert (row["title"], row["url"]) == (one["title"], one["url"])
        assert (row["status"], row["health"]) == (one["status"], one["health"])
        assert " ".join(one["title"].split()) in words(shown)


@pytest.mark.parametrize("path", MATRICES)
def test_the_matrix(client: FlaskClient, path: str) -> None:
    told = Told(client, path)
    by_place = {(row["company"], row["topic"], row["brand"]): row for row in told.csv}
    topics = [topic["code"] for topic in told.json["topics"]]
    shown = told.each(".//table[@class='matrix']/tbody/tr")
    cells = 0
    for row, one in zip(shown, told.json["rows"], strict=True):
        name = one["company"]["name"]
        assert words(row.find("th")) == name
        for topic, look, cell_ in zip(topics, row.xpath("td/a"), one["cells"], strict=True):
            standing = cell_["standing"]
            if standing is None:
                assert (name, topic, "") not in by_place
                continue
            cells += 1
            listed = by_place[name, topic, ""]
            spans = [standing[track] for track in ("says", "does") if standing[track]]
            for track in ("says", "does"):
                assert listed[track] == (standing[track]["word"] if standing[track] else "")
            said = {listed[f"{track}_word"] for track in ("says", "does")} - {""}
            assert all(word in words(look) for word in said), (name, topic)
            assert listed["since"] == standing["since"] == max(span["since"] for span in spans)
            said_in_full = listed["says_word"] == "Pledged in full"
            assert not said_in_full or standing["only_said"], (name, topic)
            assert ("split" in look.get("class").split()) == standing["split"]
            assert spans[0]["word"] in {word.value for word in PositionWord}
    assert cells == sum(row["brand"] == "" for row in told.csv)


def test_search_and_one_event(client: FlaskClient) -> None:
    told = Told(client, "/search?q=police")
    hits = told.json["results"]["hits"]
    assert [row["title"] for row in told.csv] == [cell(hit["title"]) for hit in hits]
    assert len(told.each(".//ol[@class='events']/li")) == len(hits)
    assert f"{told.json['results']['total']}" in told.text

    event = Told(client, "/e/ibm-2020-06-08-fr-exit")
    stance = event.json["stance"]
    assert " ".join((stance["summary"] or "").split()) in event.text
    for one in stance["reactions"]:
        assert one["actor"] in event.text
    for link in event.json["sources"]:
        assert link["host"] in event.text

    event = Told(client, "/e/zoom-2020-06-17-e2ee-all")
    related = event.each(".//section[h2='Before and after']//li")
    assert event.json["relations"]
    for one, shown in zip(event.json["relations"], related, strict=True):
        kind = wording.relation(one["kind"], outgoing=one["outgoing"])
        other = one["other"]
        assert words(shown).startswith(f"{wording.capital(kind)}: {other['summary']}")
        assert shown.xpath(".//a/@href") == [f"/e/{other['id']}"]
    done = event.each(".//ol[@class='history']/li")
    assert len(event.json["history"]) > 1
    for one, shown in zip(event.json["history"], done, strict=True):
        assert shown.xpath(".//time/@datetime") == [one["at"]]
        who = one["by"] or "a person of this installation"
        why = f": {one['why']}" if one["why"] else ""
        assert words(shown).endswith(f"{wording.step(one['action'])}, {who}{why}")

    home = Told(client, "/")
    changes = home.json["changes"]
    cards = [words(one) for one in home.each(".//li[@class='card']//a[@class='co']")]
    assert cards == [one["move"]["company"]["name"] for one in changes]
    totals = home.json["totals"]
    assert f"{totals['stances']} events of {totals['companies']} companies" in home.text
    assert home.json["sentence"] in home.text
