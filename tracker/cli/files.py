"""Files that commands read, and lines that they write to standard output as UTF-8."""

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tracker.domain.errors import UsageError


def read_bytes(file: Path) -> bytes:
    """The content of a file. Raises UsageError that names it."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output as UTF-8 whatever the terminal says; line ends are left as written."""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="")
    try:
        yield out
        out.flush()
    finally:
        out.detach()


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    with standard_output() as out:
        for line in lines:
            out.write(line + "\n")
