"""A clock that only a test moves."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the present moment (aware, UTC); it stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2020, 6, 9, 20, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **spans: float) -> datetime:
        """Move on by a timedelta's words, such as ``hours=2``; returns the new moment."""
        self.now += timedelta(**spans)
        return self.now

    def set(self, moment: datetime) -> None:
        """Jump to a moment, forwards or back."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs an aware moment")
        self.now = moment.astimezone(UTC)
