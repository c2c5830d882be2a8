"""How well the article is found on real pages, beside trafilatura in the same run.

    python benchmarks/articles.py FOLDER [--fundus FOLDER] [--worst N]

FOLDER is a checkout of scrapinghub/article-extraction-benchmark (html/ and ground-truth.json),
the other one of flairNLP/fundus; neither is part of this project. Prints, for each and both, the
mean F1 of words and of runs of four words, milliseconds a page, and the pages that were refused.
Whether hidden text is among what is found: see shown.py.
"""

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources import pages

WORD = re.compile(r"\w+")
RUN = 4
NAMED_AFTER_A_DAY = re.compile(r"_\d{4}_\d\d_\d\d$")

Read = Callable[[str, bytes], str]


@dataclass(frozen=True)
class Sample:
    """A real page and the article on it, as a person or a rule made for that site tells it."""

    name: str
    url: str
    html: bytes
    article: str


def main() -> None:
    """Measure every reader on every set of pages."""
    asked = _arguments()
    sets = {"article-extraction-benchmark": list(benchmark(asked.folder))}
    if asked.fundus:
        sets["fundus"] = list(fundus(asked.fundus))
    for name, samples in sets.items():
        print(f"{name}: {len(samples)} pages")
        for reader, read in READERS.items():
            report(reader, samples, read, asked.worst if read is ours else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fundus", type=Path)
    parser.add_argument("--worst", type=int, default=0)
    return parser.parse_args()


# --- the pages ------------------------------------------------------------------------------------


def benchmark(folder: Path) -> Iterator[Sample]:
    """The pages with their hand-made truth."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, told in sorted(truth.items()):
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Sample(name, told["url"], html, told["articleBody"])


def fundus(folder: Path) -> Iterator[Sample]:
    """The pages with the paragraphs that a rule made for each publisher finds."""
    for file in sorted(folder.rglob("*.html.gz")):
        publisher = NAMED_AFTER_A_DAY.sub("", file.name.removesuffix(".html.gz"))
        told = file.with_name(f"{publisher}.json")
        version = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
        body = _of_day(version, file.name)
        if body:
            url = f"https://{publisher.lower()}.example/news/article"
            yield Sample(
                f"{file.parent.name}/{publisher}", url, gzip.decompress(file.read_bytes()), body
            )


def _of_day(versions: dict[str, dict[str, object]], file: str) -> str:
    """The truth belongs to the newest page of its publisher, which the newest version reads."""
    day = file.removesuffix(".html.gz")[-10:].replace("_", "-")
    for version in versions.values():
        if str(version.get("publishing_date", ""))[:10] == day or len(versions) == 1:
            return _text_of(version.get("body"))
    return ""


def _text_of(body: object) -> str:
    if not isinstance(body, dict):
        return ""
    pieces = list(body.get("summary", []))
    for section in body.get("sections", []):
        pieces += [*section.get("headline", []), *section.get("paragraphs", [])]
    return "\n".join(pieces)


# --- the readers ----------------------------------------------------------------------------------


def ours(url: str, html: bytes) -> str:
    """The text that the tracker stores; nothing where it refuses the page."""
    try:
        return pages.parse(Response(url, 200, html, {"content-type": "text/html"})).text
    except ParseError:
        return ""


def plain_trafilatura(url: str, html: bytes) -> str:
    """What trafilatura finds by itself."""
    import trafilatura

    return trafilatura.extract(html, url=url, include_comments=False) or ""


READERS: dict[str, Read] = {"ours": ours, "trafilatura": plain_trafilatura}


# --- the figures ----------------------------------------------------------------------------------


def report(name: str, samples: list[Sample], read: Read, worst: int) -> None:
    """Print the figures of one reader."""
    began = time.process_time()
    found = [read(sample.url, sample.html) for sample in samples]
    spent = (time.process_time() - began) / len(samples) * 1000
    words = [f1(tokens(s.article), tokens(f)) for s, f in zip(samples, found, strict=True)]
    runs = [f1(shingles(s.article), shingles(f)) for s, f in zip(samples, found, strict=True)]
    refused = sum(not text for text in found)
    print(
        f"  {name:<12} words F1 {statistics.mean(words):.4f}  runs F1 {statistics.mean(runs):.4f}"
        f"  {spent:5.1f} ms a page  refused {refused}"
    )
    for score, sample, text in sorted(zip(words, samples, found, strict=True), key=_score)[:worst]:
        print(f"    {score:.3f} {sample.name} {sample.url} {len(text)}/{len(sample.article)}")


def _score(row: tuple[float, Sample, str]) -> float:
    return row[0]


def tokens(text: str) -> Counter[str]:
    """The words of a text with their numbers."""
    return Counter(WORD.findall(text.lower()))


def shingles(text: str) -> Counter[str]:
    """The runs of four words of a text."""
    words = WORD.findall(text.lower())
    return Counter(" ".join(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))


def f1(true: Counter[str], found: Counter[str]) -> float:
    """The harmonic mean of precision and recall of two bags."""
    both = (true & found).total()
    if not both:
        return float(true.total() == found.total())
    return 2 * both / (true.total() + found.total())


if __name__ == "__main__":
    main()
