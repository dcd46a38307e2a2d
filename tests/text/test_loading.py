"""The translations of several folders become one catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import i18n
from bot.i18n import Catalogue, _, n_

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def folder(path: Path, **sentences: str) -> Path:
    """A folder with these lines of `lang/{es,pt}.po`."""
    (path / "lang").mkdir(parents=True)
    for lang, lines in sentences.items():
        (path / "lang" / f"{lang}.po").write_text(f"{HEAD}\n{lines}\n", "utf-8")
    return path


YES = 'msgid "Yes."\nmsgstr "{}"'
VOTES = (
    'msgid "{{count}} vote"\nmsgid_plural "{{count}} votes"\nmsgstr[0] "{}"\nmsgstr[1] "{}"'.format
)


def test_a_languages_plural_is_read_once_for_all_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def c2py(expression: str) -> Callable[[int], int]:
        read.append(expression)
        return lambda _count: 0

    monkeypatch.setattr("gettext.c2py", c2py)
    i18n._plural_of.cache_clear()
    folders = [folder(tmp_path / name, es=YES.format("Sí.")) for name in ("one", "two")]
    Catalogue.load(folders)
    i18n._plural_of.cache_clear()
    assert read == ["(n != 1)"]


def test_each_language_has_its_own_and_english_is_what_is_left(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", es=YES.format("Sí."), pt=VOTES("{count} voto", "{count} votos"))
    words = Catalogue.load([one])
    assert [words.template(_("Yes."), lang) for lang in ("es", "pt", "en")] == [
        "Sí.",
        *["Yes."] * 2,
    ]
    votes = [n_("{count} vote", "{count} votes", count) for count in (1, 2)]
    assert [words.template(one, "pt") for one in votes] == ["{count} voto", "{count} votos"]
    assert [words.template(one, "es") for one in votes] == ["{count} vote", "{count} votes"]
    assert words.forms("Yes.", "es") == ("Sí.",)
    assert words.forms("Yes.", "pt") == words.forms("No.", "es") == ()
    assert words.forms("{count} vote", "pt") == ("{count} voto", "{count} votos")


def test_what_one_folder_lacks_another_may_have(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", es=YES.format("Sí."), pt=YES.format(""))
    other = folder(tmp_path / "other", es=YES.format("Sí."), pt=YES.format("Sim."))
    for folders in ([one, other], [other, one]):
        words = Catalogue.load(folders)
        assert [words.template(_("Yes."), lang) for lang in ("es", "pt")] == ["Sí.", "Sim."]


def test_two_folders_that_differ_are_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", es=YES.format("Sí."))
    other = folder(tmp_path / "other", es=YES.format("Claro."))
    with pytest.raises(ValueError, match="otherwise elsewhere"):
        Catalogue.load([one, other])
