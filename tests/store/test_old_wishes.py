"""Wishes of the first version, a company and a topic each, become queries and keep their owners."""

from tracker.store import migrate, subscribers
from tracker.store.database import Database

OLD = (
    "INSERT INTO organisations (id, slug, name, kind, origin, standalone, ambiguous)"
    " VALUES (1, 'ibm', 'IBM', 'company', 'starter', false, false)",
    "INSERT INTO topics (code, slug, topic_group, name, covers, cues, excludes, reference_side,"
    " contested, kind, practice, place) VALUES ('facial_recognition', 'facial-recognition', 'B',"
    " 'Facial recognition', '', '', '', '', false, 'practice', 'using it', 1)",
    "INSERT INTO subscribers (id, address, token, state, created_at, confirmed_at) VALUES"
    " (1, 'ana@ngo.example', 'own', 'active', '2020-06-01 00:00:00', '2020-06-01 00:00:00')",
    "INSERT INTO subscriptions (id, subscriber_id, company_id, topic, state, token, created_at)"
    " VALUES (1, 1, 1, 'facial_recognition', 'active', 'a', '2020-06-01 00:00:00'),"
    " (2, 1, 1, NULL, 'active', 'b', '2020-06-01 00:00:00'),"
    " (3, 1, NULL, 'facial_recognition', 'ended', 'c', '2020-06-01 00:00:00'),"
    " (4, 1, NULL, NULL, 'pending', 'd', '2020-06-01 00:00:00')",
)


def test_old_wishes_ask_for_the_same(bare_database: Database) -> None:
    migrate.upgrade(bare_database, "0006")
    with bare_database.connecting() as connection, connection.begin():
        for statement in OLD:
            connection.exec_driver_sql(statement)
    migrate.upgrade(bare_database)
    with bare_database.reading() as session:
        ana = subscribers.by_token(session, "own")
    assert ana is not None
    assert [(one.in_words(), one.state, one.pace, one.token) for one in ana.wishes] == [
        ("IBM on facial recognition", "active", "at_once", "a"),
        ("IBM", "active", "at_once", "b"),
        ("Facial recognition", "ended", "at_once", "c"),
        ("everything", "pending", "at_once", "d"),
    ]
    assert (ana.language, ana.rhythm.zone, ana.rhythm.hour) == ("en", "UTC", 7)
