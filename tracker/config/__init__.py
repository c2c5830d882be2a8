"""Settings: one TOML file, TRACKER_… environment variables over it, wrong keys refused.

``config.example.toml`` lists and explains every one. In the environment a setting is written
``TRACKER_SECTION__KEY`` (or with one stroke), for example ``TRACKER_WEB__PORT=9000``.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from tracker import __version__
from tracker.config.faults import explain
from tracker.config.moment import clock
from tracker.config.secrets import dkim_key, language_model_key, secret_key, smtp_password
from tracker.domain.codes import AutoPublish
from tracker.domain.errors import SettingsError

__all__ = [
    "Settings",
    "clock",
    "dkim_key",
    "language_model_key",
    "load",
    "secret_key",
    "smtp_password",
]

PREFIX = "TRACKER_"
OUTSIDE = frozenset({"TRACKER_NOW", "TRACKER_CONFIG"})
"""Variables that are no settings: the clock for drills, and where the file is."""

DAY = 86_400
YEAR = 366 * DAY
"""Seconds."""


class Section(BaseModel):
    """A table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = "sqlite:///tracker.db"

    @field_validator("url")
    @classmethod
    def _is_kept(cls, url: str) -> str:
        kind, _, rest = url.partition("://")
        if kind.partition("+")[0] not in ("sqlite", "postgresql") or rest.strip("/") == "":
            raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/NAME")
        return url


class FetchSettings(Section):
    """How sources and articles are fetched."""

    user_agent: str = f"StanceTracker/{__version__} (+{{contact}})"
    contact: str = "https://stance-tracker.example/about-this-robot"
    timeout: float = Field(default=30.0, gt=0, le=300)
    max_bytes: int = Field(default=10_000_000, ge=1_000)
    max_inflated: int = Field(default=30_000_000, ge=1_000)
    host_gap: float = Field(default=1.0, ge=0, le=60)
    min_interval: int = Field(default=900, ge=60, le=YEAR)
    max_interval: int = Field(default=DAY, ge=60, le=YEAR)
    workers: int = Field(default=64, ge=1, le=256)
    allow_networks: tuple[str, ...] = ()
    robots: bool = True

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network)
        return networks

    @field_validator("user_agent", "contact")
    @classmethod
    def _fits_a_header(cls, words: str) -> str:
        if not words.strip() or not words.isascii() or not words.isprintable():
            raise ValueError("must be plain ASCII text on one line, and not empty")
        return words

    @model_validator(mode="after")
    def _are_in_order(self) -> "FetchSettings":
        if self.min_interval > self.max_interval:
            raise ValueError(
                f"min_interval ({self.min_interval}) must not be more than "
                f"max_interval ({self.max_interval})"
            )
        return self

    @property
    def agent(self) -> str:
        """The User-Agent header, with the address where a publisher can reach the operator."""
        return self.user_agent.replace("{contact}", self.contact)


class ScheduleSettings(Section):
    """How often the steps look for work, in seconds."""

    poll_every: int = Field(default=30, ge=1, le=DAY)
    deliver_every: int = Field(default=15, ge=1, le=DAY)
    batch: int = Field(default=200, ge=1, le=10_000)
    engine: Literal["local", "queue"] = "local"


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
        name, at, host = parseaddr(sender)[1].partition("@")
        if not (name and at and host) or not sender.isprintable():
            raise ValueError("must be one address such as Name <alerts@example.org>")
        return sender

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        if url and (" " in url or not url.isprintable() or not url.partition("://")[2].strip("/")):
            raise ValueError("must be an address such as https://stances.example.org")
        return url.rstrip("/")

    @field_validator("dkim_selector")
    @classmethod
    def _is_a_name(cls, selector: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", selector):
            raise ValueError("must be a name of the DNS such as stance or stance.mail")
        return selector


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
    downloads_folder: Path = Path("downloads")
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    @field_validator("trusted_hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not host or "/" in host or any(sign.isspace() for sign in host):
                raise ValueError("must be host names such as stances.example.org")
        return hosts


class RetentionSettings(Section):
    """How long what nothing needs is kept."""

    versions_days: int = Field(default=365, ge=0, le=36_500)


class LogSettings(Section):
    """What is told on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
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

    @field_validator("schedule")
    @classmethod
    def _has_a_server(cls, schedule: ScheduleSettings, told: ValidationInfo) -> ScheduleSettings:
        database = told.data.get("database", DatabaseSettings())
        if schedule.engine == "queue" and not database.url.startswith("postgresql"):
            raise ValueError('engine = "queue" needs database.url = "postgresql://USER@HOST/NAME"')
        return schedule

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
        raise SettingsError(explain(error, Settings, origin, str(file))) from error


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
