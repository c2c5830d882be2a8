"""Jobs for workers: what waits, in shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCHEMA = "tracker_queue"
"""Where the tables of the queue lie in PostgreSQL; nothing in them need be kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work of one kind on one share. Of its like one waits at most, and one at most is done."""

    kind: str
    share: int
    what: Mapping[str, Sequence[int]]

    @property
    def name(self) -> str:
        """The same for all that must not be done at the same time."""
        return f"{self.kind} {self.share}"
