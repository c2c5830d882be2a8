"""The columns of every export, and what those mean that anybody may take along.

``PUBLIC`` is the schema of the files on /data: it names no row number of one database, no note of
an editor and no figure of the extractor.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEDGER_TAIL = "quote url urls snapshot evidence level published review_state origin"
NAMES = {
    "stances": (
        "id company company_slug brand topic topics act direction directions date precision status "
        f"{LEDGER_TAIL} scope summary speaker speaker_role authority effective_date first_reported "
        "first_seen trigger extent term track matter joint_id modality disposition confidence "
        "extractor note relations former_ids disputed"
    ),
    "reactions": (
        "id actor actor_slug actor_name actor_type reaction about about_slugs stance call topic "
        f"date precision status {LEDGER_TAIL} practice summary speaker affiliate target_class "
        "disposition confidence extractor note"
    ),
    "calls": (
        "id callers caller_type asked asked_act topic topics date precision targets demands "
        "target_class "
        f"deadline channel delivered_on delivery_proof public_url withdrawn_on {LEDGER_TAIL} "
        "disposition confidence extractor note"
    ),
    "commitments": (
        "id company company_slug brand topic stance promised scope date precision due "
        "due_precision condition state since steps review_state origin note"
    ),
    "positions": (
        "company company_slug brand topic says does since says_since does_since last_evidence "
        "says_stance does_stance scope term compelled rests_on"
    ),
    "sources": (
        "id url kind status last_ok last_error next_due title organisation tier publisher_kind "
        "language timezone licence note origin added_at last_polled last_new failures "
        "failing_since error_cause error_fault"
    ),
    "entries": (
        "source_url entry_key title link summary content published published_raw author "
        "first_seen state attempts last_error"
    ),
    "articles": (
        "url title host language published first_seen tier story source_url sha256 fetched_at "
        "taken_from state extractor last_error"
    ),
    "alerts": (
        "id kind change_key stance_id state subscriber address created_at due_at attempts sent_at "
        "message_id last_error"
    ),
}
COLUMNS = {what: tuple(names.split()) for what, names in NAMES.items()}
"""The columns of every export; some may be added, none is taken away (interface.md, Commands)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a public file. ``kind`` is a type of the Table Schema; ``unit`` and ``zone``
    say in what a number or a time is told.
    """

    name: str
    kind: str
    meaning: str
    unit: str | None = None
    zone: str | None = None


UTC, PLACE = "UTC", "that of the publisher"
"""Moments are in UTC; days are calendar days where the publisher is."""

_TEXT, _DAY, _MOMENT, _FLAG = "string", "date", "datetime", "boolean"
_LIST, _NUMBER = "array", "integer"

SHARED: dict[str, tuple[str, str]] = {
    "id": (_TEXT, "Stable id; the page of the record stands under it"),
    "company": (_TEXT, "Name of the company"),
    "company_slug": (_TEXT, "Name of the company in addresses, as ibm in /c/ibm"),
    "brand": (_TEXT, "Brand of the company, where only the brand acted"),
    "topic": (_TEXT, "Code of the first topic"),
    "topics": (_LIST, "Codes of all topics, the first one first"),
    "date": (_DAY, "Day on which it was done or said in public; the first day of a longer span"),
    "precision": (_TEXT, "How exactly the day is known: day, month, quarter, year or range"),
    "status": (_TEXT, "new, or background: told again of what was known"),
    "quote": (_TEXT, "The sentence that proves it, word for word; belongs to its publisher"),
    "url": (_TEXT, "Address of the page that carries it"),
    "urls": (_LIST, "Addresses of all pages that carry it"),
    "snapshot": (_TEXT, "SHA-256 of the text in which the quote stands"),
    "evidence": (_LIST, "Every quote with its place in its text, counted in characters"),
    "level": (_TEXT, "How well it is attested: confirmed, reported or disputed"),
    "review_state": (_TEXT, "proposed: no person has checked it; accepted or edited: a person did"),
    "origin": (_TEXT, "Where the record comes from: starter, extracted, imported or editor"),
    "scope": (_TEXT, "What it covers and what not, in the words of the company"),
    "summary": (_TEXT, "What happened, in our words"),
    "speaker": (_TEXT, "Who spoke"),
    "target_class": (_TEXT, "Companies that are meant as a class, in words"),
    "term": (_TEXT, "How long it holds; empty: no end was named"),
}
"""Columns that mean the same in every file."""

OWN: Mapping[str, dict[str, tuple[str, str]]] = {
    "stances": {
        "act": (_TEXT, "What the company did or said: a word of the method"),
        "direction": (_NUMBER, "Above 0 towards the reference side of the topic, below 0 away"),
        "directions": ("object", "Directions for further topics, where they differ"),
        "speaker_role": (_TEXT, "Role of the one who spoke"),
        "authority": (_TEXT, "Who spoke for the company: board, ceo, spokesperson …"),
        "effective_date": (_DAY, "Day from which it holds, where that is another day"),
        "first_reported": (_DAY, "Day of the first report"),
        "first_seen": (_MOMENT, "When this installation first saw it"),
        "trigger": (_TEXT, "voluntary, or what set it off, such as legal_order or settlement"),
        "extent": (_TEXT, "Whether it covers the whole practice of the company: full or part"),
        "track": (_TEXT, "says or does, where the act alone does not decide it"),
        "matter": (_TEXT, "The product, contract or policy that it is about"),
        "joint_id": (_TEXT, "The same for stances that several companies took together"),
        "modality": (_TEXT, "In which mood it was said: asserted, planned, hedged …"),
        "relations": (_LIST, "Links to earlier stances: kind of link and id"),
        "former_ids": (_LIST, "Ids of records that were merged into this one"),
        "disputed": (_LIST, "What other reports say of a fact, with their address"),
    },
    "reactions": {
        "actor": (_TEXT, "Who reacted"),
        "actor_slug": (_TEXT, "Name of the one who reacted in addresses, as aclu in /o/aclu"),
        "actor_name": (_TEXT, "Who reacted, as the report names them"),
        "actor_type": (_TEXT, "Kind of the one who reacted, such as advocacy_group"),
        "reaction": (_TEXT, "What the reaction is: a word of the method"),
        "about": (_LIST, "Names of the companies that it is about"),
        "about_slugs": (_LIST, "The same companies as addresses name them"),
        "stance": (_TEXT, "Id of the stance that it answers; empty: it answers a practice"),
        "call": (_TEXT, "Id of the call that it is part of"),
        "practice": (_TEXT, "The practice that it answers, in our words"),
        "affiliate": (_TEXT, "The part of an organisation that reacted"),
    },
    "calls": {
        "callers": (_LIST, "Names of those who asked"),
        "caller_type": (_TEXT, "Kind of those who asked, such as coalition"),
        "asked": (_TEXT, "What was asked, in our words"),
        "asked_act": (_TEXT, "What was asked as a word of the method"),
        "targets": (_LIST, "Each company that was asked: its status, since when, and its history"),
        "demands": (_LIST, "Each thing that was asked"),
        "deadline": (_DAY, "Day until which an answer was asked for"),
        "channel": (_TEXT, "How it was asked: open letter, petition, lawsuit …"),
        "delivered_on": (_DAY, "Day on which it was handed over"),
        "delivery_proof": (_TEXT, "Page that shows that it was handed over"),
        "public_url": (_TEXT, "Address of the call itself"),
        "withdrawn_on": (_DAY, "Day on which those who asked took it back"),
    },
    "commitments": {
        "stance": (_TEXT, "Id of the stance by which it was promised"),
        "promised": (_TEXT, "What was promised, in our words"),
        "due": (_DAY, "Day on which it falls due; the first day of a longer span"),
        "due_precision": (_TEXT, "How exactly that day is known"),
        "condition": (_TEXT, "What must happen first, in our words"),
        "state": (_TEXT, "Where it stands: a word of the method"),
        "since": (_DAY, "Day from which it stands so"),
        "steps": (_LIST, "Every state with its day, its reason and what shows it"),
    },
    "positions": {
        "topic": (_TEXT, "Code of the topic"),
        "says": (_TEXT, "The position in words: a word of the method"),
        "does": (_TEXT, "The position in deeds: a word of the method"),
        "since": (_DAY, "Day from which the newer of the two holds"),
        "says_since": (_DAY, "Day from which the words hold"),
        "does_since": (_DAY, "Day from which the deeds hold"),
        "last_evidence": (_DAY, "Day of the last event that bears on it"),
        "says_stance": (_TEXT, "Id of the stance that began the words"),
        "does_stance": (_TEXT, "Id of the stance that began the deeds"),
        "compelled": (_FLAG, "Whether a court, a regulator or a law compelled it"),
        "rests_on": (_LIST, "Ids of all stances that it rests on"),
    },
    "sources": {
        "url": (_TEXT, "Address of the feed or page that is read"),
        "kind": (_TEXT, "feed, sitemap, page (of links) or watched (its own text)"),
        "status": (_TEXT, "Whether it is asked, and how that goes"),
        "title": (_TEXT, "Name of the source"),
        "organisation": (_TEXT, "The organisation that publishes it, as addresses name it"),
        "tier": (_TEXT, "What its word weighs: primary, reliable, advocacy, weak or mirror"),
        "publisher_kind": (_TEXT, "What kind of publisher it is"),
        "language": (_TEXT, "Language as in BCP 47"),
        "timezone": (_TEXT, "Zone in which it tells its days"),
        "licence": (_TEXT, "Its own licence, where it names one"),
        "last_ok": (_MOMENT, "When it was last read without a fault"),
        "last_new": (_MOMENT, "When it last brought something new"),
    },
}
"""Columns of one file."""

UNITS: Mapping[str, str] = {
    "direction": "degrees from -2 to 3",
    "directions": "degrees from -2 to 3",
    "evidence": "Unicode characters from the beginning of the text",
}
"""In what numbers are told."""

KEPT_BACK = frozenset({"note", "confidence", "disposition", "extractor", "published"})
"""Columns of exports that are for those who run the program."""


def _public(what: str) -> tuple[Column, ...]:
    """Of sources the columns that are told here, of all else every one that is not kept back."""
    told = SHARED | OWN[what]
    every = OWN[what] if what == "sources" else COLUMNS[what]
    return tuple(_column(name, *told[name]) for name in every if name not in KEPT_BACK)


def _column(name: str, kind: str, meaning: str) -> Column:
    return Column(name, kind, meaning, unit=UNITS.get(name), zone=_zone(kind))


def _zone(kind: str) -> str | None:
    return {_MOMENT: UTC, _DAY: PLACE}.get(kind)


PUBLIC: Mapping[str, tuple[Column, ...]] = {what: _public(what) for what in OWN}
"""The files that anybody may take along, and their columns."""
