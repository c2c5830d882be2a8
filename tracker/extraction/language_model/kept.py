"""What was answered is kept in a folder, and how often was asked today."""

import hashlib
from datetime import date as Day
from pathlib import Path

from tracker.domain.errors import SettingsError


class Answers:
    """Answers by the hash of all that they depend on; one byte a question in a file a day."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SettingsError(f"extract.llm_folder: {folder}: {error.strerror}") from error

    def known(self, *parts: str) -> str | None:
        """The kept answer, None if there is none."""
        file = self._file(*parts)
        return file.read_text(encoding="utf-8") if file.exists() else None

    def keep(self, answer: str, *parts: str) -> None:
        """Keep an answer; a half-written one is never found."""
        file = self._file(*parts)
        half = file.with_suffix(".half")
        half.write_text(answer, encoding="utf-8")
        half.replace(file)

    def asked(self, day: Day) -> int:
        """How many questions were asked on a day (UTC)."""
        file = self._folder / f"asked-{day}"
        return file.stat().st_size if file.exists() else 0

    def count(self, day: Day) -> None:
        """Count one more question."""
        with (self._folder / f"asked-{day}").open("ab") as file:
            file.write(b".")

    def _file(self, *parts: str) -> Path:
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return self._folder / f"{digest}.json"
