"""Settings: one TOML file, TRACKER_… environment variables over it, wrong keys refused.

``config.example.toml`` lists and explains every one. In the environment a setting is written
``TRACKER_SECTION__KEY`` (or with one stroke), for example ``TRACKER_WEB__PORT=9000``.
"""

import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tracker import __version__
from tracker.domain.codes import AutoPublish
from tracker.domain.errors import SettingsError

PREFIX = "TRACKER_"
OUTSIDE = frozenset({"TRACKER_NOW", "TRACKER_CONFIG"})
"""Variables that are no settings: the clock for drills, and where the file is."""


class Section(BaseModel):
    """A table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = "sqlite:///tracker.db"


class FetchSettings(Section):
    """How sources and articles are fetched."""

    user_agent: str = f"StanceTracker/{__version__} (+{{contact}})"
    contact: str = "https://stance-tracker.example/about-this-robot"
    timeout: float = Field(default=30.0, gt=0, le=300)
    max_bytes: int = Field(default=10_000_000, ge=1_000)
    max_inflated: int = Field(default=30_000_000, ge=1_000)
    host_gap: float = Field(default=1.0, ge=0, le=60)
    min_interval: int = Field(default=900, ge=60)
    max_interval: int = Field(default=86_400, ge=60)
    workers: int = Field(default=64, ge=1, le=256)
    allow_networks: tuple[str, ...] = ()
    robots: bool = True

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network)
        return networks

    @property
    def agent(self) -> str:
        """The User-Agent header, with the address where a publisher can reach the operator."""
        return self.user_agent.replace("{contact}", self.contact)


class ScheduleSettings(Section):
    """How often the steps look for work, in seconds."""

    poll_every: int = Field(default=30, ge=1)
    deliver_every: int = Field(default=15, ge=1)
    batch: int = Field(default=200, ge=1, le=10_000)


class MailSettings(Section):
    """How mail leaves. Without smtp_host it is written into outbox_folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    sender: str = Field(default="Stance Tracker <alerts@localhost>", alias="from")
    base_url: str = ""
    bounces: str = ""
    dkim_selector: str = "stance"
    dkim_key_file: Path | None = None
    outbox_folder: Path = Path("outbox")
    rate_per_minute: int = Field(default=600, ge=1)
    rate_per_domain: int = Field(default=300, ge=1)
    operator: str = ""

    @field_validator("operator", "bounces")
    @classmethod
    def _is_plain(cls, address: str) -> str:
        if address and ("@" not in address or any(sign in address for sign in "\r\n,; ")):
            raise ValueError("must be one bare address such as desk@example.org")
        return address

    @field_validator("sender")
    @classmethod
    def _is_one_address(cls, sender: str) -> str:
        if "@" not in sender or any(sign in sender for sign in "\r\n"):
            raise ValueError("must be one address such as Name <alerts@example.org>")
        return sender

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")


class AlertSettings(Section):
    """What stops all sending at once; nothing that is owed is lost."""

    pause: bool = False


class ExtractSettings(Section):
    """Who reads the articles: the rules and the model that ship, or also a large model."""

    backend: Literal["offline", "llm"] = "offline"
    llm_url: str = ""
    llm_model: str = ""
    llm_key_file: Path | None = None
    llm_timeout: float = Field(default=60.0, gt=0, le=600)
    llm_daily: int = Field(default=500, ge=0)
    llm_folder: Path = Path("llm-answers")
    heads_file: Path = Path("heads.npz")

    @model_validator(mode="after")
    def _has_an_endpoint(self) -> "ExtractSettings":
        if self.backend == "llm" and not (
            self.llm_model and self.llm_url.startswith(("http://", "https://"))
        ):
            raise ValueError('backend = "llm" needs llm_url (https://…/v1) and llm_model')
        return self


class ReviewSettings(Section):
    """What may be published before a person has seen it."""

    auto_publish: AutoPublish = AutoPublish.REPORTED


class WebSettings(Section):
    """Where the dashboard answers, and whom it trusts."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    workers: int = Field(default=2, ge=1, le=64)
    secret_key_file: Path = Path("tracker.secret")
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = Field(default=0, ge=0, le=5)


class RetentionSettings(Section):
    """How long what nothing needs is kept."""

    versions_days: int = Field(default=365, ge=0)


class LogSettings(Section):
    """What is told on standard error."""

    level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    json_lines: bool = False


class Settings(Section):
    """Everything that can be set."""

    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    mail: MailSettings = MailSettings()
    alerts: AlertSettings = AlertSettings()
    extract: ExtractSettings = ExtractSettings()
    review: ReviewSettings = ReviewSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def base_url(self) -> str:
        """The address under which people reach the dashboard, without a slash at its end."""
        return self.mail.base_url or f"http://{self.web.host}:{self.web.port}"


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the file (``config.toml`` of this folder if none is named), then the environment.

    Raises SettingsError that names file or variable, key, reason and the nearest known key.
    """
    environ = os.environ if environ is None else environ
    named = path or (Path(environ["TRACKER_CONFIG"]) if "TRACKER_CONFIG" in environ else None)
    file = named or Path("config.toml")
    values = _read(file, required=named is not None)
    origin = {key: str(file) for key in _keys(values)}
    for key, variable, text in _from_environment(environ):
        _put(values, key, text)
        origin[key] = variable
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error, origin, str(file))) from error


