"""The present moment, or the one that a test or drill sets."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from tracker.domain.errors import SettingsError


def clock(environ: Mapping[str, str] | None = None) -> datetime:
    """The present moment; ``TRACKER_NOW`` stands in for it in tests and drills."""
    fixed = (os.environ if environ is None else environ).get("TRACKER_NOW")
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"TRACKER_NOW: {fixed!r} is no time; write it as 2020-06-09T20:00:00Z"
        ) from error
