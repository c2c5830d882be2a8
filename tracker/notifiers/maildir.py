"""Messages in a maildir: new ones are read, then moved to where mail programs look for old ones."""

from collections.abc import Iterator
from pathlib import Path


def new_in(folder: Path) -> Iterator[Path]:
    """The new messages of a maildir, oldest name first."""
    new = folder / "new"
    if new.is_dir():
        yield from sorted(file for file in new.iterdir() if file.is_file())


def mark_seen(folder: Path, file: Path, *, understood: bool) -> None:
    """Move a message to the read ones; what was not understood stays flagged as unread."""
    cur = folder / "cur"
    cur.mkdir(exist_ok=True)
    name = file.name.partition(":")[0]
    file.rename(cur / f"{name}:2,{'S' if understood else ''}")
