"""Build the page from its scripts: one file, without any request, the same bytes each time."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from bot.api import LANGUAGES, Catalogue, _, fingerprint

FOLDER = Path(__file__).parent
SCRIPTS = FOLDER / "scripts"
FIRST = "view.js"
"""The script that begins; it imports the others."""
VIEW_BEGINS = "const viewScript"
"""From here on the script is about what is seen."""
_IMPORT = re.compile(
    r'^import (?:\* as (?P<all>\w+)|\{(?P<names>[^}]*)\}) from "\./(?P<file>\w+\.js)";\n', re.M
)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.M)
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_SAYS = re.compile(r'data-say="([^"]+)"')

PAGE_LINES = (
    _("Check a result"),
    _("This page checks the file of a decision by itself. It asks no network for anything."),
    _("The file of the result, as the room got it"),
    _("Or its text, pasted here"),
    _("Your receipt, if you have one: pasted, or as a file below"),
    _("The file of your receipt"),
    _("Check it"),
    _("This can't be checked"),
    _("Do not trust this file"),
    _("The file is true in itself"),
    _("The file is true in itself, but a vote of yours does not count"),
    _("What was checked"),
    _("What only you can tell"),
    _("What to compare yourself"),
    _("Did your own vote count? Give me your receipt too."),
    _("Choose the file of the result first, or paste its text."),
    _("The file to give is {file}: it is on the decision's page, or in the room."),
    _("The file to give is called like {file}: it is on the decision's page, or in the room."),
    _("By the clock of this phone: from {opened} to {ended}."),
    _("This browser can't check signatures. A newer one can: Firefox, Chrome or Safari."),
    _("Check all that a network made public"),
    _(
        "The bot gives it as one ZIP file, also for a phone: `!export published`."
        " Give it to me as it is."
    ),
    _("The ZIP file, or several files of the site"),
    _("Or the whole folder"),
    _("A head.json or ZIP file from before, if you kept one"),
    _("Check all of it"),
    _("Choose the ZIP file or the folder first."),
    _("This browser doesn't let me read what you dropped. Choose it with the fields above."),
    _("I am checking…"),
    _("Files checked: {percent} % of {count}"),
    _("The folder is as the network wrote it"),
    _("These files are as the network wrote them"),
    _("Do not trust this folder"),
    _("A copy can be cut off on its way: get it once more. If it says the same, tell others."),
    _("Keep head.json or this ZIP file: given here later it shows whether the past was rewritten."),
    _("Files of the site that you did not give me: {count}"),
    _("{file} was changed, or it is none of this site: the log has none like it."),
    _("This ZIP file can't be read, or it was cut off."),
    _("This ZIP file holds more than a page can unpack: unpack it, and choose the folder."),
    _("{file} is in the ZIP file twice: two people can unpack two different ones."),
    _("Check one of its decisions"),
    _("The number of another decision"),
    _("Its signed file is not in it."),
    _("Back to all of it"),
)
"""What the page itself says. All else it says in the sentences of the tools `verify-result` and
`verify-folder`.
"""
WITHOUT_SCRIPT = _("To count the votes this page needs JavaScript. Nothing leaves your phone.")


SPEAKERS = (
    *("ballot_secrecy", "decisions", "decision_rules", "joint_decisions", "public_site"),
    "verify_page",
)
"""Whose sentences the page says."""


@cache
def build_page() -> bytes:
    """Return the HTML page for checking results, in all languages."""
    catalogue = load_catalogue()
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    script = make_script()
    told = (catalogue.template(WITHOUT_SCRIPT, lang) for lang in LANGUAGES)
    filled = {
        "title": "verify",
        "style": style,
        "style_hash": csp_hash(style),
        "script": script,
        "script_hash": csp_hash(script),
        "without_script": " ".join(told),
    }
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], page).encode()


def page_fingerprint() -> str:
    """Return the beginning of the checking page's SHA-256 in groups of four, to compare with
    others."""
    return fingerprint(sha256(build_page()).hexdigest()[:20].upper())


def make_script() -> str:
    """Return the translations and all scripts of the checking page as one, each in a function of
    its own.

    Those that a script needs come before it.
    """
    scripts = (_closed(name) for name in _in_order(FIRST))
    return f"const WORDS = {_words(load_catalogue())};\n{''.join(scripts)}"


def load_catalogue() -> Catalogue:
    """Return the translations of all sentences of the checking page."""
    return Catalogue.load([FOLDER.parents[1] / "bot", *(FOLDER.parent / name for name in SPEAKERS)])


def list_sentences() -> list[str]:
    """Return all strings of the checking page and its scripts that may be sentences, sorted."""
    scripts = (path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.js")))
    found = {json.loads(f'"{one}"') for script in scripts for one in _STRING.findall(script)}
    found |= set(_SAYS.findall((FOLDER / "page.html").read_text(encoding="utf-8")))
    return sorted(found)


def _words(catalogue: Catalogue) -> str:
    """Return the translations by language and sentence, safe inside a script."""
    words = {lang: dict(_translated(catalogue, lang)) for lang in LANGUAGES if lang != "en"}
    written = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.replace("<", "\\u003c")


def _translated(catalogue: Catalogue, lang: str) -> Iterator[tuple[str, list[str]]]:
    for sentence in list_sentences():
        forms = catalogue.forms(sentence, lang)
        if forms:
            yield sentence, list(forms)


@cache
def _source(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def _in_order(name: str, seen: Iterable[str] = ()) -> list[str]:
    """Return the scripts that this one needs, and itself. Raises `ValueError` for a circle."""
    if name in seen:
        raise ValueError(f"scripts that need each other: {name}")
    order: list[str] = []
    for found in _IMPORT.finditer(_source(name)):
        order += [one for one in _in_order(found["file"], {*seen, name}) if one not in order]
    return [*order, name]


def _closed(name: str) -> str:
    """Return a script as a function that is called once and returns what others may use."""
    source = _source(name)
    offered = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_as_constant, source))
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {offered} }};\n}})();\n"


def _as_constant(found: re.Match[str]) -> str:
    names = found["all"] or f"{{{found['names']}}}"
    return f"const {names} = {_variable(found['file'])};\n"


def _variable(name: str) -> str:
    return name.removesuffix(".js") + "Script"


def csp_hash(text: str) -> str:
    """Return the hash of an inline script or style as Content Security Policy names it (CSP 3,
    2.3.1)."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"
