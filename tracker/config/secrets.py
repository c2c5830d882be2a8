"""Secrets have files of their own, readable by their owner only; no message shows one."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.domain.errors import SettingsError

if TYPE_CHECKING:
    from tracker.config import Settings


def secret_key(settings: "Settings") -> str:
    """The key that signs; made on first use. Raises SettingsError when it cannot be had."""
    file = settings.web.secret_key_file
    try:
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process made it just now
    except OSError as error:
        raise SettingsError(f"web.secret_key_file: {file}: {error.strerror}") from error
    return _read("web.secret_key_file", file)


def smtp_password(settings: "Settings") -> str:
    """The password of the mail server; empty when no file is named. Raises SettingsError."""
    return _read("mail.smtp_password_file", settings.mail.smtp_password_file)


def dkim_key(settings: "Settings") -> str:
    """The key that signs mails; empty when no file is named. Raises SettingsError."""
    return _read("mail.dkim_key_file", settings.mail.dkim_key_file)


def language_model_key(settings: "Settings") -> str:
    """The key of the large model's endpoint; empty when no file is named. Raises SettingsError."""
    return _read("extract.llm_key_file", settings.extract.llm_key_file)


def _read(key: str, file: Path | None) -> str:
    if file is None:
        return ""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{key}: {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{key}: {file}: this is no text") from error
    if not text:
        raise SettingsError(f"{key}: {file} is empty; write the secret into it, or remove it")
    return text
