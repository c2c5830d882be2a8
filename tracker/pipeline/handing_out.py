"""What waits, in shares for workers: the hosts of one share are asked by one worker at a time.

A host is always in the same share, so that it gets one request after another, whoever sends them
(promise 8). What a share holds is looked up again by the worker that takes it.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.domain.model import ArticleId, SourceId
from tracker.sources.urls import host_of
from tracker.store import articles, entries, polls, rechecks
from tracker.store.database import Database

ASK, ANALYSE = "ask", "analyse"
"""The kinds of work: asking hosts for feeds and articles, and analysing texts."""

HOST_SHARES = 64
TEXT_SHARES = 16
MOST = 5_000
"""Of each kind at a time; more is handed out when this is done."""

AtHosts = Mapping[str, Sequence[int]]
"""Ids of what is asked for at hosts: ``sources`` to poll, ``entries`` and ``quoted`` articles to
read."""


def waiting_at_hosts(database: Database, now: datetime) -> dict[int, AtHosts]:
    """What publishers are to be asked for, by share; an entry without address is in one, too."""
    with database.reading() as session:
        found: dict[str, Iterable[tuple[int, str | None]]] = {
            "sources": polls.addresses_due(session, now, MOST),
            "entries": entries.addresses_waiting(session, now, MOST),
            "quoted": rechecks.addresses_due(session, now, MOST),
        }
    shares: dict[int, dict[str, list[int]]] = {}
    for what, pairs in found.items():
        for id_, url in pairs:
            share = shares.setdefault(share_of(url), {name: [] for name in found})
            share[what].append(id_)
    return dict(shares)


def waiting_texts(database: Database, now: datetime) -> dict[int, Sequence[ArticleId]]:
    """The articles with a text to analyse, by share."""
    with database.reading() as session:
        found = articles.with_unread_texts(session, now, MOST)
    shares: dict[int, list[ArticleId]] = {}
    for article in sorted(found):
        shares.setdefault(article % TEXT_SHARES, []).append(article)
    return dict(shares)


def still_due(database: Database, now: datetime, sources: Iterable[SourceId]) -> list[SourceId]:
    """Those of the sources that nobody has polled meanwhile."""
    with database.reading() as session:
        return [id_ for id_, _ in polls.addresses_due(session, now, MOST, sources)]


def share_of(url: str | None) -> int:
    """The share of a host, the same in every process."""
    host = host_of(url or "") or ""
    return zlib.crc32(host.encode()) % HOST_SHARES
