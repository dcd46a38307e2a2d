"""The one line of config.toml: only it changes, and what can't be changed so is left alone."""

from __future__ import annotations

import tomllib

import pytest

from bot.operate.change_key.config_line import with_passphrase_file
from tests.operate.change_key.scene import CONFIG
from tests.operate.test_config import LEAST

PLACE = '/run/mi "red"/passphrase'


def lines_of(text: str) -> set[str]:
    return set(text.splitlines())


def test_one_line_comes_and_goes() -> None:
    changed = with_passphrase_file(CONFIG, PLACE)
    assert changed is not None
    assert lines_of(changed) - lines_of(CONFIG) == {
        'passphrase_file = "/run/mi \\"red\\"/passphrase"'
    }
    assert tomllib.loads(changed)["storage"]["passphrase_file"] == PLACE
    assert with_passphrase_file(changed, None) == CONFIG
    other = with_passphrase_file(changed, "/other")
    assert other is not None and len(other.splitlines()) == len(changed.splitlines())


def test_the_section_is_made_where_there_is_none() -> None:
    changed = with_passphrase_file(LEAST.strip(), "secrets/phrase")
    assert changed is not None and changed.endswith(
        '\n\n[storage]\npassphrase_file = "secrets/phrase"\n'
    )
    assert with_passphrase_file("[storage]", "a") == '[storage]\npassphrase_file = "a"\n'


@pytest.mark.parametrize(
    "text",
    [
        'storage = { data_dir = "data" }\n',
        'storage.data_dir = "data"\n',
        '[matrix]\nx = """\n[storage]\n"""\n',
        "[storage\n",
        '[storage]\n"passphrase_file" = "x"\n',
    ],
)
def test_what_is_written_in_another_way_is_not_touched(text: str) -> None:
    assert with_passphrase_file(text, "a") is None


def test_a_line_of_another_section_stays() -> None:
    text = '[storage]\n[x]\npassphrase_file = "mine"\n'
    assert with_passphrase_file(text, None) is None or "mine" in str(
        with_passphrase_file(text, None)
    )
    changed = with_passphrase_file(text, "a")
    assert changed == '[storage]\npassphrase_file = "a"\n[x]\npassphrase_file = "mine"\n'
