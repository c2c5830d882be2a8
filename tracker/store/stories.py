"""Stories: the articles that report the same happening. Ids last; a merged story points on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.domain.model import ArticleId, Page, StoryId
from tracker.domain.stories import Terms
from tracker.store.schema import ArticleRow, ArticleTermRow, SnapshotRow, StoryRow


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article that shares terms with another one, its place, and how much each term counts."""

    article: ArticleId
    story: StoryId
    day: date
    shared: tuple[float, ...]
    mark: int
    report: ArticleId


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story; ``report`` is the first article with (nearly) the same text."""

    article: ArticleId
    report: ArticleId
    url: str
    host: str
    title: str
    published: datetime | None
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A happening with its reports, oldest first; copies of one report count once."""

    id: StoryId
    title: str
    first_seen: datetime
    members: tuple[Member, ...]

    @property
    def reports(self) -> int:
        """How many independent reports there are: copies count once, and so does each host."""
        return min(len({m.report for m in self.members}), len({m.host for m in self.members}))


def neighbours(
    session: Session, article: ArticleId, terms: Terms, day: date, days: int
) -> list[Neighbour]:
    """The articles of some days around that share a term, the most alike first."""
    around = (day - timedelta(days=days), day + timedelta(days=days))
    rows = session.execute(
        select(ArticleTermRow.article_id, ArticleTermRow.term, ArticleTermRow.weight)
        .where(ArticleTermRow.term.in_(list(terms)), ArticleTermRow.day.between(*around))
        .order_by(ArticleTermRow.article_id, ArticleTermRow.term)
    )
    shared: dict[int, list[float]] = {}
    for other, term, weight in rows:
        if other != article:
            shared.setdefault(other, []).append(weight * terms[term])
    found = _places(session, shared)
    return sorted(found, key=lambda one: (-sum(one.shared), one.article))


def _places(session: Session, shared: dict[int, list[float]]) -> list[Neighbour]:
    """The stories of the articles that are most alike; the rest could not matter."""
    wanted = sorted(shared, key=lambda other: (-sum(shared[other]), other))[:MOST_NEIGHBOURS]
    rows = session.execute(
        select(ArticleRow, func.min(ArticleTermRow.day))
        .join(ArticleTermRow, ArticleTermRow.article_id == ArticleRow.id)
        .where(ArticleRow.id.in_(wanted), ArticleRow.story_id.is_not(None))
        .group_by(ArticleRow.id)
    )
    return [
        Neighbour(
            article=ArticleId(row.id),
            story=StoryId(row.story_id or 0),
            day=day,
            shared=tuple(shared[row.id]),
            mark=int(row.simhash or "0", 16),
            report=ArticleId(row.copy_of or row.id),
        )
        for row, day in rows
    ]


MOST_NEIGHBOURS = 50
"""So many articles are looked at; a happening that fills them all has its story among them."""


def story_of(session: Session, article: ArticleId) -> StoryId | None:
    """The story that an article is in, if it is in one."""
    id_ = session.get_one(ArticleRow, article).story_id
    return StoryId(id_) if id_ is not None else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is: its story, and the first article with the same text."""

    story: StoryId
    report: ArticleId


def of_same_original(session: Session, article: ArticleId) -> Place | None:
    """The place of an article's original, of a copy of it, or of a copy of the same original."""
    own = session.get_one(ArticleRow, article)
    names = {own.url, own.original_url} - {None}
    row = session.scalar(
        select(ArticleRow)
        .where(ArticleRow.id != article, ArticleRow.story_id.is_not(None))
        .where(or_(ArticleRow.url.in_(names), ArticleRow.original_url.in_(names)))
        .order_by(ArticleRow.id)
        .limit(1)
    )
    if row is None or row.story_id is None:
        return None
    return Place(StoryId(row.story_id), ArticleId(row.copy_of or row.id))


@dataclass(frozen=True, slots=True)
class NeverCompared:
    """An article whose story was never sought, with its first text."""

    article: ArticleId
    page: Page
    first_seen: datetime


