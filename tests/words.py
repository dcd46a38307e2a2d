"""Keeps the lists of sentences: `python -m tests.words` adds what is new and drops what is gone.

It writes the reference in `docs/` anew too, which is made of them.

New sentences come with an empty translation, which `tests/text/test_words.py` does not let pass.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tests.reference import write_reference
from tests.source_files import folders

HERE = Path(__file__).parents[1]
KEYWORDS = {"_": None, "n_": (1, 2)}
TRANSLATED = ("es", "pt")
PLURALS = {"es": "nplurals=2; plural=(n != 1);", "pt": "nplurals=2; plural=(n > 1);"}


def sentences(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every sentence said in a folder's code: the English, and its plural if it has one."""
    files = sorted(folder.rglob("*.py"))
    return sentences_of(
        file
        for file in files
        if "tests" not in file.relative_to(folder).parts and file.name != "i18n.py"
    )


def sentences_of(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """Every sentence said in these files, likewise."""
    found: dict[str, tuple[str, ...]] = {}
    for file in files:
        for _line, message, *_ in _extract(file):
            forms = (message,) if isinstance(message, str) else tuple(message)
            found[forms[0]] = forms
    return found


def _extract(file: Path) -> list[Any]:
    # Babel warns of each f-string inside of a call of `_`, which here are values in sentences:
    # the warnings bury what waits for a translation.
    with contextlib.redirect_stderr(io.StringIO()):
        return list(extract_from_file("python", str(file), keywords=KEYWORDS))


def translations(folder: Path, language: str) -> Catalog:
    path = folder / "lang" / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def strings(message: Message) -> list[str]:
    """Every form of a translation."""
    found = message.string or ""
    return [found] if isinstance(found, str) else list(found)


def translated_elsewhere(language: str) -> dict[str, Message]:
    """Every translated sentence of all lists, for sentences whose code has moved."""
    lists = (translations(folder, language) for folder in folders())
    return {
        one.id if isinstance(one.id, str) else one.id[0]: one
        for known in lists
        for one in known
        if one.id and all(strings(one))
    }


def update(folder: Path, language: str, elsewhere: Mapping[str, Message]) -> int:
    """Rewrite one list; how many sentences wait for a translation."""
    known, waiting = translations(folder, language), 0
    fresh = Catalog(locale=language, fuzzy=False)
    fresh._num_plurals = 2  # type: ignore[assignment] # newer data of Babel's has a third form, for millions: see PLURALS
    for forms in sentences(folder).values():
        message = known.get(forms[0]) or elsewhere.get(forms[0])
        empty: tuple[str, ...] | str = ("", "") if len(forms) > 1 else ""
        string = message.string if message and message.string else empty
        if isinstance(string, str) and len(forms) > 1:
            string = empty
        fresh.add(forms if len(forms) > 1 else forms[0], string)
        waiting += not all([string] if isinstance(string, str) else string)
    path = folder / "lang" / f"{language}.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=100, omit_header=True, sort_output=False)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Language: {language}\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
    return waiting


def main() -> None:
    elsewhere = {language: translated_elsewhere(language) for language in TRANSLATED}
    for folder in folders():
        for language in TRANSLATED:
            waiting = update(folder, language, elsewhere[language])
            if waiting:
                print(f"{folder.relative_to(HERE)}/lang/{language}.po: {waiting} to translate")  # noqa: T201

    write_reference()


if __name__ == "__main__":
    main()
