"""What the project points to is there: documents, files, decisions, and names in docstrings."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.source_files import CODE, ROOT, all_files, name, tree

SUFFIXES = {".py", ".md", ".toml", ".sql", ".mjs", ".service", ".txt", ".yml", ""}
SKIPPED = {"data", "LICENSE"}
OWN_DOCUMENTS = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}

_PATH = re.compile(r"(?<![\w./~-])((?:bot|commands|deploy|docs|storage|tests)/[\w./-]*\w)")
_DECISION = re.compile(r"\b[Dd]ecisions?[ /](\d{4})\b")
_DOCUMENT = re.compile(r"(?<![\w/.-])([A-Z]{3,}\.md)\b")
_SECTION = re.compile(r"\b([A-Z]{3,}) (?:§|H\d)")
NOT_OURS = {
    "tests/test_references.py": None,  # this file
    "CHANGELOG.md": None,  # says what stood where at the time
}
EXAMPLES = {
    "commands/yours",  # the folder that a contributor makes
    "commands/x",  # any one
    "bot/delivery/kinds/yours.py",
    "tests/real/js/node_modules",  # made by `make setup`
    "bot/parse.py",  # a line of a log, invented
    "bot/config.toml",  # a folder that a test makes
    "bot/data",
    "bot/__pycache__",  # where Python may write it
    "bot/operate/setup/minga.service",  # in the wheel: deploy/minga.service
    "tests/data/COMMIT/make.py.txt",
}


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Return every text of the project by the name of its file, without what others wrote."""
    texts = (path for path in all_files() if path.suffix in SUFFIXES)
    found = {name(path): path for path in texts if not SKIPPED & set(name(path).split("/"))}
    return tuple(
        (where, path.read_text("utf-8", errors="ignore"))
        for where, path in sorted(found.items())
        if where not in NOT_OURS and "cache" not in path.name
    )


def _is_there(path: str) -> bool:
    """Return whether a path exists, as a file, a folder, a module or the beginning of a name."""
    found = ROOT / path
    if found.exists() or found.with_suffix(".py").exists():
        return True
    return found.parent.is_dir() and any(found.parent.glob(f"{found.name}*"))


def test_each_path_that_is_named_exists() -> None:
    missing = {
        f"{where}: {path}"
        for where, text in _texts()
        for path in _PATH.findall(text)
        if path not in EXAMPLES and not _is_there(path)
    }
    assert missing == set()


def test_each_decision_that_is_named_exists() -> None:
    there = {path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")}
    named = {(where, number) for where, text in _texts() for number in _DECISION.findall(text)}
    assert {one for one in named if one[1] not in there} == set()
    assert len(named) > 30


def test_each_document_that_is_named_is_in_the_repository() -> None:
    missing = {
        f"{where}: {found}"
        for where, text in _texts()
        for found in (*_DOCUMENT.findall(text), *(f"{one}.md" for one in _SECTION.findall(text)))
        if found not in OWN_DOCUMENTS
    }
    assert missing == set()


# --- names in docstrings -------------------------------------------------------------------------

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?:\(\))?")
FOREIGN = {
    "asyncio.subprocess.Process",
    "cryptography.exceptions.InvalidTag",
    "package_show",  # a call of CKAN's
    "register_new_matrix_user",  # of Synapse, as are the two below
    "media_retention",
    "redaction_retention_period",
}


def _words_of(node: ast.AST) -> Iterator[str]:
    """Return the names that a node of the syntax tree brings."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Name():
            yield node.id
        case ast.Attribute():
            yield node.attr
        case ast.arg():
            yield node.arg
        case ast.keyword(arg=str(word)):
            yield word
        case ast.alias():
            yield from (node.asname or node.name).split(".")
        case ast.Constant(value=str(text)) if re.fullmatch(r"[\w.:-]+", text):
            yield from (text, *text.split("."))
        case _:
            pass


@cache
def _known() -> frozenset[str]:
    """Return all names of the source: modules, what they define and use, columns of tables."""
    found = set(dir(builtins))
    for path in CODE:
        found |= {path.stem, *name(path).split("/")}
        found |= {word for node in ast.walk(tree(path)) for word in _words_of(node)}
    for where, text in _texts():
        if where.endswith(".sql"):
            found |= set(re.findall(r"\w+", text))
    return frozenset(found)


def _docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Return the docstrings of a file, those below values too, with their lines."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text
            case _:
                pass


def _looks_like_ours(word: str) -> bool:
    """Return whether a word is written as code is: with `_`, a dot, or as a class."""
    bare = word.removesuffix("()")
    is_class = re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}", bare) is not None
    return is_class or "_" in bare.strip("_") or "." in bare


def _unknown_names(text: str) -> Iterator[str]:
    """Return the names between backticks that are written as code and stand nowhere in it."""
    for word in re.findall(r"`([^`\n]+)`", text):
        if not _NAME.fullmatch(word) or not _looks_like_ours(word) or word in FOREIGN:
            continue
        if not set(word.removesuffix("()").split(".")) <= _known():
            yield word


def test_each_name_in_a_docstring_exists() -> None:
    unknown = [
        f"{name(path)}:{line}: {word}"
        for path in CODE
        for line, text in _docstrings(path)
        for word in _unknown_names(text)
    ]
    assert unknown == []


def test_each_name_in_a_document_exists() -> None:
    documents = [*(ROOT / "docs").rglob("*.md"), *(ROOT / one for one in OWN_DOCUMENTS)]
    unknown = [
        f"{name(path)}: {word}"
        for path in documents
        if path.name != "CHANGELOG.md"
        for word in _unknown_names(path.read_text(encoding="utf-8"))
    ]
    assert unknown == []


def test_a_name_that_is_gone_is_found() -> None:
    gone, there = "Missing" + "Road", "MissingArgument"
    assert list(_unknown_names(f"Raises `{gone}`, `{there}`, or `help`.")) == [gone]