def never_compared(session: Session, after: ArticleId, limit: int) -> list[NeverCompared]:
    """The next articles without terms to be found by, each with its first text."""
    first = (
        select(func.min(SnapshotRow.id))
        .where(SnapshotRow.article_id == ArticleRow.id)
        .correlate(ArticleRow)
        .scalar_subquery()
    )
    found = select(ArticleTermRow.article_id).where(ArticleTermRow.article_id == ArticleRow.id)
    rows = session.execute(
        select(ArticleRow, SnapshotRow.title, SnapshotRow.text)
        .join(SnapshotRow, SnapshotRow.id == first)
        .where(ArticleRow.id > after, ~found.correlate(ArticleRow).exists())
        .order_by(ArticleRow.id)
        .limit(limit)
    )
    return [
        NeverCompared(
            ArticleId(row.id), Page(row.url, title, text, published=row.published), row.first_seen
        )
        for row, title, text in rows
    ]


def begin(session: Session, title: str, now: datetime) -> StoryId:
    """A story with nothing in it yet."""
    row = StoryRow(title=title, first_seen=now)
    session.add(row)
    session.flush()
    return StoryId(row.id)


def put(
    session: Session,
    article: ArticleId,
    story: StoryId,
    *,
    mark: int,
    copy_of: ArticleId | None,
    terms: Terms,
    day: date,
) -> None:
    """Put an article into a story, findable by its terms."""
    row = session.get_one(ArticleRow, article)
    row.story_id, row.simhash, row.copy_of = story, f"{mark:016x}", copy_of or row.copy_of
    session.add_all(
        ArticleTermRow(article_id=article, term=term, weight=weight, day=day)
        for term, weight in terms.items()
    )
    session.flush()


def merge(session: Session, kept: StoryId, gone: StoryId) -> None:
    """Let two stories be one; the id of the other keeps leading to it."""
    session.execute(update(ArticleRow).where(ArticleRow.story_id == gone).values(story_id=kept))
    session.execute(
        update(StoryRow)
        .where((StoryRow.id == gone) | (StoryRow.merged_into == gone))
        .values(merged_into=kept)
    )


def find(session: Session, id_: int) -> Story | None:
    """A story by its id, or by an id that it had before it was merged."""
    row = session.get(StoryRow, id_)
    if row is not None and row.merged_into is not None:
        row = session.get(StoryRow, row.merged_into)
    return _story(session, row) if row is not None else None


def newest(session: Session, limit: int, reports: int = 2) -> list[Story]:
    """The stories with at least so many articles, newest first."""
    rows = session.scalars(
        select(StoryRow)
        .join(ArticleRow, ArticleRow.story_id == StoryRow.id)
        .group_by(StoryRow.id)
        .having(func.count(ArticleRow.id) >= reports)
        .order_by(StoryRow.id.desc())
        .limit(limit)
    )
    return [_story(session, row) for row in rows]


def forget_terms(session: Session, before: datetime) -> int:
    """Drop the terms of articles seen before a moment: no new report will join them."""
    old = select(ArticleRow.id).where(ArticleRow.first_seen < before)
    done = session.execute(delete(ArticleTermRow).where(ArticleTermRow.article_id.in_(old)))
    return int(getattr(done, "rowcount", 0))


def _story(session: Session, row: StoryRow) -> Story:
    members = session.scalars(
        select(ArticleRow)
        .where(ArticleRow.story_id == row.id)
        .order_by(ArticleRow.first_seen, ArticleRow.id)
    )
    return Story(StoryId(row.id), row.title, row.first_seen, _members(members))


def _members(rows: Iterable[ArticleRow]) -> tuple[Member, ...]:
    return tuple(
        Member(
            article=ArticleId(row.id),
            report=ArticleId(row.copy_of or row.id),
            url=row.url,
            host=row.host,
            title=row.title,
            published=row.published,
            first_seen=row.first_seen,
        )
        for row in rows
    )
