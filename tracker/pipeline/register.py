"""The register as it is now: who and what records may be about. Loaded once for a batch of work."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.errors import UsageError
from tracker.domain.model import Organisation, Registry, Topic, TopicCode
from tracker.store import organisations, topics
from tracker.store.database import Session


@dataclass(frozen=True, slots=True)
class Register:
    """Organisations by slug, slugs by canonical name, row ids by slug, topics by code."""

    registry: Registry
    organisations: Mapping[str, Organisation]
    slugs: Mapping[str, str]
    ids: Mapping[str, int]
    topics: Mapping[TopicCode, Topic]


def load_register(session: Session) -> Register:
    """Read the register."""
    registry = organisations.registry(session)
    return Register(
        registry=registry,
        organisations={o.slug: o for o in registry.organisations},
        slugs={o.name: o.slug for o in registry.organisations},
        ids=organisations.ids_by_slug(session),
        topics=topics.by_code(session),
    )


def require_organisation(session: Session, slug: str | None) -> None:
    """Raise UsageError when a slug is given that nobody in the register has."""
    if slug is not None and slug not in organisations.ids_by_slug(session):
        raise UsageError(f"there is no organisation {slug!r}; the slugs are at /c")