def clock(environ: Mapping[str, str] | None = None) -> datetime:
    """The present moment; ``TRACKER_NOW`` stands in for it in tests and drills."""
    fixed = (os.environ if environ is None else environ).get("TRACKER_NOW")
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise SettingsError(
            f"TRACKER_NOW: {fixed!r} is no time; write it as 2020-06-09T20:00:00Z"
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def secret_key(settings: Settings) -> str:
    """The key that signs; made on first use, readable by its owner only."""
    file = settings.web.secret_key_file
    try:
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(48))
        return file.read_text().strip()
    except FileExistsError:
        return file.read_text().strip()
    except OSError as error:
        raise SettingsError(f"web.secret_key_file: {file}: {error.strerror}") from error


def smtp_password(settings: Settings) -> str:
    """The password of the mail server, read from its own file."""
    return _secret("mail.smtp_password_file", settings.mail.smtp_password_file)


def dkim_key(settings: Settings) -> str:
    """The key that signs mails, read from its own file; empty when none is named."""
    return _secret("mail.dkim_key_file", settings.mail.dkim_key_file)


def _secret(key: str, file: Path | None) -> str:
    try:
        return file.read_text().strip() if file else ""
    except OSError as error:
        raise SettingsError(f"{key}: {file}: {error.strerror}") from error


def language_model_key(settings: Settings) -> str:
    """The key of the large model's endpoint, read from its own file."""
    return _secret("extract.llm_key_file", settings.extract.llm_key_file)


def _read(file: Path, *, required: bool) -> dict[str, Any]:
    if not required and not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: this is not TOML: {error}") from error


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in OUTSIDE | _test_variables(variable):
            yield _key_of(variable), variable, environ[variable]


def _key_of(variable: str) -> str:
    """``TRACKER_WEB__PORT`` and ``TRACKER_WEB_PORT`` both mean ``web.port``."""
    words = variable.removeprefix(PREFIX).lower()
    if "__" in words:
        return words.replace("__", ".")
    section = next((name for name in Settings.model_fields if words.startswith(f"{name}_")), None)
    return f"{section}.{words.removeprefix(f'{section}_')}" if section else words


def _test_variables(variable: str) -> frozenset[str]:
    return frozenset({variable} if variable.startswith("TRACKER_TEST_") else ())


def _put(values: dict[str, Any], key: str, text: str) -> None:
    section, _, name = key.partition(".")
    table = values.setdefault(section, {})
    if isinstance(table, dict) and name:
        table[name] = _typed(section, name, text)
    else:
        values[key] = text


def _typed(section: str, name: str, text: str) -> Any:
    """A list is written with commas or as in TOML; pydantic reads every other type itself."""
    field = Settings.model_fields.get(section)
    kind = field.annotation if field else None
    known = getattr(kind, "model_fields", {}).get(name)
    if known is not None and known.annotation == tuple[str, ...]:
        parts = text.strip().removeprefix("[").removesuffix("]").split(",")
        return tuple(stripped for part in parts if (stripped := part.strip(" \"'")))
    return text


def _keys(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        yield above + key
        if isinstance(value, dict):
            yield from _keys(value, f"{above}{key}.")


def known_keys() -> tuple[str, ...]:
    """Every key as it is written in the file, ``section.key``."""
    keys = []
    for section, field in Settings.model_fields.items():
        for name, inner in getattr(field.annotation, "model_fields", {}).items():
            keys.append(f"{section}.{inner.alias or name}")
    return tuple(keys)


def _explain(error: ValidationError, origin: Mapping[str, str], file: str) -> str:
    lines = []
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
        where = origin.get(key, file)
        if fault["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown setting '{key}'{_nearest(key)}")
        else:
            reason = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{where}: {key}: {reason} (found {fault['input']!r})")
    return "\n".join(lines)


def _nearest(key: str) -> str:
    """The same name in another section, else the most alike key."""
    known, sections = known_keys(), tuple(Settings.model_fields)
    tail = key.rpartition(".")[2]
    close = [other for other in known if "." in key and other.rpartition(".")[2] == tail]
    close += get_close_matches(key, known if "." in key else (*sections, *known), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known sections: {', '.join(sections)}"
