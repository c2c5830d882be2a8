"""Count in how many articles each word stands: what is rare tells stories apart.

    python training/count_words.py TEXTS.jsonl... > tracker/domain/word_counts.txt

Each line of the files is an article with ``title`` and ``text``. Only numbers of words leave them,
and only of words that at least one article in a hundred has.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from tracker.domain.stories import LEAD, words_of


def main() -> None:
    """Print the words, most frequent first, with the number of articles that have them."""
    lines = (line for file in sys.argv[1:] for line in Path(file).read_text().splitlines())
    articles = [json.loads(line) for line in lines if line.strip()]
    counts: Counter[str] = Counter()
    for article in articles:
        counts.update(set(words_of(f"{article['title']}\n{article['text'][:LEAD]}")))
    least = max(2, len(articles) // 100)
    print(f"# articles {len(articles)}")
    for word, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if number >= least:
            print(word, number)


if __name__ == "__main__":
    main()
