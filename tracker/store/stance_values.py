"""Rows of stances as values."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from tracker.domain.codes import (
    Act,
    Authority,
    Disposition,
    Extent,
    Level,
    Modality,
    Novelty,
    Origin,
    Precision,
    ReviewState,
    Track,
    Trigger,
)
from tracker.domain.model import Stance, TopicCode
from tracker.store.schema import StanceRow
from tracker.store.schema.ledger import ATTESTED

PLAIN = (
    "brand",
    "act",
    "direction",
    "date",
    "precision",
    "effective_date",
    "first_reported",
    "first_seen",
    "scope",
    "summary",
    "speaker",
    "speaker_role",
    "authority",
    "trigger",
    "extent",
    "term",
    "track",
    "matter",
    "joint_id",
    "merged_into",
    "novelty",
    "modality",
    *ATTESTED,
)
"""Fields of a stance that are columns of the same name."""

FIELDS = ("id", *PLAIN)


def value(row: StanceRow) -> Stance:
    """The row as a value."""
    topics = [(topic.topic, topic.direction) for topic in row.topics]
    values = {name: getattr(row, name) for name in FIELDS}
    return built(values, row.company.slug, row.company.name, topics)


_CODES: Mapping[str, Mapping[str, StrEnum]] = {
    name: {code.value: code for code in codes}
    for name, codes in {
        "act": Act,
        "precision": Precision,
        "authority": Authority,
        "trigger": Trigger,
        "extent": Extent,
        "track": Track,
        "novelty": Novelty,
        "modality": Modality,
        "disposition": Disposition,
        "level": Level,
        "review_state": ReviewState,
        "origin": Origin,
    }.items()
}


def built(
    values: dict[str, Any], slug: str, name: str, topics: Sequence[tuple[str, int | None]]
) -> Stance:
    """A stance of plain values: the fields, company and name, topics with their directions."""
    for field, codes in _CODES.items():
        if values[field] is not None:
            values[field] = codes[values[field]]
    primary, *rest = topics
    return Stance(
        **values,
        company=slug,
        company_name=name,
        topic=TopicCode(primary[0]),
        topics=tuple(TopicCode(topic) for topic, _ in topics),
        directions={TopicCode(code): sign for code, sign in rest if sign is not None},
    )
