"""Silence is visible: incidents open and close by themselves, the operator gets one note."""

from tests.flow.conftest import FEED, TITLE, add_source
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.app import App
from tracker.config import Settings
from tracker.domain.health import IncidentKind
from tracker.pipeline.doctor import State, examine
from tracker.store import incidents
from tracker.store.incidents import Incident
from tracker.store.schema import SourceRow
from tracker.store.views import installation
from tracker.web import create_app

DESK = "desk@rights.example"


def told_of(app: App) -> App:
    mail = app.settings.mail.model_copy(update={"operator": DESK})
    settings = Settings.model_validate(app.settings.model_dump(by_alias=True))
    return App(settings.model_copy(update={"mail": mail}), now=app.now, database=app.database)


def open_ones(app: App) -> list[Incident]:
    with app.database.reading() as session:
        return incidents.open_ones(session)


def test_a_source_that_fails_for_a_day_is_an_incident_until_it_is_well(
    app: App, site: Site, clock: Clock, mailbox: Mailbox
) -> None:
    desk = told_of(app)
    add_source(app, site.put("/feed", status=500))
    app.poll(10)
    desk.watch_health()
    assert open_ones(app) == []
    clock.advance(hours=25)
    for _ in range(2):
        app.poll(10)
        desk.watch_health()
    (incident,) = open_ones(app)
    assert incident.kind is IncidentKind.FAILING
    assert "500" in incident.what
    (note,) = mailbox.to(DESK)
    assert "SITE/feed".replace("SITE", site.url) in note.get_content()
    site.put("/feed", FEED.format(title=TITLE, path="/ibm"))
    clock.advance(days=2)
    app.poll(10)
    desk.watch_health()
    assert open_ones(app) == []
    assert len(mailbox.to(DESK)) == 1


def test_what_is_wrong_with_a_source_is_told_by_doctor_and_page(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", FEED.format(title=TITLE, path="/ibm")))
    with app.database.transaction() as session:
        row = session.query(SourceRow).filter(SourceRow.url == f"{site.url}/feed").one()
        row.overflowed_at = app.now()
        number = row.id
    app.watch_health()
    lines = [
        line for line in examine(app.database, app.now(), app.now()) if "may have" in str(line)
    ]
    assert [(line.state, line.what) for line in lines] == [(State.WARN, f"source {number}")]
    with app.database.reading() as session:
        shown = {line.id: line for line in installation.sources(session, app.now().date())}
    assert shown[number].incidents == (("missed", app.now()),)
    page = create_app(app).test_client().get("/sources").get_data(as_text=True)
    assert "entries may have come and gone unseen (since 9 Jun 2020)" in page


def test_a_note_that_cannot_be_sent_is_sent_next_time(
    app: App, site: Site, clock: Clock, mailbox: Mailbox
) -> None:
    add_source(app, site.put("/feed", status=404))
    app.poll(10)
    clock.advance(days=2)
    app.watch_health()
    assert mailbox.to(DESK) == []
    assert [one.told_at for one in open_ones(app)] == [None]
    told_of(app).watch_health()
    assert len(mailbox.to(DESK)) == 1
