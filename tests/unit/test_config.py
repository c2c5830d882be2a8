"""Settings: where they come from, and what is said when one is wrong."""

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
        ("[web]\nport = 'x'\n", "web.port: Input should be a valid integer"),
        ("[web]\nport = 70000\n", "web.port: Input should be less than or equal to 65535"),
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
    with pytest.raises(SettingsError, match="TRACKER_NOW: 'noon' is no time"):
        config.clock({"TRACKER_NOW": "noon"})


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "own.secret"
    settings = Settings.model_validate({"web": {"secret_key_file": str(file)}})
    first = config.secret_key(settings)
    assert len(first) >= 40
    assert config.secret_key(settings) == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"web": {"secret_key_file": str(tmp_path / "no" / "x")}})
    with pytest.raises(SettingsError, match=r"web\.secret_key_file: .*No such file"):
        config.secret_key(settings)
