"""Check the label files of this folder against the pool they point into.

Usage: python check.py POOL.jsonl [LABELS.jsonl ...]

Without label files every ``*.jsonl`` beside this script is checked. The closed sets are those of
the codebook, sections 1 to 3. Prints counts; exit status 1 when a label is wrong.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

Label = dict[str, Any]


def words_of(text: str) -> frozenset[str]:
    """The codes of a closed set, written as one text with blanks between."""
    return frozenset(text.split())


KINDS = {"stance", "reaction", "call"}
NOVELTY = {"new", "background", None}
MODALITY = {
    "asserted",
    "planned",
    "hedged",
    "hypothetical",
    "demanded",
    "denied",
    "background",
    None,
}
ACTS = words_of(
    """ends pauses restricts safeguards commits changes_policy discloses complies
    supports_regulation opposes_regulation upholds defends denies declines_comment silent
    launches divests walks_back sanctions_critics litigates"""
)
REACTIONS = words_of(
    """welcomes welcomes_insufficient criticises demands sues investigates sanctions reports
    supports_peer follows drops_supplier resigns_protests divests_from votes commits_self
    neutral"""
)
ACTOR_TYPES = words_of(
    """advocacy_group coalition workers union researcher expert_body legislator legislature
    regulator government politician shareholder peer_company industry_association customer users
    affected_person lawyers media journalist think_tank counter_advocate"""
)
TOPICS = words_of(
    """facial_recognition biometrics emotion_recognition retail_surveillance genetic_data
    police_tech alpr home_surveillance border_tech social_media_monitoring religious_profiling
    military_ai biometric_surveillance spyware government_access internet_shutdowns
    censorship_tech responsible_exit encryption_csam location_data data_brokers
    reproductive_data health_data privacy_policy voice_assistants age_verification child_safety
    ai_companions content_moderation hate_speech political_ads election_integrity deepfakes
    app_store advertising ai_safety ai_governance genai_training_data algorithmic_hiring
    algorithmic_discrimination surveillance_pricing gig_labour unions workplace_surveillance
    content_moderators_labour labour_ai supply_chain_labour climate dei racial_equity lgbtq
    transparency consumer_protection other_tech_ethics"""
)
FIELDS = words_of(
    """article field start end kinds company act accept_acts topics novelty modality actor
    actor_type reaction targets why"""
)
MAX_WHY_WORDS = 12
SHARED_RUN = 5
"""A reason that shares this many words in a row with its sentence counts as a quote."""


def main(arguments: list[str]) -> int:
    """Check every label file and print what was found; returns the exit status."""
    if not arguments:
        print(__doc__)
        return 2
    pool = read_pool(Path(arguments[0]))
    files = [Path(name) for name in arguments[1:]] or sorted(Path(__file__).parent.glob("*.jsonl"))
    faults = 0
    for file in files:
        labels = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        found = list_faults(labels, pool)
        for fault in found:
            print(f"{file.name}: {fault}")
        faults += len(found)
        print_counts(file.name, labels)
    print(f"faults: {faults}")
    return 1 if faults else 0


def read_pool(path: Path) -> dict[str, Label]:
    """The pool's records by their id."""
    records = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {record["id"]: record for record in records}


def list_faults(labels: list[Label], pool: dict[str, Label]) -> list[str]:
    """Every broken rule of every label, in the order of the file."""
    faults: list[str] = []
    seen: set[tuple[str, str, int, int]] = set()
    last: tuple[str, bool, int] = ("", False, -1)
    for number, label in enumerate(labels, 1):
        where = f"line {number} ({label.get('article')})"
        place = (label["article"], label["field"] == "text", label["start"])
        if place < last:
            faults.append(f"{where}: not sorted")
        last = place
        key = (label["article"], label["field"], label["start"], label["end"])
        if key in seen:
            faults.append(f"{where}: duplicate")
        seen.add(key)
        faults += [f"{where}: {fault}" for fault in codes_of(label)]
        faults += [f"{where}: {fault}" for fault in span_of(label, pool)]
    return faults


