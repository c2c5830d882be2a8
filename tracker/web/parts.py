"""What the dashboard needs of the program around it, and where its files are."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from tracker.config import Settings
from tracker.store.database import Database

HERE = Path(__file__).resolve().parent


class Parts(Protocol):
    """The parts that the composition root hands over."""

    @property
    def settings(self) -> Settings:
        """Every setting."""

    @property
    def database(self) -> Database:
        """Where everything is kept."""

    @property
    def mail_domain(self) -> str:
        """The right side of Message-IDs."""

    def now(self) -> datetime:
        """The present moment, in UTC."""


def templates_folder() -> Path:
    """templates/ of the checkout, or the copy inside an installed package."""
    packaged = HERE.parent / "_templates"
    return packaged if packaged.is_dir() else HERE.parent.parent / "templates"


def static_version() -> str:
    """A short hash over the stylesheet and the script: it changes when one of them does."""
    content = b"".join((HERE / "static" / name).read_bytes() for name in ("app.css", "app.js"))
    return sha256(content).hexdigest()[:10]
