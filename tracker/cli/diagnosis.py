"""What `tracker doctor` looks at outside the database: settings, clock, disk, mail, models."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import config
from tracker.cli.main import Setup
from tracker.config import FetchSettings, MailSettings, Settings
from tracker.domain.errors import DeliveryError, SettingsError, StoreError
from tracker.pipeline.doctor import Line, examine, fault, ok, warn

if TYPE_CHECKING:
    from tracker.engine.queue import Queue

LITTLE, TOO_LITTLE = 1_000_000_000, 50_000_000
"""Free bytes on the disk of the database: below the first it warns, below the second it fails."""


def diagnose(setup: Setup) -> Iterator[Line]:
    """One line after the other, as they are found; a fault in the settings ends the list."""
    try:
        settings = setup.settings
        config.clock()
    except SettingsError as error:
        yield fault("settings", str(error).replace("\n", "; "), "correct it and try again")
        return
    yield ok("settings", _where(setup.file))
    yield _clock()
    yield from _files(settings)
    yield _contact(settings)
    yield from _database(setup)
    yield _disk(setup)
    yield from _mail(settings)
    yield _models(settings)


def _where(file: Path | None) -> str:
    named = file or Path(os.environ.get("TRACKER_CONFIG", "config.toml"))
    number = sum(name.startswith(config.PREFIX) for name in os.environ)
    source = str(named) if named.exists() else "the defaults"
    return f"{source}, {number} from the environment; every key is known"


def _clock() -> Line:
    if os.environ.get("TRACKER_NOW"):
        return warn(
            "clock",
            f"TRACKER_NOW holds it at {config.clock():%Y-%m-%d %H:%M} UTC",
            "unset it unless this is a drill",
        )
    return ok("clock", f"{config.clock():%Y-%m-%d %H:%M} UTC")


def _files(settings: Settings) -> Iterator[Line]:
    """Files with secrets must be closed to others; what is in them is never said."""
    made_by_us = settings.web.secret_key_file
    for name, file in (
        ("mail.smtp_password_file", settings.mail.smtp_password_file),
        ("mail.dkim_key_file", settings.mail.dkim_key_file),
        ("web.secret_key_file", made_by_us),
    ):
        if file is None or (not file.exists() and file is made_by_us):
            continue
        if not file.exists():
            yield fault(name, f"{file} is missing", "write the password or key into it")
        elif file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield warn(name, f"{file} is open to other users", f"chmod 600 {file}")
        else:
            yield ok(name, f"{file} is closed to others")


def _contact(settings: Settings) -> Line:
    contact = settings.fetch.contact
    if contact == FetchSettings().contact:
        mend = "set fetch.contact to a page or address where publishers reach you"
        return warn("contact", f"still the example {contact}", mend)
    return ok("contact", contact)


def _database(setup: Setup) -> Iterator[Line]:
    from tracker.store import migrate

    try:
        app = setup.bare_app
        migrate.require_newest(app.database)
        yield ok("database", f"{app.database.where}, version {migrate.newest()}")
        yield from examine(app.database, app.now(), datetime.now(UTC))
        yield from workers(app.queue)
    except StoreError as error:
        reason, _, mend = str(error).rpartition("; ")
        yield fault("database", reason or mend, mend if reason else "")


def workers(queue: "Queue | None") -> Iterator[Line]:
    """Who does the work, where the scheduler hands it out."""
    if queue is None:
        return
    state = queue.state()
    found = f"{state.workers} alive, {state.under_way} jobs under way, {state.waiting} wait"
    yield (
        ok("workers", found)
        if state.workers
        else fault(
            "workers", found, "start `tracker worker`: without one nothing is polled or read"
        )
    )


def _disk(setup: Setup) -> Line:
    folder = _folder(setup)
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free in {folder}"
    if free < TOO_LITTLE:
        return fault("disk", found, "free some space: nothing can be kept")
    if free < LITTLE:
        return warn("disk", found, "free some space soon")
    return ok("disk", found)


def _folder(setup: Setup) -> Path:
    """The folder of the database file, or the nearest one above it that exists."""
    folder = Path.cwd()
    with suppress(StoreError):
        folder = (setup.bare_app.database.file or folder / "x").resolve().parent
    while not folder.exists():
        folder = folder.parent
    return folder


def _mail(settings: Settings) -> Iterator[Line]:
    mail = settings.mail
    if settings.alerts.pause:
        yield warn("sending", "alerts.pause stops all of it", "set it to false to send again")
    if not mail.smtp_host:
        mend = "set mail.smtp_host to send them"
        yield warn("mail", f"no server: mails are written into {mail.outbox_folder}/", mend)
        return
    if mail.sender == MailSettings().sender:
        yield warn("mail.from", f"still the example {mail.sender}", "set an address of your own")
    if not mail.base_url:
        yield warn("mail.base_url", f"links lead to {settings.base_url}", "set the public address")
    yield _server(settings)
    if mail.sender != MailSettings().sender:
        yield from _records(settings)


def _records(settings: Settings) -> Iterator[Line]:
    """What receivers look for in the DNS before they believe our mail."""
    from tracker.notifiers import records

    mail = settings.mail
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    look_up = records.look_up_in_dns()
    if look_up is None:
        yield warn("mail records", "not looked up", "pip install 'stance-tracker[mail]'")
        return
    signs = mail.dkim_key_file is not None
    try:
        for one in records.check(domain, mail.dkim_selector, look_up, signs=signs):
            yield warn(one.what, one.found, one.mend) if one.mend else ok(one.what, one.found)
    except OSError as error:
        yield warn("mail records", str(error), "look again when the DNS answers")


def _server(settings: Settings) -> Line:
    from tracker.notifiers.connections import MailServer
    from tracker.notifiers.probe import probe

    mail = settings.mail
    try:
        password = config.smtp_password(settings)
        server = MailServer(
            mail.smtp_host, mail.smtp_port, mail.smtp_starttls, mail.smtp_user, password
        )
        return ok("mail", probe(server))
    except (DeliveryError, SettingsError) as error:
        return fault("mail", str(error), "check [mail]; what is owed waits and is not lost")


def _models(settings: Settings) -> Line:
    """Which tier reads the articles (docs/extraction.md, tiers)."""
    from tracker.app import extractor
    from tracker.extraction import heads, parse

    try:
        version = extractor(settings, config.clock).version
    except SettingsError as error:
        return fault("models", str(error), "check [extract]")
    if not parse.available():
        found = f"the parser's model is missing ({version}): everything waits for a person"
        return fault("models", found, "install the package again")
    if heads.load() is None:
        found = f"the trained model is missing or changed ({version}): less is found"
        return fault("models", found, "install the package again")
    return ok("models", f"parser and trained model are here; extractor {version}")
