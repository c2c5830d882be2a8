"""Fetching the older entries of a source: in which way, and how far."""

from enum import StrEnum


class BackfillWay(StrEnum):
    """How a site gives its older entries."""

    ARCHIVE = "archive"
    """Pages and archives that the feed links (RFC 5005)."""
    WORDPRESS = "wordpress"
    SITEMAP = "sitemap"


class BackfillState(StrEnum):
    """How far a backfill is."""

    UNDER_WAY = "under_way"
    DONE = "done"
    GIVEN_UP = "given_up"
