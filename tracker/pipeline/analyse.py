"""Step 3: articles hold stances, reactions and calls.

Extraction is slow and happens outside any transaction; what is found, what it changes and what is
owed to subscribers are then written in one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.domain.codes import AutoPublish
from tracker.domain.model import ArticleId, Document, Findings
from tracker.domain.ports import Clock, Extract
from tracker.pipeline.conditions import ask_of_article
from tracker.pipeline.each import Tally, batches, run_each
from tracker.pipeline.joint import tie_joint
from tracker.pipeline.record_calls import record_call
from tracker.pipeline.record_reactions import record_reaction
from tracker.pipeline.record_stances import Told, record_stance
from tracker.pipeline.register import Register, load_register
from tracker.pipeline.report import Report
from tracker.pipeline.settle import settle_call, settle_reaction, settle_stance
from tracker.store import articles, facts
from tracker.store.articles import SnapshotToAnalyse
from tracker.store.database import Database
from tracker.store.locks import write_alone

TRY_AGAIN = timedelta(minutes=10)
AT_ONCE = 20
"""How many texts are held at a time."""
COUNTED = ("stances", "joined", "reactions", "calls", "published", "alerts", "waiting", "unlocated")


@dataclass(frozen=True, slots=True)
class Analysing:
    """The parts that analysing is given; the ``extractor`` is heavy: made where a text waits."""

    database: Database
    extractor: Callable[[], Extract]
    now: Clock
    auto_publish: AutoPublish
    mail_domain: str


def analyse_waiting(
    analysing: Analysing, limit: int, only: Iterable[ArticleId] | None = None
) -> Tally:
    """Analyse each snapshot nobody has read, or those of ``only`` these articles."""
    with analysing.database.reading() as session:
        waiting = articles.unread(session, analysing.now(), limit, only)
        register = load_register(session) if waiting else None
    tally = Tally()
    if register is None:
        return tally
    extract = analysing.extractor()

    def step(snapshot: SnapshotToAnalyse) -> None:
        found = extract(_document(snapshot), register.registry)
        record_findings(analysing, register, snapshot, found, tally)

    for ids in batches(waiting, AT_ONCE):
        with analysing.database.reading() as session:
            some = articles.to_analyse(session, ids)
        run_each(some, step, tally, lambda snapshot, bug: _give_up(analysing, snapshot, bug, tally))
    return tally


def _document(snapshot: SnapshotToAnalyse) -> Document:
    return Document(
        id=str(snapshot.id),
        title=snapshot.title,
        text=snapshot.text,
        url=snapshot.url,
        published=snapshot.published,
        language=snapshot.language,
    )


def record_findings(
    analysing: Analysing,
    register: Register,
    snapshot: SnapshotToAnalyse,
    findings: Findings,
    tally: Tally,
) -> None:
    """Record what was found, all or nothing; a snapshot that is analysed already stays as it is."""
    now = analysing.now()
    with analysing.database.transaction() as session:
        write_alone(session)
        if not articles.claim_analysis(session, snapshot.id, findings.extractor, now):
            return
        report = Report(
            session=session,
            snapshot=snapshot,
            extractor=findings.extractor,
            now=now,
            auto_publish=analysing.auto_publish,
            mail_domain=analysing.mail_domain,
            register=register,
        )
        _record(report, findings)
        facts.touch(session, now)
    tally.count("analysed")
    for what in COUNTED:
        tally.count(what, report.tally[what])


def _record(report: Report, findings: Findings) -> None:
    """Stances first, then what answers them; shown last, so that a mail knows the answers."""
    told = tie_joint(report, [t for a in findings.announcements if (t := record_stance(report, a))])
    answers = [r for f in findings.reactions if (r := record_reaction(report, f, told))]
    called = [c for f in findings.calls if (c := record_call(report, f))]
    settled = [settle_reaction(report, answered) for answered in answers]
    for stance in _each_once(told):
        settle_stance(report, stance, settled)
    for call in called:
        settle_call(report, call)
    report.tally.count("waiting", ask_of_article(report))


def _each_once(told: Iterable[Told]) -> Iterable[Told]:
    """A stance told by several sentences: the first, with what all of them made of it."""
    found: dict[str, Told] = {}
    for one in told:
        first = found.setdefault(one.stance.id, one)
        found[one.stance.id] = replace(first, stance=one.stance)
    return found.values()


def _give_up(
    analysing: Analysing, snapshot: SnapshotToAnalyse, bug: Exception, tally: Tally
) -> None:
    """Try again later; after three tries the snapshot is set aside and listed by `doctor`."""
    now = analysing.now()
    with analysing.database.transaction() as session:
        if articles.record_failure(session, snapshot.id, repr(bug), now + TRY_AGAIN):
            tally.count("quarantined")
