"""How well and how fast stances are found in the shared corpus.

    python benchmarks/extraction.py train [--keep FILE]
    python benchmarks/extraction.py dev
    python benchmarks/extraction.py pool [--published]

`train` and `dev` print what the corpus' own script prints, 95 % intervals (articles drawn 2,000
times with repetition) and how often the speaker is right; `--keep` leaves the findings of `train`
in a file, to look at single errors with that script. Of `dev` only totals are printed and nothing
is kept, so that nobody can tune to it. The first articles are read a second time: the same bytes
must come. `pool` counts the announcements that would be published in articles chosen as unlikely
to hold any; `--published` prints them for reading.

All also print articles a second of processor time, peak memory, and the seconds from a bare start
to the first findings. The corpus is looked for in STANCE_TRACKER_SHARED, else beside the project.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import extraction_scores

from tracker import extraction
from tracker.domain.codes import Disposition, Novelty
from tracker.domain.model import Announcement, Document, Findings
from tracker.extraction.documents import document_from_json, findings_to_json
from tracker.starter.reader import load_registry

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("STANCE_TRACKER_SHARED", ROOT.parent / "shared")) / "corpus"
AGAIN = 20
COLD = """
import sys
from tracker import extraction
from tracker.extraction.documents import document_from_json
from tracker.starter.reader import load_registry
extraction.build()(document_from_json(sys.stdin.read()), load_registry())
"""


def main() -> int:
    """Run what the command line asks for and print the figures."""
    wanted = arguments()
    if not CORPUS.is_dir():
        print(f"no corpus at {CORPUS}: set STANCE_TRACKER_SHARED to the shared folder")
        return 2
    lines = list(pool() if wanted.split == "pool" else articles(wanted.split))
    began = time.process_time()
    found = read_all(lines)
    seconds = time.process_time() - began
    print(f"{'same input, same bytes':<26}{same_again(lines[:AGAIN], found):>8}")
    if wanted.split == "pool":
        count_published(found, wanted.published)
    else:
        keep = wanted.keep if wanted.split == "train" else None
        score(wanted.split, found, keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'articles a second (CPU)':<26}{len(lines) / seconds:8.1f}")
    print(f"{'peak memory, MB':<26}{peak:8.0f}")
    print(f"{'cold start, s':<26}{cold_start(lines[0]):8.1f}")
    return 0


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("split", choices=("train", "dev", "pool"))
    parser.add_argument("--keep", type=Path, help="leave the findings of train in this file")
    parser.add_argument("--published", action="store_true", help="print what pool would publish")
    return parser.parse_args()


def articles(split: str) -> Iterator[str]:
    """The documents of a split, one JSON text each."""
    for path in sorted((CORPUS / split / "docs").glob("*.json")):
        yield path.read_text(encoding="utf-8")


def pool() -> Iterator[str]:
    """The pool articles that were chosen as unlikely to hold anything."""
    for line in (CORPUS / "pool" / "pool.jsonl").read_text(encoding="utf-8").splitlines():
        if line.strip() and json.loads(line)["kind"] == "unlikely":
            yield line


def read_all(lines: list[str]) -> list[tuple[Document, Findings]]:
    """The findings of the shipped extractor with the shipped registry."""
    extract, registry = extraction.build(), load_registry()
    documents = [document_from_json(line) for line in lines]
    return [(document, extract(document, registry)) for document in documents]


def same_again(lines: list[str], found: list[tuple[Document, Findings]]) -> str:
    """Whether a second reading of the first articles gives the same bytes."""
    again = zip(found, read_all(lines), strict=False)
    same = all(
        findings_to_json(*first, from_html=False) == findings_to_json(*second, from_html=False)
        for first, second in again
    )
    return "yes" if same else "NO"


def score(split: str, found: list[tuple[Document, Findings]], keep: Path | None) -> None:
    """Print the totals of the corpus' own script; leave the findings in ``keep``."""
    each_line = [findings_to_json(*each, from_html=False) for each in found]
    written = "\n".join(each_line)
    with tempfile.TemporaryDirectory() as folder:
        file = keep or Path(folder) / "found.jsonl"
        file.write_text(written + "\n", encoding="utf-8")
        subprocess.run(
            (sys.executable, str(CORPUS / "score.py"), str(CORPUS / split), str(file)), check=True
        )
    print("95 % intervals")
    counted = extraction_scores.by_article(CORPUS, split, each_line)
    for name, (value, low, high) in extraction_scores.intervals(counted).items():
        print(f"  {name:<34}{value:6.2f}  ({low:.2f} to {high:.2f})")
    right, asked = extraction_scores.speakers(CORPUS, split, each_line)
    print(f"  {'speakers right, of those found':<34}{right:3} of {asked}")


def count_published(found: list[tuple[Document, Findings]], show: bool) -> None:
    """Print in how many articles an announcement would be published."""
    published = [(document, each) for document, findings in found for each in certain(findings)]
    number = len({document.id for document, _ in published})
    print(f"{'articles':<26}{len(found):8}")
    print(f"{'with a published one':<26}{number:8}")
    for document, each in published if show else []:
        print(document.id, each.company, each.act, each.topic, each.span.quote, sep=" | ")


def certain(findings: Findings) -> list[Announcement]:
    """The new announcements that need no person's look."""
    return [
        each
        for each in findings.announcements
        if each.disposition is Disposition.PUBLISH and each.novelty is Novelty.NEW
    ]


def cold_start(line: str) -> float:
    """Seconds from the start of a fresh interpreter to the findings of one article."""
    began = time.perf_counter()
    subprocess.run((sys.executable, "-c", COLD), input=line, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
