"""Reports of the same happening come into one story, whose id lasts; copies count once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tracker.domain.errors import UsageError
from tracker.domain.model import ArticleId, Page
from tracker.domain.stories import margin, terms_of
from tracker.pipeline.read import keep_page
from tracker.pipeline.stories import find_story, list_stories, place_rest
from tracker.store import stories
from tracker.store.database import Database
from tracker.store.schema import ArticleRow, ArticleTermRow, StoryRow
from tracker.store.stories import Story

DAY = datetime(2024, 3, 4, 9, tzinfo=UTC)
DROPS = (
    "Northgate Bank drops voice checks after staff protest",
    "Northgate Bank said on Monday that it would no longer identify callers by their voice. The "
    "bank, which has used the software of Vocalis since 2019, wrote to its 4,100 branch staff that "
    "the checks would end on 30 April. Staff had collected 1,900 signatures against the system, "
    "which they said refused callers with a stutter.",
)
CHEERS = (
    "No more voiceprints: Northgate gives in to its branch staff",
    "Branch staff of Northgate Bank have won their campaign against voice checks. In a letter the "
    "bank announced that the Vocalis software will be switched off on 30 April. Some 1,900 "
    "signatures had been collected against it, for callers with a stutter were refused.",
)
FINED = (
    "Northgate Bank fined for hidden fees on student accounts",
    "The market authority has fined Northgate Bank 3.2 million for fees on student accounts which "
    "it did not show. The fees were taken from 60,000 accounts between 2020 and 2022, the "
    "authority said on Wednesday. The bank has paid the money back and accepts the decision.",
)


def keep(
    database: Database, host: str, told: tuple[str, str], days: float = 0, path: str = "a"
) -> ArticleId:
    day = DAY + timedelta(days=days)
    page = Page(f"https://{host}.example/{path}", *told, published=day)
    with database.transaction() as session:
        article, _ = keep_page(session, page, source=None, taken_from="page", now=day)
    return article


def all_stories(database: Database) -> list[Story]:
    return sorted(list_stories(database, 50, 1), key=lambda story: story.id)


def test_articles_from_before_there_were_stories_are_placed_on_request(database: Database) -> None:
    keep(database, "one", DROPS)
    keep(database, "two", CHEERS, days=1)
    keep(database, "one", FINED, days=2, path="b")
    with database.transaction() as session:
        session.execute(delete(ArticleTermRow))
        session.execute(update(ArticleRow).values(story_id=None, simhash=None))
        later = StoryRow(title=CHEERS[0], first_seen=DAY)
        session.add(later)
        session.flush()
        given = later.id
        old = ArticleRow.url.startswith("https://two.")  # each was a story of its own
        session.execute(update(ArticleRow).where(old).values(story_id=given))
    assert place_rest(database, at_once=2) == 3
    told = [story for story in all_stories(database) if story.members]
    assert sorted(len(story.members) for story in told) == [1, 2]
    assert find_story(database, given).reports == 2
    assert place_rest(database) == 0


def test_a_copy_that_names_its_original_is_one_report_with_it_in_whatever_order(
    database: Database,
) -> None:
    """However much the copy was rewritten; its own address stays its own."""
    original = "https://one.example/a"

    def copy(host: str) -> ArticleId:
        page = Page(f"https://{host}.example/a", *FINED, published=DAY, original=original)
        with database.transaction() as session:
            return keep_page(session, page, source=None, taken_from="page", now=DAY)[0]

    early = copy("two")
    first = keep(database, "one", DROPS)
    late = copy("three")
    (told,) = all_stories(database)
    assert [(member.article, member.report) for member in told.members] == [
        (early, early),
        (first, early),
        (late, early),
    ]
    assert told.reports == 1


def test_reports_of_two_outlets_and_days_are_one_story(database: Database) -> None:
    first, second = keep(database, "one", DROPS), keep(database, "two", CHEERS, days=1)
    keep(database, "one", FINED, days=2, path="b")
    told, fined = all_stories(database)
    assert [member.article for member in told.members] == [first, second]
    assert told.title == DROPS[0]
    assert told.reports == 2
    assert len(fined.members) == 1


def test_copies_are_members_and_count_once(database: Database) -> None:
    original = keep(database, "agency", DROPS)
    for number in range(5):
        copied = (DROPS[0], f"{DROPS[1]} Sent by desk {number}.")
        keep(database, f"paper{number}", copied, days=0.1)
    (story,) = all_stories(database)
    assert len(story.members) == 6
    assert {member.report for member in story.members} == {original}
    assert story.reports == 1


def test_the_same_words_months_later_are_another_story(database: Database) -> None:
    keep(database, "one", DROPS)
    keep(database, "two", CHEERS, days=60)
    assert len(all_stories(database)) == 2


def test_the_order_in_which_sources_are_read_does_not_matter(database: Database) -> None:
    keep(database, "two", CHEERS, days=1)
    keep(database, "one", DROPS)
    (story,) = all_stories(database)
    assert story.reports == 2


def test_a_report_read_again_stays_where_it_is(database: Database) -> None:
    keep(database, "one", DROPS)
    keep(database, "one", (DROPS[0], DROPS[1] + " The bank declined to say more."))
    (story,) = all_stories(database)
    assert len(story.members) == 1


def test_a_report_between_two_stories_makes_them_one_and_both_ids_lead_to_it(
    database: Database,
) -> None:
    half = len(DROPS[1].split()) // 2
    words = DROPS[1].split()
    keep(database, "one", ("Northgate Bank and Vocalis", " ".join(words[:half])))
    keep(database, "two", ("Staff signatures and a stutter", " ".join(words[half:])))
    before = all_stories(database)
    assert len(before) == 2
    keep(database, "three", ("Northgate Bank, Vocalis, signatures, stutter", DROPS[1]))
    (story,) = all_stories(database)
    assert len(story.members) == 3
    assert {find_story(database, old.id).id for old in before} == {story.id} == {before[0].id}


def test_old_terms_are_forgotten_and_the_story_stays(database: Database) -> None:
    keep(database, "one", DROPS)
    with database.transaction() as session:
        assert stories.forget_terms(session, DAY + timedelta(days=1)) > 0
    keep(database, "two", CHEERS, days=1)
    assert [len(story.members) for story in all_stories(database)] == [1, 1]


def test_a_story_that_is_not_there_is_named(database: Database) -> None:
    with pytest.raises(UsageError, match="no story 7"):
        find_story(database, 7)


def test_texts_without_words_are_alike_to_nothing() -> None:
    assert terms_of("", "") == {}
    assert margin([], 0) < 0


def test_one_name_in_common_makes_no_story() -> None:
    assert margin([0.4, 0.3, 0.01], 0) < 0
    assert margin([0.2, 0.2, 0.1, 0.1], 0) > 0