def codes_of(label: Label) -> list[str]:
    """Faults in the codes and in how they fit together."""
    kinds = set(label["kinds"])
    checks = {
        "fields": set(label) - {"also"} == FIELDS,
        "kinds": kinds <= KINDS,
        "act": label["act"] in ACTS | {None},
        "accept_acts": set(label["accept_acts"]) <= ACTS - {label["act"]},
        "topics": set(label["topics"]) <= TOPICS,
        "novelty": label["novelty"] in NOVELTY,
        "modality": label["modality"] in MODALITY,
        "actor_type": label["actor_type"] in ACTOR_TYPES | {None},
        "reaction": label["reaction"] in REACTIONS | {None},
        "a stance has an act, and only a stance": ("stance" in kinds) == bool(label["act"]),
        "a reaction has a code, and only one": ("reaction" in kinds) == bool(label["reaction"]),
        "a reaction or call has an actor": not kinds & {"reaction", "call"} or bool(label["actor"]),
        "a record has topics, novelty and modality": not kinds
        or bool(label["topics"] and label["novelty"] and label["modality"]),
        "why": 0 < len(label["why"].split()) <= MAX_WHY_WORDS,
    }
    return [name for name, right in checks.items() if not right]


def span_of(label: Label, pool: dict[str, Label]) -> list[str]:
    """Faults in the place of a label: inside its field, on borders, not quoted in the reason."""
    record = pool.get(label["article"])
    if record is None:
        return ["article is not in the pool"]
    text, start, end = record[label["field"]], label["start"], label["end"]
    if not 0 <= start < end <= len(text):
        return ["offsets outside the field"]
    faults = []
    if text[start].isspace() or text[end - 1].isspace():
        faults.append("span begins or ends with a blank")
    if not starts_well(text, start):
        faults.append("span starts inside a word")
    if not ends_well(text, end):
        faults.append("span ends off a sentence or clause border")
    if shares_a_run(label["why"], text[start:end]):
        faults.append("reason quotes the text")
    return faults


def starts_well(text: str, start: int) -> bool:
    """Whether a sentence or clause can begin here: at a word, glued sentences allowed."""
    return start == 0 or not text[start - 1].isalnum()


def ends_well(text: str, end: int) -> bool:
    """Whether a sentence or clause can end here: punctuation, line end or end of the text."""
    return (
        not text[end:].strip()
        or text[end] == "\n"
        or not text[end - 1].isalnum()
        or clause(text, end)
    )


def clause(text: str, end: int) -> bool:
    """Whether a clause ends here: the span is followed by punctuation."""
    return not text[end].isalnum() and not text[end].isspace()


def shares_a_run(why: str, quoted: str) -> bool:
    """Whether the reason repeats a run of words of the sentence."""
    words, sentence = (re.findall(r"\w+", part.lower()) for part in (why, quoted))
    runs = {tuple(sentence[i : i + SHARED_RUN]) for i in range(len(sentence))}
    return any(tuple(words[i : i + SHARED_RUN]) in runs for i in range(len(words) - SHARED_RUN + 1))


def print_counts(name: str, labels: list[Label]) -> None:
    """Counts of one file: kinds, acts, reactions, actor types, novelty, modality, topics."""
    print(f"{name}: {len(labels)} sentences, {len({row['article'] for row in labels})} articles")
    columns = {
        "kinds": Counter("+".join(row["kinds"]) or "none" for row in labels),
        "acts": Counter(row["act"] for row in labels if row["act"]),
        "reactions": Counter(row["reaction"] for row in labels if row["reaction"]),
        "actor types": Counter(row["actor_type"] for row in labels if row["actor_type"]),
        "novelty of records": Counter(row["novelty"] for row in labels if row["kinds"]),
        "modality of records": Counter(row["modality"] for row in labels if row["kinds"]),
        "modality of negatives": Counter(row["modality"] for row in labels if not row["kinds"]),
        "topics": Counter(row["topics"][0] for row in labels if row["topics"]),
    }
    for title, counter in columns.items():
        print(f"  {title}: " + ", ".join(f"{code} {n}" for code, n in counter.most_common()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
