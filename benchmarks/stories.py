"""Whether reports of the same happening come into one story, and others do not.

    python benchmarks/stories.py [TEXTS.jsonl...]

Reads the articles written for the project (story-articles.jsonl) and, where TEXTS are given (an
article a line: id, title, text, published, source), those that story-pairs.jsonl names by id; the
texts belong to their publishers and are no part of this project. All go through the program's own
steps into a database of their own, oldest first. Prints precision and recall over the pairs, beside
near-identical text alone, and the pairs that were told wrongly.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from tracker.domain.model import Page
from tracker.domain.stories import fingerprint, same_text
from tracker.pipeline.read import keep_page
from tracker.sources.dates import read_date
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import ArticleRow

HERE = Path(__file__).parent
Article = dict[str, Any]
Pair = tuple[str, str, bool]


def main() -> None:
    """Cluster, then compare with the labels."""
    own = list(_lines(HERE / "story-articles.jsonl"))
    others = [article for file in sys.argv[1:] for article in _lines(Path(file))]
    articles = {article["id"]: article for article in (*own, *others) if _day(article)}
    began = time.process_time()
    stories = cluster(sorted(articles.values(), key=lambda one: (_day(one), one["id"])))
    spent = (time.process_time() - began) / len(articles) * 1000
    print(f"{len(articles)} articles, {len(set(stories.values()))} stories, {spent:.1f} ms each")
    mark = cache(lambda id_: fingerprint(articles[id_]["text"]))
    for name, pairs in {"own": own_pairs(own), "labelled": labelled(articles)}.items():
        if pairs:
            report(name, pairs, lambda one, other: stories[one] == stories[other], tell=True)
            report(f"{name}, by text alone", pairs, lambda a, b: same_text(mark(a), mark(b)))


def _lines(file: Path) -> Iterable[Article]:
    return (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line)


def _day(article: Article) -> datetime | None:
    """When an article was published; corpora write it in several ways."""
    text = str(article.get("published") or "")
    for pattern in ("%B %d, %Y", "%B %d %Y"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        found = read_date(text) or parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.astimezone(UTC)


def cluster(articles: list[Article]) -> dict[str, int]:
    """The story of each article, by its id."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/stories.db")
        migrate.upgrade(database)
        kept = {}
        with database.transaction() as session:
            for article in articles:
                day = _day(article)
                assert day is not None
                address = f"https://{article['id']}.example/article"
                page = Page(address, article["title"], article["text"], published=day)
                kept[article["id"]], _ = keep_page(
                    session, page, source=None, taken_from="file", now=day
                )
        with database.reading() as session:
            found = {id_: session.get_one(ArticleRow, row).story_id for id_, row in kept.items()}
        database.close()
    return {id_: story or 0 for id_, story in found.items()}


def own_pairs(articles: list[Article]) -> list[Pair]:
    """Every pair of the articles that were written for this."""
    pairs = combinations(articles, 2)
    return [(one["id"], other["id"], one["story"] == other["story"]) for one, other in pairs]


def labelled(articles: dict[str, Article]) -> list[Pair]:
    """The labelled pairs whose articles are there."""
    pairs = _lines(HERE / "story-pairs.jsonl")
    return [
        (pair["one"], pair["other"], pair["same"])
        for pair in pairs
        if pair["one"] in articles and pair["other"] in articles
    ]


def report(name: str, pairs: list[Pair], same: Any, *, tell: bool = False) -> None:
    """Print precision and recall, and which pairs were told wrongly."""
    told = [(one, other, truth, same(one, other)) for one, other, truth in pairs]
    right = sum(truth and found for *_, truth, found in told)
    found, true = sum(row[3] for row in told), sum(row[2] for row in told)
    precision, recall = right / max(found, 1), right / max(true, 1)
    print(f"{name}: {len(pairs)} pairs, precision {precision:.3f}, recall {recall:.3f}")
    for one, other, truth, joined in told:
        if tell and truth != joined:
            print(f"  {'apart' if truth else 'joined'}, wrongly: {one} {other}")


if __name__ == "__main__":
    main()
