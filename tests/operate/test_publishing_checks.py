"""`minga doctor` says why what is public can't be written, and which template can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operate.config import Config, ConfigError, parse_config
from bot.operate.doctor.publishing_checks import check_publishing

SECTIONS = {
    "matrix": {
        "homeserver": "https://matrix.example.org",
        "user_id": "@minga:example.org",
        "password_file": "password",
    },
    "network": {"name": "Red", "timezone": "America/Bogota", "moderators": ["@ana:example.org"]},
}


def config_of(at: Path, **publishing: str) -> Config:
    """Return a configuration with this section."""
    return parse_config({**SECTIONS, "publishing": publishing}, at)


def found(config: Config) -> list[tuple[bool, str]]:
    """Return what doctor finds, and whether it is fine."""
    return [(one.is_fine, one.what) for one in check_publishing(config)]


def test_without_the_section_nothing_is_looked_at(tmp_path: Path) -> None:
    assert found(config_of(tmp_path)) == []


def test_a_folder_of_its_own_is_fine(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir(mode=0o755)
    ((fine, _what),) = found(config_of(tmp_path, folder="public"))
    assert fine


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("gone", "there is no folder"),
        ("inside", "lie in each other"),
        ("open", "everybody here may write"),
        ("strange", "holds what is not the bot's"),
    ],
)
def test_each_trouble_of_the_folder_is_named(tmp_path: Path, trouble: str, says: str) -> None:
    folder = tmp_path / ("data/public" if trouble == "inside" else "public")
    if trouble != "gone":
        folder.mkdir(parents=True)
    if trouble == "open":
        folder.chmod(0o777)
    if trouble == "strange":
        (folder / "photo.jpg").touch()
    ((fine, what),) = found(config_of(tmp_path, folder=str(folder)))
    assert not fine and says in what


def test_a_template_that_asks_for_more_is_named(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    assert found(config_of(tmp_path, templates="templates")) == []
    (templates / "home.html").write_text("{{ ''.__class__ }}{% import 'x' as y %}")
    ((fine, what),) = found(config_of(tmp_path, templates="templates"))
    assert not fine and "home.html" in what
    ((fine, _what),) = found(config_of(tmp_path, templates="nowhere"))
    assert not fine


@pytest.mark.parametrize("address", ["http://red.org", "red.org", "https://ana@red.org", "ftp://x"])
def test_an_address_is_https(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError):
        config_of(tmp_path, address=address)


def test_an_address_ends_with_a_slash(tmp_path: Path) -> None:
    assert config_of(tmp_path, address="https://red.org/a").publishing.address == (
        "https://red.org/a/"
    )
