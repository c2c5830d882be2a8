"""Each kind of page says the same as its .json and its .csv, over all that ships."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from tests.parts.clock import Clock
from tests.web.conftest import BASE, Parts
from tests.web.ledger import Ledger
from tracker.config import Settings
from tracker.domain.codes import PositionWord
from tracker.pipeline import catalog, downloads, review
from tracker.pipeline.editor import Editor
from tracker.store import migrate
from tracker.store.database import Database
from tracker.web import create_app, wording

NOW = datetime(2026, 3, 15, tzinfo=UTC)
EVENTS = (
    "/events",
    "/events?page=3",
    "/events?moved=yes&page=2",
    "/events?country=US&year=2020&track=does&level=all",
    "/t/facial-recognition",
    "/t/facial-recognition?as_of=2020-06-30",
    "/t/election-integrity",
    "/t/facial-recognition?as_of=2020-06-30&known=then",
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

NARROWED = ("/events", "/t/facial-recognition", "/c/amazon", "/c/ring", "/matrix")
SAID = (
    "/",
    "/t/climate",
    "/c/apple",
    "/c/ring",
    "/c/amazon/facial-recognition?as_of=2020-12-31",
    "/compare?company=ibm&company=microsoft",
    "/calls/c003",
    "/o/aclu",
)

MATRICES = (
    "/matrix",
    "/matrix?rows=3&columns=2&level=all",
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
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.source("Down", fault="theirs", last_ok=NOW - timedelta(days=4))
        ledger.source("Well", last_ok=NOW - timedelta(minutes=3))
    folder = tmp_path_factory.mktemp("downloads")
    settings = Settings.model_validate({"web": {"downloads_folder": folder}})
    editor = Editor("ana", NOW, "tracker.example", "The page says it otherwise.")
    edits = {"act": "safeguards"}
    review.amend(database, "zoom-2020-06-17-e2ee-all", edits, editor)
    review.withdraw(database, "zoom-2023-03-tos-ai", editor)
    downloads.make(database, folder, BASE, Clock(NOW))
    yield create_app(Parts(settings, database, Clock(NOW))).test_client()
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


@pytest.mark.parametrize("path", NARROWED)
def test_each_filter_that_a_page_offers(client: FlaskClient, path: str) -> None:
    fields = html.fromstring(client.get(path, base_url=BASE).text).xpath("//main//select")
    offered = {one.get("name"): [*filter(None, one.xpath("option/@value"))] for one in fields}
    offered.pop("known", None)
    for name, values in offered.items():
        wanted = {name: values[-1], **({"rows": 200} if path == "/matrix" else {})}
        check = test_the_matrix if path == "/matrix" else test_events
        check(client, f"{path}?{urlencode(wanted | {'columns': 200})}")
    for name in ("country", "sector"):
        for value in offered.get(name, ()):
            found = client.get(f"{path}.csv?{urlencode({name: value})}", base_url=BASE)
            assert found.status_code == 200, (name, value)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_sentences(client: FlaskClient, lang: str) -> None:
    for path in SAID:
        told = Told(client, f"{path}{'&' if '?' in path else '?'}lang={lang}")
        whole = json.loads(told.form(".json"))
        parts = [one["sentence"] for one in whole["data"].get("sentences", ())]
        said = [*parts, whole.get("sentence"), whole["data"].get("sentence")]
        assert any(said), path
        assert [one for one in said if one and one not in told.text] == []


def test_lists(client: FlaskClient) -> None:
    companies = Told(client, "/c")
    shown = [
        (words(row.find("th")), words(row.findall("td")[1]), words(row.findall("td")[2]))
        for row in companies.each(".//tbody/tr")
    ]
    wanted = [(one["company"]["name"], str(one["stances"]), one["last"]) for one in companies.json]
    assert [(name, number, day[:4]) for name, number, day in wanted] == shown
    assert [(row["company"], row["stances"], row["last"]) for row in companies.csv] == wanted

    for row, one in zip(companies.each(".//tbody/tr"), companies.json, strict=True):
        own = [standing for standing in one["standings"] if standing["brand"] is None]
        assert [words(a) for a in row.xpath("td/ul/li[a and span]/a")] == [
            standing["topic"]["name"] for standing in own[:3]
        ]
        since = [standing["since"] for standing in own]
        assert since == sorted(since, reverse=True), "what is old does not hide what is new"

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


def test_promises_of_every_filter(client: FlaskClient) -> None:
    every = Told(client, "/commitments?level=all")
    chosen = [str(one) for one in every.page.xpath(".//nav/a/@href") if "state=" in one]
    assert len(chosen) > 2
    numbers = dict(every.json["states"])
    for path in (
        *chosen,
        "/commitments",
        "/commitments?company=apple",
        "/commitments?topic=climate",
    ):
        listed = require_promises(client, path)
        state = path.rpartition("state=")[2] if "state=" in path else ""
        assert listed == numbers.get(state.partition("&")[0], listed)


def require_promises(client: FlaskClient, path: str) -> int:
    promises = Told(client, path)
    number = len(promises.json["commitments"])
    plural = "" if number == 1 else "s"
    assert f"{number} promise{plural} that can be tested." in promises.text
    assert promises.form(".atom").count("<entry>") == number
    for one, row, shown in zip(
        promises.json["commitments"], promises.csv, promises.each(".//tbody/tr"), strict=True
    ):
        for name in ("id", "promised", "date", "due", "condition", "state", "since", "days_left"):
            assert row[name] == cell(one[name])
        assert " ".join(one["promised"].split()) in words(shown)
        assert words(shown).startswith(one["company"]["name"])
        assert wording.commitment_state(one["state"]).partition(":")[0] in words(shown)
    return number


def test_corrections(client: FlaskClient) -> None:
    corrections = Told(client, "/corrections")
    rows = corrections.each(".//ol/li")
    assert {one["kind"] for one in corrections.json} == {"amended", "withdrawn"}
    told = json.loads(corrections.form(".json"))
    assert (told["page"], told["older"]) == (1, False)
    assert client.get("/corrections?page=2", base_url=BASE).status_code == 404
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


def test_a_record_that_was_taken_back_says_when_and_why(client: FlaskClient) -> None:
    for form in ("", ".json"):
        gone = client.get(f"/e/zoom-2023-03-tos-ai{form}", base_url=BASE)
        assert gone.status_code == 410
        assert "It was withdrawn on 15 Mar 2026. The page says it otherwise." in gone.text
    assert client.get("/e/never-was", base_url=BASE).status_code == 404


def test_every_country_and_sector_that_is_offered_has_an_event(client: FlaskClient) -> None:
    page = Told(client, "/events").page
    for name in ("country", "sector"):
        for value in page.xpath(f".//select[@name='{name}']/option/@value"):
            if value:
                assert Told(client, f"/events?{name}={quote(value)}").json["total"], value


def test_sources_of_every_state(client: FlaskClient) -> None:
    every = Told(client, "/sources")
    states = Counter(one["health"] for one in every.json)
    assert set(states) == {"failing", "waiting", "well"}
    assert json.loads(every.form(".json"))["by_state"] == states
    for path in ("/sources", *(f"/sources?health={state}" for state in states)):
        told = Told(client, path)
        for state, number in states.items():
            assert f"{number} {wording.health(state)}" in told.text
        wanted = path.partition("health=")[2]
        assert [one for one in every.json if wanted in ("", one["health"])] == told.json
        for one, row, shown in zip(told.json, told.csv, told.each(".//tbody/tr"), strict=True):
            for name in ("title", "url", "status", "health", "last_ok", "last_error", "tier"):
                assert row[name] == cell(one[name]), name
            said = words(shown)
            assert said.startswith(" ".join(one["title"].split()))
            assert wording.health(one["health"]) in said
            assert (one["last_error"] or "") in said


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


SEARCHES = (
    "q=police",
    "q=police&page=2",
    "q=police&sort=fit",
    "q=%22facial+recognition%22+-police",
    "q=company:amazon&kind=stance&year=2020",
    "q=surveil*&kind=call",
    "kind=organisation&country=US&page=3",
    "q=xyzzy",
)


@pytest.mark.parametrize("query", SEARCHES)
def test_searches(client: FlaskClient, query: str) -> None:
    told = Told(client, f"/search?{query}")
    found = told.json["results"]
    shown = told.each(".//ol[@class='events']/li")
    feed = html.fromstring(told.form(".atom").encode())
    titles = [str(one) for one in feed.xpath("//entry/title/text()")]
    ids = []
    for hit, row, one, title in zip(found["hits"], told.csv, shown, titles, strict=True):
        text = "".join(piece["text"] for piece in hit["pieces"])
        assert (row["kind"], row["id"], row["date"]) == (
            hit["kind"],
            hit["record"],
            cell(hit["day"]),
        )
        assert (row["title"], row["text"]) == (cell(hit["title"]), cell(text))
        assert words(one.find("h2")) == " ".join(hit["title"].split())
        assert words(one.xpath("p[@class='snip']")[0]) == " ".join(text.split())
        marked = [words(mark) for mark in one.xpath(".//mark")]
        assert marked == [piece["text"] for piece in hit["pieces"] if piece["hit"]]
        assert [str(day)[:4] for day in one.xpath(".//time/@datetime")] == (
            [hit["day"][:4]] if hit["day"] else []
        )
        ids += [hit["record"]] if hit["kind"] == "stance" else []
        assert hit["kind"] == "stance" or " ".join(hit["title"].split()) in title
    in_calendar = re.findall("UID:(.+)@stance", told.form(".ics").replace("\r\n ", ""))
    assert sorted(in_calendar) == sorted(ids)
    plural = "" if found["total"] == 1 else "s"
    said = f"{found['total']} result{plural}" if found["total"] else "Nothing on record fits."
    assert said in told.text
    require_facets(client, told, found["facets"])


def require_facets(client: FlaskClient, told: Told, facets: list[Any]) -> None:
    """Each facet tells how many it leads to; the least of each field is followed."""
    counts: dict[str, list[str]] = {}
    for one in facets:
        counts.setdefault(one["field"], []).append(f"{one['count']:,}")
    for section in told.each(".//section[@class='facet']"):
        field = section.get("aria-labelledby").removeprefix("f-")
        free = section.xpath(".//li[small]")
        numbers = [words(one.find("small")) for one in free]
        assert Counter(numbers) <= Counter(counts[field])
        if free:
            (address,) = free[-1].xpath("a/@href")
            leads_to = Told(client, str(address)).json["results"]["total"]
            assert f"{leads_to:,}" == numbers[-1], address


def test_data(client: FlaskClient) -> None:
    told = Told(client, "/data")
    data = told.json
    totals = data["totals"]
    assert f"{totals['stances']} events of {totals['companies']} companies" in told.text
    assert f"{totals['reactions']} reactions" in told.text
    assert f"Version {data['version']} of the data" in told.text
    rows = told.each(".//section[@aria-labelledby='whole']//tbody/tr")
    for one, shown in zip(data["whole"], rows, strict=True):
        assert words(shown.find("th")) == one["name"]
        assert [str(name) for name in shown.xpath("td/a/text()")] == [
            f["name"] for f in one["files"]
        ]
        assert words(shown.xpath("td")[0]) == f"{one['files'][0]['rows']:,}"
        sums = [str(part).rstrip("…") for part in shown.xpath(".//code/text()")]
        assert [file["sha256"][:12] for file in one["files"]] == sums
    columns = told.each(".//section[@aria-labelledby='columns']//tbody/tr")
    known = [column for one in data["whole"] for column in one["columns"]]
    for column, shown in zip(known, columns, strict=True):
        assert words(shown.find("th")) == column["name"]
        assert column["meaning"] in words(shown)
    pages = told.each(".//section[@aria-labelledby='pages']//tbody/tr")
    assert [words(one.find("th")) for one in pages] == [name for name, *_ in data["files"]]
    for (_name, path, forms, text), shown in zip(data["files"], pages, strict=True):
        assert text in words(shown)
        wanted = [path, *(f"{path}.{form}" for form in forms)]
        assert [str(one) for one in shown.xpath(".//a/@href")] == wanted


def test_method(client: FlaskClient) -> None:
    told = Told(client, "/method")
    method = told.json
    lines = told.each(".//h2[@id='positions']/following-sibling::div[1]//tbody/tr")
    for one, shown in zip(method["words"], lines, strict=True):
        cells = [words(part) for part in shown]
        assert cells == [one[name] for name in ("practice", "practice", "protection", "meaning")]
    rules = told.each(".//h2[@id='table']/following-sibling::div[1]//tbody/tr")
    for one, shown in zip(method["rules"], rules, strict=True):
        cells = [words(part) for part in shown]
        assert cells == [one[name] for name in ("row", "acts", "when", "says", "does")]
    text = told.text
    for name, meaning in method["principles"]:
        assert f"{name} {meaning}" in text or f"{name}{meaning}" in text, name
    named = [words(one) for one in told.each(".//h2[@id='topics']/following-sibling::dl/dt/a")]
    assert sorted(named) == sorted(one["name"] for one in method["topics"])
    assert [one for one in method["topics"] if one["reference_side"] not in text] == []
    programs = told.each(".//h2[@id='versions']/following-sibling::div[1]//tbody/tr")
    assert [words(one.find("th")) for one in programs] == [
        one["name"] for one in method["programs"]
    ]


def test_events_and_home(client: FlaskClient) -> None:
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
