"""The home page: what moved, where companies stand, which calls wait."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint

from tracker.store.database import Session
from tracker.store.views import (
    calls,
    installation,
    matrix,
    positions,
    remembered,
    stance_lines,
    stances,
)
from tracker.store.views.installation import Reading, Totals
from tracker.store.views.matrix import Grid
from tracker.store.views.records import CallLine, CompanyRef, Lens, Marked, Move
from tracker.web import asked, sentences
from tracker.web.parts import Parts
from tracker.web.respond import Page, add

CARDS, CALLS, WINDOWS = 6, 6, (30, 730, 4000)
SMALL_ROWS, SMALL_COLUMNS, YEARS = 7, 5, 5
LOOKED_AT = 200
"""Addressees among which the longest open calls are nearly always found."""


@dataclass(frozen=True, slots=True)
class Change:
    """A move with the stance that brought it about, and how many others pledged the same."""

    move: Move
    stance: Marked | None
    others: int = 0


@dataclass(frozen=True, slots=True)
class CallGroup:
    """One call with those of its addressees that stand alike."""

    call: CallLine
    companies: tuple[CompanyRef, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows."""

    sentence: str
    changes: tuple[Change, ...]
    matrix: Grid
    calls: tuple[CallGroup, ...]
    reading: Reading
    totals: Totals


def blueprint(app: Parts) -> Blueprint:
    """The home page over these parts."""
    pages = Blueprint("home", __name__)
    add(pages, app, "/", home, "json")
    return pages


def home(app: Parts) -> Page:
    """The state of things in one page."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        moves = _last_moves(session, lens)
        shown = sentences.each_pledge_once(moves)[:CARDS]
        ids = tuple(move.stance for move in shown if move.stance)
        found = _told(session, lens, ids)
        data = Home(
            sentence=sentences.of_home(moves, moves[0] if moves else None, lens.day),
            changes=_with_stances(shown, found, moves),
            matrix=matrix.read(session, lens, rows=SMALL_ROWS, columns=SMALL_COLUMNS),
            calls=_longest_open(session, lens, app.now()),
            reading=installation.reading(session),
            totals=installation.totals(session, lens),
        )
        years = stances.years(session, lens)[:YEARS]
    read = sentences.of_reading(data.reading, app.now())
    context = {"view": data, "read": read, "years": years, "lens": lens}
    return Page("home.html", "Stance Tracker", data, context)


def _last_moves(session: Session, lens: Lens) -> list[Move]:
    """The moves of the last month; where they are few, those of the last years."""
    moves: list[Move] = []
    for days in WINDOWS:
        moves = positions.moves(session, lens, lens.day - timedelta(days=days))
        if len(sentences.each_pledge_once(moves)) >= CARDS:
            break
    return moves


def _longest_open(session: Session, lens: Lens, now: datetime) -> tuple[CallGroup, ...]:
    """The longest open calls, those on several companies told once."""
    shown = _first_groups(session, lens, LOOKED_AT) or _first_groups(session, lens, None)
    lines = calls.of_targets(session, lens, now, [id_ for ids in shown for id_ in ids])
    told: dict[tuple[str, str], list[CallLine]] = {}
    for line in lines:
        told.setdefault((line.call, line.status), []).append(line)
    longest = sorted(told.values(), key=lambda on: -on[0].days)
    return tuple(CallGroup(on[0], tuple(one.company for one in on)) for on in longest)


def _first_groups(session: Session, lens: Lens, limit: int | None) -> list[list[int]]:
    """The addressees of the longest open calls; none where the limit cuts those off."""
    waiting = calls.waiting(session, lens, limit=limit)
    groups: dict[tuple[str, str], list[int]] = {}
    for one in waiting:
        groups.setdefault((one.call, one.status), []).append(one.id)
    last = waiting[-1].call if waiting else ""
    whole = [ids for (call, _status), ids in groups.items() if limit is None or call != last]
    return whole[:CALLS] if limit is None or len(whole) >= CALLS else []


def _told(session: Session, lens: Lens, ids: tuple[str, ...]) -> Sequence[Marked]:
    """These stances as far as they show; whole where all of them is told."""
    read = stance_lines.marks if asked.draws() else stance_lines.lines
    name = ("told at home", lens, ids, asked.draws())
    return remembered.once(
        session, name, lambda own: read(own, lens, stances.shown(own, lens, ids))
    )


def _with_stances(
    shown: list[Move], found: Sequence[Marked], moves: list[Move]
) -> tuple[Change, ...]:
    by_id = {stance.id: stance for stance in found}
    pledged = Counter((move.joint or "", move.direction) for move in moves)
    return tuple(
        Change(
            move,
            by_id.get(move.stance or ""),
            pledged[(move.joint, move.direction)] - 1 if move.joint else 0,
        )
        for move in shown
    )
