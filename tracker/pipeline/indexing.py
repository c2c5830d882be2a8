"""What can be found by searching: names of organisations, words and proofs of records."""

from collections.abc import Iterable

from tracker.domain.model import ArticleId, Page, Stance, StanceId
from tracker.pipeline.register import Register
from tracker.store import evidence, stances
from tracker.store.database import Session
from tracker.store.schema.ledger import RecordKind
from tracker.store.searchable import Searchable, put, remove


def index_organisations(session: Session, register: Register) -> None:
    """Make organisations findable by every name they bear."""
    put(
        session,
        [
            Searchable(
                kind="organisation",
                record=organisation.slug,
                title=organisation.name,
                body=" · ".join(dict.fromkeys(name.text for name in organisation.names)),
                company=register.ids[organisation.slug],
            )
            for organisation in register.registry.organisations
        ],
    )


def index_stances(session: Session, register: Register, wanted: Iterable[StanceId]) -> None:
    """Make published stances findable by company, topic, our words and their quotes."""
    ids = list(wanted)
    quotes = evidence.quotes_of(session, RecordKind.STANCE, ids)
    shown = [s for s in stances.by_ids(session, ids) if s.published]
    for hidden in set(ids) - {stance.id for stance in shown}:
        remove(session, "stance", hidden)
    put(
        session,
        [
            Searchable(
                kind="stance",
                record=stance.id,
                title=f"{stance.company_name}: {register.topics[stance.topic].name}",
                body=_words_of(stance, sorted(quotes.get(stance.id, ()))),
                day=stance.date,
                company=register.ids[stance.company],
                topic=stance.topic,
            )
            for stance in shown
        ],
    )


def _words_of(stance: Stance, quotes: Iterable[str]) -> str:
    own = (stance.summary, stance.brand, stance.scope, stance.speaker)
    return "\n".join(filter(None, (*own, *quotes)))


def index_article(session: Session, article: ArticleId, page: Page) -> None:
    """Make an article findable by its title and text."""
    day = page.published.date() if page.published else None
    put(session, [Searchable("article", str(article), page.title, page.text, day)])
