"""Write mails into a folder: what happens while no mail server is set."""

import os
from pathlib import Path

from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertToSend
from tracker.notifiers.letters import POLICY, Letters


class OutboxNotify:
    """A Notify that leaves one .eml file per mail; writing one again replaces it."""

    def __init__(self, folder: Path, letters: Letters) -> None:
        self._folder = folder
        self._letters = letters

    def __call__(self, alert: AlertToSend) -> str:
        """Write one mail; raises DeliveryError when the folder cannot be written to."""
        content = self._letters.write(alert).as_bytes(policy=POLICY)
        file = self._folder / f"{alert.kind.value}-{alert.id:08d}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(file, content)
        except OSError as error:
            raise DeliveryError(
                f"mail.outbox_folder: {file}: {error.strerror}; make the folder writable",
                outage=True,
            ) from error
        return f"written to {file.name}"


def _write(file: Path, content: bytes) -> None:
    """All of it or nothing, even if the power fails; addresses and tokens in it are private."""
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
