"""Settings: where they come from, and what is said when one is wrong."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker import config
from tracker.config import Settings
from tracker.domain.codes import AutoPublish
from tracker.domain.errors import SettingsError


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_file_and_environment_the_defaults_hold(tmp_path: Path) -> None:
    found = config.load(written(tmp_path, ""), {})
    assert found == Settings()
    assert found.database.url == "sqlite:///tracker.db"
    assert found.fetch.allow_networks == ()
    assert found.review.auto_publish is AutoPublish.REPORTED


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[web]\nport = 9000\nhost = "0.0.0.0"\n')
    found = config.load(file, {"TRACKER_WEB__PORT": "9100"})
    assert (found.web.host, found.web.port) == ("0.0.0.0", 9100)


@pytest.mark.parametrize("name", ["TRACKER_FETCH__ALLOW_NETWORKS", "TRACKER_FETCH_ALLOW_NETWORKS"])
@pytest.mark.parametrize("text", ["127.0.0.0/8, 10.1.0.0/16", '["127.0.0.0/8", "10.1.0.0/16"]'])
def test_a_list_in_the_environment(tmp_path: Path, name: str, text: str) -> None:
    found = config.load(written(tmp_path, ""), {name: text})
    assert found.fetch.allow_networks == ("127.0.0.0/8", "10.1.0.0/16")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fetch]\ntimout = 3\n", "unknown setting 'fetch.timout'; did you mean 'fetch.timeout'?"),
        ("[mails]\nport = 3\n", "unknown setting 'mails'"),
        ("[web]\nsmtp_host = 'x'\n", "did you mean 'mail.smtp_host'?"),
        ("[web]\nport = 'x'\n", "web.port: must be a whole number (found 'x')"),
        ("[web]\nport = 70000\n", "web.port: must be at most 65535"),
        ("[web]\nsecret_key_file = 3\n", "web.secret_key_file: must be the name of a file"),
        ("[web]\ntrusted_hosts = 'x.org'\n", "web.trusted_hosts: must be a list such as"),
        ("[web]\ntrusted_hosts = ['https://x.org']\n", "must be host names such as"),
        ("web = 3\n", "web: must be a table"),
        ("[database]\nurl = 'mysql://x/y'\n", "must be sqlite:///FILE or postgresql://"),
        ("[database]\nurl = 'sqlite://'\n", "must be sqlite:///FILE or postgresql://"),
        ("[database]\nurl = 3\n", "database.url: must be text in quotes"),
        ("[fetch]\nrobots = 'maybe'\n", "fetch.robots: must be true or false"),
        ("[fetch]\ntimeout = inf\n", "fetch.timeout: must be at most 300"),
        ("[fetch]\nhost_gap = nan\n", "fetch.host_gap: must be at"),
        ('[fetch]\ncontact = "a\\r\\nX: 1"\n', "fetch.contact: must be plain ASCII text"),
        ("[fetch]\nuser_agent = ''\n", "fetch.user_agent: must be plain ASCII text"),
        ('[schedule]\nengine = "queue"\n', 'needs database.url = "postgresql://USER@HOST/NAME"'),
        ("[fetch]\nmin_interval = 900\nmax_interval = 60\n", "must not be more than"),
        ("[schedule]\npoll_every = 99999999999999999999\n", "must be at most 86400"),
        ("[mail]\nfrom = '@'\n", "mail.from: must be one address"),
        ("[mail]\nbase_url = 'http://'\n", "must be an address such as"),
        ("[mail]\ndkim_selector = 'a b'\n", "mail.dkim_selector: must be a name of the DNS"),
        ("[retention]\nversions_days = -1\n", "retention.versions_days: must be at least 0"),
        ("[log]\nlevel = 'loud'\n", "must be 'debug', 'info', 'warning' or 'error'"),
        ("[fetch]\nallow_networks = ['everything']\n", "fetch.allow_networks"),
        ("[mail]\nfrom = 'nobody'\n", "mail.from: must be one address"),
        ("[mail]\nbase_url = 'example.org'\n", "must begin with http:// or https://"),
        ("[review]\nauto_publish = 'always'\n", "'strict', 'reported' or 'off'"),
        ("[web\n", "this is not TOML"),
    ],
)
def test_a_wrong_setting_names_file_key_and_mend(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        config.load(file, {})
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_a_wrong_address_of_the_database_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^TRACKER_DATABASE__URL: database\.url") as caught:
        config.load(
            written(tmp_path, ""), {"TRACKER_DATABASE__URL": "mysql://ana:hunter2@db.example/x"}
        )
    assert "hunter2" not in str(caught.value)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"TRACKER_WEB__PROT: unknown setting .*web\.port"):
        config.load(written(tmp_path, ""), {"TRACKER_WEB__PROT": "1"})


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, "[web]\nport = 'x'\n[fetch]\ntimeout = -1\n")
    with pytest.raises(SettingsError) as caught:
        config.load(file, {})
    assert len(str(caught.value).splitlines()) == 2


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        config.load(tmp_path / "nowhere.toml", {})


def test_the_clock_can_be_set_for_drills() -> None:
    assert config.clock({"TRACKER_NOW": "2020-06-09T22:00:00+02:00"}) == datetime(
        2020, 6, 9, 20, tzinfo=UTC
    )
    assert config.clock({"TRACKER_NOW": "2020-06-09T20:00:00"}).tzinfo is UTC
    for wrong in ("noon", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(SettingsError, match=f"TRACKER_NOW: '{re.escape(wrong)}' is no time"):
            config.clock({"TRACKER_NOW": wrong})


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "own.secret"
    settings = Settings.model_validate({"web": {"secret_key_file": str(file)}})
    first = config.secret_key(settings)
    assert len(first) >= 40
    assert config.secret_key(settings) == first
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("content", "said"), [(b"\n", "is empty"), (b"\xff", "is no text")])
def test_a_secret_that_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "own.secret"
    file.write_bytes(content)
    settings = Settings.model_validate({"web": {"secret_key_file": str(file)}})
    with pytest.raises(SettingsError, match=rf"web\.secret_key_file: .*{said}"):
        config.secret_key(settings)


def test_a_secret_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"web": {"secret_key_file": str(tmp_path / "no" / "x")}})
    with pytest.raises(SettingsError, match=r"web\.secret_key_file: .*No such file"):
        config.secret_key(settings)
