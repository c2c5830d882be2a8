"""How fast positions are derived, and how well the rules propose reversals.

python benchmarks/ledger.py [STANCES [URL]]  times a made-up ledger, 100,000 stances by default;
                                             URL is an empty database, else an SQLite file is made
python benchmarks/ledger.py --proposals      both lists of reversals: by rule, and in the data
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tracker.domain.codes import Act, Known, OrganisationKind, Origin, RelationKind
from tracker.domain.model import Organisation, Relation, Stance, StanceId, TopicCode
from tracker.domain.positions import positions_of
from tracker.domain.relations import propose_relations
from tracker.pipeline.catalog import load_starter
from tracker.pipeline.each import batches
from tracker.pipeline.ledger import rebuild_positions, refresh_positions
from tracker.starter.reader import load_registry, load_stances, load_topics
from tracker.store import facts, migrate, organisations, stances
from tracker.store.database import Database
from tracker.store.views import lookup, positions
from tracker.store.views.records import Lens

ACTS = (Act.ENDS, Act.PAUSES, Act.RESTRICTS, Act.COMMITS, Act.LAUNCHES, Act.DEFENDS)
FIRST = date(2015, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made_up(number: int, companies: int = 1000) -> list[Stance]:
    """As many stances over as many companies, ten topics and ten years; always the same."""
    chance = Random(1)
    topics = [topic.code for topic in load_topics()[:10]]
    slugs = [one.slug for one in load_registry().organisations if one.kind == "company"]
    slugs += [f"company-{n}" for n in range(companies - len(slugs))]
    return [
        _stance(StanceId(f"s{n}"), chance.choice(slugs[:companies]), chance.choice(topics), chance)
        for n in range(number)
    ]


def _stance(id_: StanceId, company: str, topic: TopicCode, chance: Random) -> Stance:
    act = chance.choice(ACTS)
    against = act in (Act.LAUNCHES, Act.DEFENDS)
    return Stance(
        id=id_,
        company=company,
        company_name=company,
        topic=topic,
        topics=(topic,),
        act=act,
        date=FIRST + timedelta(days=chance.randrange(3650)),
        direction=-2 if against else chance.randint(1, 3),
        published=True,
        origin=Origin.IMPORTED,
    )


def timed(what: str, work: Callable[[], object], baseline: float | None = None) -> float:
    """Run once, print the seconds of CPU and the ratio to a baseline of this run."""
    begun, clock = time.process_time(), time.perf_counter()
    work()
    took, whole = time.process_time() - begun, time.perf_counter() - clock
    ratio = f"{took / baseline:8.2f} ×" if baseline else "  baseline"
    print(f"{what:<56} {took:8.3f} s of CPU, {whole:8.3f} s in all {ratio}")
    return took


def time_the_fold(number: int) -> None:
    """The fold alone, against sorting the same stances by company, topic and day."""
    made, topics, today = made_up(number), load_topics(), date(2026, 1, 1)

    def in_order() -> object:
        return sorted(made, key=lambda one: (one.company, one.topic, one.date, one.id))

    base = timed(f"sort {number:,} stances", in_order)
    timed("positions of all of them", lambda: positions_of(made, [], topics, today), base)
    one = [stance for stance in made if stance.company == made[0].company]
    timed(f"one company ({len(one)} stances)", lambda: positions_of(one, [], topics, today), base)


def time_the_store(number: int, url: str | None) -> None:
    """The same through a database: everything read, derived and written anew; one company read."""
    with TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'ledger.db'}")
        migrate.upgrade(database)
        load_starter(database, NOW, with_history=False)
        companies = _enter(database, made_up(number))
        kind = database.engine.dialect.name
        print(f"\nin a database ({kind}), {number:,} stances of {len(companies)} companies")
        base = timed("every position derived and written anew", lambda: _anew(database))
        one, now = companies[0], NOW

        def refresh() -> None:
            with database.transaction() as session:
                refresh_positions(session, [one], now)

        timed("one company derived and written anew", refresh, base)
        for known in Known:
            time_one_company(database, one, known, base)
        database.close()


def _enter(database: Database, made: list[Stance]) -> list[str]:
    """Record them; return their companies."""
    with database.transaction() as session:
        known = organisations.ids_by_slug(session)
        new = sorted({one.company for one in made} - known.keys())
        company = OrganisationKind.COMPANY
        organisations.save(
            session, [Organisation(slug, slug, company) for slug in new], Origin.IMPORTED
        )
        ids = organisations.ids_by_slug(session)
        for some in batches(made, 1000):
            stances.save_all(session, some, ids)
            session.expunge_all()
    return sorted({one.company for one in made})


def _anew(database: Database) -> None:
    """As a new version of the rules does it."""
    with database.transaction() as session:
        facts.remember(session, "position_rules", "before")
    rebuild_positions(database, NOW)


def time_one_company(database: Database, slug: str, known: Known, base: float) -> None:
    """One company as a page reads it; the second time, when statements are prepared."""

    def look() -> None:
        with database.reading() as session:
            company = lookup.company_by_slug(session, slug)
            assert company is not None
            lens = Lens(date(2020, 6, 12), known=known)
            positions.standings(session, lens, companies=[company.id])

    look()
    timed(f"one company's positions as of 2020, known {known}", look, base)


def proposals() -> None:
    """Both lists for the starter history, and precision and recall of the rule."""
    rows = load_stances()
    told = {row.stance.id: row.stance for row in rows}
    relations = [relation for row in rows for relation in row.relations]
    for kind in (RelationKind.REVERSES, RelationKind.CONTRADICTS, RelationKind.MODIFIES):
        known = {(one.stance, one.to) for one in relations if one.kind is kind}
        proposed = _proposed(told, relations, kind)
        print(f"\n{kind}: {len(known)} in the data, {len(proposed)} proposed by rule")
        for label, pairs in (
            ("in both", known & proposed),
            ("only in the data", known - proposed),
            ("only by rule", proposed - known),
        ):
            print(f"  {label}: {len(pairs)}")
            for one, other in sorted(pairs):
                print(f"    {one} → {other}")
        both = len(known & proposed)
        print(f"  precision {both / len(proposed):.2f}, recall {both / len(known):.2f}")


def _proposed(
    told: dict[StanceId, Stance], relations: list[Relation], kind: RelationKind
) -> set[tuple[StanceId, StanceId]]:
    """What would be proposed for each stance when the decisions before it are known."""
    found = set()
    for new in told.values():
        earlier = [
            replace(one, decided=True)
            for one in relations
            if one.stance != new.id and told[one.stance].date <= new.date
        ]
        supposed = propose_relations(new, told.values(), earlier)
        found |= {(one.stance, one.to) for one in supposed if one.kind is kind}
    return found


if __name__ == "__main__":
    if "--proposals" in sys.argv:
        proposals()
    else:
        size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        time_the_fold(size)
        time_the_store(size, sys.argv[2] if len(sys.argv) > 2 else None)
