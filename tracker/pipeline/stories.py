"""Each article finds its story: the reports of the same happening, and the copies among them."""

from collections.abc import Sequence
from datetime import date, datetime

from tracker.domain.errors import UsageError
from tracker.domain.model import ArticleId, Page, StoryId
from tracker.domain.stories import (
    DAYS_APART,
    MERGE_MARGIN,
    fingerprint,
    margin,
    same_text,
    terms_of,
)
from tracker.store import stories
from tracker.store.database import Database, Session
from tracker.store.stories import Neighbour, Story

PLACED_AT_ONCE = 200


def place(session: Session, article: ArticleId, page: Page, now: datetime) -> None:
    """Put an article into the story it tells of, or begin one; an article stays where it is.

    One that is clearly alike to two stories shows that they are one: the younger joins the older.
    A page that says which article of another site it is a copy of counts as one report with it.
    """
    if stories.story_of(session, article) is None:
        _place(session, article, page, now)


def place_rest(database: Database, at_once: int = PLACED_AT_ONCE) -> int:
    """Look for the stories of articles that were kept before stories were sought; return how many.

    Some at a time, oldest first; it can be killed and run again. Ids of stories stay good: one
    that turns out to be another joins it.
    """
    placed, last = 0, ArticleId(0)
    while True:
        with database.transaction() as session:
            rest = stories.never_compared(session, last, at_once)
            for one in rest:
                _place(session, one.article, one.page, one.first_seen)
        if not rest:
            return placed
        placed, last = placed + len(rest), rest[-1].article


def _place(session: Session, article: ArticleId, page: Page, now: datetime) -> None:
    day = (page.published or now).date()
    terms, mark = terms_of(page.title, page.text), fingerprint(page.text)
    near = stories.neighbours(session, article, terms, day, DAYS_APART)
    copied = next((one.report for one in near if same_text(mark, one.mark)), None)
    fitting = _fitting(near, day, mark)
    declared = stories.of_same_original(session, article)
    if declared is not None:
        copied = declared.report
        fitting = [(1.0, declared.story), *fitting]
    own = stories.story_of(session, article)
    story = own or (fitting[0][1] if fitting else stories.begin(session, page.title, now))
    stories.put(session, article, story, mark=mark, copy_of=copied, terms=terms, day=day)
    same = {other for fits, other in fitting if fits >= MERGE_MARGIN}
    if own is not None:
        _merge(session, {own, *same, *(other for _, other in fitting[:1])})
    elif story in same:
        _merge(session, same)


def _fitting(near: Sequence[Neighbour], day: date, mark: int) -> list[tuple[float, StoryId]]:
    """The stories that an article may be of, with how much more alike it is than needed."""
    margins: dict[StoryId, float] = {}
    for one in near:
        fits = 1.0 if same_text(mark, one.mark) else margin(one.shared, (one.day - day).days)
        margins[one.story] = max(fits, margins.get(one.story, fits))
    fitting = [(fits, story) for story, fits in margins.items() if fits >= 0]
    return sorted(fitting, key=lambda pair: (-pair[0], pair[1]))


def _merge(session: Session, same: set[StoryId]) -> None:
    oldest, *others = sorted(same)
    for other in others:
        stories.merge(session, oldest, other)


def list_stories(database: Database, limit: int, least: int) -> list[Story]:
    """The newest stories with at least so many articles."""
    with database.reading() as session:
        return stories.newest(session, limit, least)


def find_story(database: Database, id_: int) -> Story:
    """A story by its id, old or new; raises UsageError when there is none."""
    with database.reading() as session:
        found = stories.find(session, id_)
    if found is None:
        raise UsageError(f"there is no story {id_}; `tracker stories list` shows the newest")
    return found
