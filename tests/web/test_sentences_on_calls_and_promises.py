"""Sentences on silence, clocks and promises of any ledger, counted again day by day."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.web.conftest import NOW, Reader, Writing
from tests.web.ledger import Ledger
from tracker.domain.codes import CallStatus, Level, Origin, Precision, ReviewState
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Commitment,
    CommitmentId,
    CommitmentStep,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import CommitmentState
from tracker.store import calls, commitments
from tracker.store.schema import ArticleRow, SourceDayRow

TODAY = NOW.date()
ONE = timedelta(days=1)
WATCHED_FOR = 40
"""Days for which sources were read, at most."""

slowly = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example has a company of its own
numbered = count()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def written(day: date, precision: str = "day") -> str:
    quarter = f"Q{(day.month + 2) // 3} {day.year}"
    coarse = {"month": f"{day:%b %Y}", "quarter": quarter, "year": str(day.year)}
    return coarse.get(precision) or f"{day.day} {day:%b %Y}"


def last_of(day: date, precision: str) -> date:
    """The day itself, or the last one of what it stands for: the one before the next begins."""
    after = day + ONE
    while precision != "day" and (after.day != 1 or (after.month - 1) % MONTHS[precision]):
        after += ONE
    return after - ONE


def dated(days: int, precision: str) -> date:
    """A day so long ago, as it is stored: of a month, quarter or year the first one."""
    first = ago(days)
    while precision != "day" and (first.day != 1 or (first.month - 1) % MONTHS[precision]):
        first -= ONE
    return first


def said(reader: Reader, path: str) -> list[str]:
    cells = html.fromstring(reader.get(path)).xpath("//tbody/tr/td[last()]")
    return [" ".join(str(cell.text_content()).split()) for cell in cells]


@pytest.fixture
def anew(writing: Writing) -> Callable[[], AbstractContextManager[tuple[Ledger, int, str]]]:
    """Opens a transaction with a company of which nothing is on record yet: its id, its slug."""
    with writing() as ledger:
        ledger.topic()

    @contextmanager
    def write() -> Iterator[tuple[Ledger, int, str]]:
        slug = f"firm-{next(numbered)}"
        with writing() as ledger:
            yield ledger, ledger.organisation(slug), slug

    return write


Anew = Callable[[], AbstractContextManager[tuple[Ledger, int, str]]]

precisions = st.sampled_from(("day", "day", "day", "month", "quarter", "year"))


# --- silence ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """A source: of the company itself or of the press, and when it was read without error."""

    own: bool
    hours: int
    last: int
    begun: int
    failed: frozenset[int]

    def covers(self, day: date) -> bool:
        reach = 2 * self.hours // 24
        return any(self.good(day - timedelta(days=days)) for days in range(reach + 1))

    def good(self, day: date) -> bool:
        days = (TODAY - day).days
        return 0 <= days <= self.begun and days not in self.failed


@dataclass(frozen=True)
class Asked:
    days: int
    precision: str
    deadline: int | None
    proof: bool
    starter: bool
    of_class: bool
    status: str

    @property
    def certainly(self) -> date:
        return last_of(dated(self.days, self.precision), self.precision)

    @property
    def pending(self) -> date:
        return self.certainly + timedelta(days=30) if self.deadline is None else ago(self.deadline)


sources = st.builds(
    Read,
    own=st.booleans(),
    hours=st.sampled_from((1, 1, 1, 12, 36)),
    last=st.sampled_from((0, 0, 0, 3)),
    begun=st.integers(WATCHED_FOR - 15, WATCHED_FOR),
    failed=st.frozensets(st.integers(0, WATCHED_FOR), max_size=3),
)
watched = st.builds(
    lambda first, rest: (
        [replace(first, own=True), *(replace(one, own=False) for one in rest[:3]), *rest[3:]]
    ),
    sources,
    st.lists(sources, min_size=2, max_size=5),
)
questions = st.builds(
    Asked,
    days=st.integers(0, 120),
    precision=precisions,
    deadline=st.none() | st.integers(-5, 100),
    proof=st.sampled_from((True, True, True, False)),
    starter=st.booleans(),
    of_class=st.sampled_from((False, False, False, True)),
    status=st.sampled_from(("open", "ignored")),
)


@slowly
@given(watched, questions)
def test_silence_is_told_only_with_the_days_on_which_enough_was_read(
    reader: Reader, anew: Anew, read: list[Read], asked: Asked
) -> None:
    with anew() as (ledger, company, slug):
        ask(ledger, slug, asked)
        for one in read:
            listen(ledger, company, one)
    (text,) = said(reader, f"/silent?company={slug}")
    fresh = [one for one in read if one.last <= 2 * one.hours]
    begun = min((day for day in map(ago, range(400)) if enough(read, day)), default=TODAY)
    since = max(asked.certainly, begun)
    counted = [day for day in days_after(since) if enough(read, day)]
    speaks = is_enough(fresh) and asked.pending < TODAY and asked.proof and not asked.of_class
    found = re.search(
        r"^No answer found in (\d+) sources, last checked (just now|\d hours? ago),"
        r" (\d+) days? since (\d+ \w+ \d+)(?:; not counted, for too little was read: ([^;]+))?",
        text,
    )
    assert (found is not None) == (speaks and bool(counted)), text
    if found:
        hours = min(one.last for one in fresh)
        assert found[1] == str(len(fresh))
        assert found[2] == (f"{hours} hours ago" if hours else "just now")
        assert (found[3], found[4]) == (str(len(counted)), written(since))
        lost = [day for day in days_after(since) if day not in counted]
        assert found[5] == (", ".join(stretches(lost)) or None)
    assert_else_why_nothing_is_said(text, asked, found is not None)


def assert_else_why_nothing_is_said(text: str, asked: Asked, found: bool) -> None:
    """One reason at most, and each only where it is true."""
    day = written(dated(asked.days, asked.precision), asked.precision)
    reasons = {
        f"Asked {day}; time to answer until {written(asked.pending)}": asked.pending >= TODAY,
        "Open; the call speaks of “its rivals” and does not name": asked.of_class,
        "Open; nothing on record shows that the call reached": not asked.proof,
        "Open; this installation does not yet read enough about": asked.pending < TODAY,
        f"No answer on record, {day}": asked.starter,
    }
    told = [why for why in reasons if text.startswith(why)]
    assert len(told) == (not found), text
    assert all(reasons[why] for why in told), text


def ask(ledger: Ledger, slug: str, asked: Asked) -> None:
    status = TargetStatus(CallStatus(asked.status))
    target = CallTarget(slug, slug, status, of_class="its rivals" if asked.of_class else None)
    save(
        ledger,
        Call(
            CallId(f"call-{slug}"),
            ("Rights Now",),
            "advocacy_group",
            "Stop selling it",
            dated(asked.days, asked.precision),
            (target,),
            precision=Precision(asked.precision),
            deadline=None if asked.deadline is None else ago(asked.deadline),
            delivery_proof="reply" if asked.proof else None,
            public_url="https://group.example/letter",
            origin=Origin.STARTER if asked.starter else Origin.EXTRACTED,
        ),
    )


def save(ledger: Ledger, call: Call) -> None:
    shown = replace(call, topic=TopicCode("facial_recognition"), level=Level.REPORTED)
    (target,) = call.targets
    ids = {target.company: ledger.group_of(target.company)}
    calls.save(ledger.session, replace(shown, published=True), ids, {})


def listen(ledger: Ledger, company: int, read: Read) -> None:
    """A source with its good days; the press has told of the company."""
    name = f"Source {next(numbered)}"
    source = ledger.source(
        name,
        last_ok=NOW - timedelta(hours=read.last),
        organisation=company if read.own else None,
        interval_s=read.hours * 3600,
    )
    if not read.own:
        stance = ledger.stance(name, company, ago(200), origin="extracted")
        article = ledger.quote(stance, url=f"https://news.example/{source}", seen=NOW - 9 * ONE)
        ledger.session.query(ArticleRow).filter_by(id=article).one().source_id = source
    ledger.session.add_all(
        SourceDayRow(source_id=source, day=ago(days), good=1)
        for days in range(read.begun + 1)
        if days not in read.failed
    )
    ledger.session.flush()


def is_enough(read: list[Read]) -> bool:
    """One channel of the company itself, and three of the press."""
    own = sum(one.own for one in read)
    return own >= 1 and len(read) - own >= 3


def enough(read: list[Read], day: date) -> bool:
    return is_enough([one for one in read if one.covers(day)])


def days_after(since: date) -> list[date]:
    return [since + timedelta(days=days) for days in range(1, (TODAY - since).days + 1)]


def stretches(days: list[date]) -> Iterator[str]:
    """Days that follow each other, from the first to the last."""
    for day in days:
        if day - ONE not in days:
            last = day
            while last + ONE in days:
                last += ONE
            yield written(day) if last == day else f"{written(day)} – {written(last)}"


# --- clocks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    status: str
    days: int | None
    precision: str
    effect: int | None


SUBSTANCE = ("answered", "partially_answered", "rejected")
steps = st.lists(
    st.builds(
        Step,
        status=st.sampled_from(("acknowledged", "partially_answered", "answered", "rejected")),
        days=st.none() | st.integers(0, 300),
        precision=precisions,
        effect=st.none() | st.integers(0, 200),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.status,
)


@slowly
@given(st.integers(200, 500), precisions, steps)
def test_clocks_count_the_days_from_the_asking_to_reply_decision_and_effect(
    reader: Reader, anew: Anew, days: int, precision: str, taken: list[Step]
) -> None:
    asked = dated(days, precision)
    order = ("acknowledged", "partially_answered", "answered", "rejected")
    taken.sort(key=lambda one: order.index(one.status))
    with anew() as (ledger, company, slug):
        statuses = [status_of(ledger, company, slug, one) for one in taken]
        *before, now = statuses
        target = CallTarget(slug, slug, now, tuple(before))
        callers = ("Rights Now",)
        save(ledger, Call(CallId(f"c-{slug}"), callers, "union", "Stop", asked, (target,),
                          precision=Precision(precision)))  # fmt: skip
    (text,) = said(reader, f"/silent?company={slug}&show=all")
    days_to = [(one.status, (one.date - asked).days) for one in statuses if one.date]
    reply = min((n for _, n in days_to), default=None)
    decision = min((n for status, n in days_to if status in SUBSTANCE), default=None)
    took = [one for one in taken if one.status in ("answered", "partially_answered")]
    effect = min(((ago(one.effect) - asked).days for one in took if one.effect is not None),
                 default=None)  # fmt: skip
    rough = any(one.precision != "day" for one in taken if one.days is not None)
    told = re.search(r"(≈ )?reply (and decision )?after ([\d,]+) days?", text)
    if reply is None or reply < 0:
        assert told is None
        return
    assert told is not None, text
    assert (told[1] is not None) == (rough or precision != "day")
    assert int(told[3]) == reply
    assert (told[2] is not None) == (decision == reply)
    apart = re.findall(r", decision after ([\d,]+) days?", text)
    assert apart == ([str(decision)] if decision not in (None, reply) else [])
    in_effect = re.findall(r"in effect after ([\d,]+) days?", text)
    assert in_effect == ([str(effect)] if effect is not None and effect >= 0 else [])


def status_of(ledger: Ledger, company: int, slug: str, step: Step) -> TargetStatus:
    """A status with the stance that brought it about, if that has an effect."""
    by = []
    if step.effect is not None:
        by = [ledger.stance(f"{slug}-{step.status}", company, ago(step.effect))]
    day = None if step.days is None else dated(step.days, step.precision)
    ids = tuple(StanceId(one) for one in by)
    return TargetStatus(CallStatus(step.status), day, Precision(step.precision), ids)


# --- promises ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promised:
    """A promise of 400 days ago; what came later, by days ago, each a correction or not."""

    due: int | None
    precision: str
    later: tuple[tuple[str, int, bool], ...]

    def standing(self, day: date) -> tuple[str, date]:
        """Its last state on a day of those that nobody has corrected since."""
        first = ("in_progress" if self.due is None else "not_due", ago(400))
        held = [first]
        for state, days, corrects in self.later:
            held = [*(held[:-1] if corrects else held), (state, ago(days))]
        return [one for one in held if one[1] <= day][-1] if held[0][1] <= day else held[0]

    @property
    def last(self) -> date | None:
        return (
            None if self.due is None else last_of(dated(self.due, self.precision), self.precision)
        )


STATES = ("in_progress", "kept", "partly_kept", "overdue", "broken", "withdrawn", "superseded")
LABELS = {
    "not_due": "Not due yet",
    "in_progress": "In progress",
    "kept": "Kept",
    "partly_kept": "Kept in part",
    "overdue": "Overdue: nothing on record shows that it was kept",
    "broken": "Broken",
    "withdrawn": "Withdrawn by the company",
    "superseded": "Superseded",
}
promises = st.lists(
    st.builds(
        Promised,
        due=st.none() | st.integers(-400, 300),
        precision=precisions,
        later=st.lists(
            st.tuples(st.sampled_from(STATES), st.integers(0, 399), st.booleans()), max_size=3
        ).map(lambda found: tuple(sorted(found, key=lambda one: -one[1]))),
    ),
    min_size=1,
    max_size=5,
)


@slowly
@given(promises, st.sampled_from((0, 0, 150)), st.sampled_from(STATES))
def test_promises_are_counted_by_state_with_the_days_that_are_left(
    reader: Reader, anew: Anew, made: list[Promised], back: int, asked_for: str
) -> None:
    with anew() as (ledger, company, slug):
        for number, one in enumerate(made):
            promise(ledger, company, slug, number, one)
    day = ago(back)
    path = f"/commitments?company={slug}&as_of={day}"
    page = html.fromstring(reader.get(path))
    stand = {f"{slug}-{n}": one.standing(day) for n, one in enumerate(made)}
    (told,) = re.findall(r"(\d+) promises? that can be tested", page.findtext(".//p[@class='dek']"))
    assert int(told) == len(made)
    links = page.xpath("//nav[@class='filters']/a")
    counted = dict(re.findall(r"(.+) \((\d+)\)", "\n".join(one.text_content() for one in links)))
    expected = Counter(LABELS[state].partition(":")[0] for state, _since in stand.values())
    assert counted == {name: str(n) for name, n in expected.items()}
    for number, one in enumerate(made):
        assert_told(page, f"{slug}-{number}", one, day)
    chosen = html.fromstring(reader.get(f"{path}&state={asked_for}"))
    listed = set(chosen.xpath("//tbody/tr/@id"))
    assert listed == {id_ for id_, (state, _since) in stand.items() if state == asked_for}


def assert_told(page: html.HtmlElement, id_: str, one: Promised, day: date) -> None:
    """Its row: until when, how many days are left of it, where it stands and since when."""
    cells = page.xpath(f"//tr[@id='{id_}']/td")
    until, stands = (" ".join(str(cell.text_content()).split()) for cell in cells[-2:])
    state, since = one.standing(day)
    left = (one.last - day).days if one.last else -1
    runs = state in ("not_due", "in_progress")
    if one.due is None:
        assert until == "a law exists"
    else:
        told = written(dated(one.due, one.precision), one.precision)
        more = f" {left:,} day{'' if left == 1 else 's'} left" if runs and left >= 0 else ""
        assert until == told + more
    assert stands.partition(" How it")[0] == LABELS[state] + ("" if runs else f", {written(since)}")


def promise(ledger: Ledger, company: int, slug: str, number: int, one: Promised) -> None:
    first = CommitmentState.IN_PROGRESS if one.due is None else CommitmentState.NOT_DUE
    later = (CommitmentStep(CommitmentState(state), ago(days), corrects=corrects)
             for state, days, corrects in one.later)  # fmt: skip
    stance = ledger.stance(f"{slug}-{number}-said", company, ago(400), act="commits")
    made = Commitment(
        CommitmentId(f"{slug}-{number}"),
        slug,
        slug,
        TopicCode("facial_recognition"),
        StanceId(stance),
        "Stop selling it",
        ago(400),
        (CommitmentStep(first, ago(400)), *later),
        due=None if one.due is None else dated(one.due, one.precision),
        due_precision=Precision(one.precision),
        condition="a law exists" if one.due is None else None,
        review_state=ReviewState.ACCEPTED,
    )
    commitments.save(ledger.session, made, {slug: company})
