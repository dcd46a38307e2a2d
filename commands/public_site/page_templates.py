"""The pages' templates: a small part of Jinja, checked before anything is made with them.

A network may put its own in place of ours. A template can show what it is given, choose (`if`),
repeat (`for`) and include its sisters; it can't call, compute or read anything, so that it ends in
a time that depends on its length and the data alone. What it made is checked before it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.api import _
from commands.public_site.made_pages import find_forbidden
from commands.public_site.unfit_template import NAMES, PAGE, STYLE, UnfitTemplate

FOLDER = Path(__file__).parent / "templates"
LARGEST = 64 * 1024
"""Bytes of a template."""
MOST_MADE = 16 * 2**20
"""Letters of a page that somebody's template made."""


class PageTemplates:
    """Templates by name. `own`: those that the network put in place of ours."""

    def __init__(self, sources: Mapping[str, str], own: frozenset[str] = frozenset()) -> None:
        from commands.public_site.template_language import new_environment

        self.own = own
        self.style = sources[STYLE]
        self._environment = new_environment(sources)

    def make_body(self, values: Mapping[str, Any]) -> str:
        """Return the HTML body of a page. Raises `UnfitTemplate` if a network's template fails at
        it."""
        from jinja2 import TemplateError

        template = self._environment.get_template(PAGE)
        if not self.own:
            return template.render(values)
        try:
            body = _limited(template.generate(values))
        except TemplateError as error:
            why = error.message or type(error).__name__
            raise UnfitTemplate(_("A template can't be filled in: {why}", why=why)) from error
        if wrong := find_forbidden(body):
            raise UnfitTemplate(
                _("The templates make something that no page may have: {what}", what=wrong)
            )
        return body


def _limited(pieces: Iterable[str]) -> str:
    """Join the pieces of a page. Raises `UnfitTemplate` above `MOST_MADE`."""
    made, size = [], 0
    for piece in pieces:
        made.append(piece)
        size += len(piece)
        if size > MOST_MADE:
            raise UnfitTemplate(_("The templates of this network make too much."))
    return "".join(made)


@cache
def built_in() -> PageTemplates:
    """Return the templates that come with the bot."""
    return PageTemplates(_own_sources())


def read_templates(folder: Path) -> PageTemplates:
    """Return the bot's templates with those of a network's folder in their place.

    Raises `UnfitTemplate` if one of them is not fit; then the caller takes `built_in`.
    """
    return fit_templates(read_sources(folder))


def read_sources(folder: Path) -> dict[str, str]:
    """Return the templates that lie in a network's folder, by name.

    Raises `UnfitTemplate` for one that can't be read.
    """
    found: dict[str, str] = {}
    for name in NAMES:
        path = folder / name
        try:
            if path.is_file() and not path.is_symlink():
                found[name] = _read(path)
        except (OSError, ValueError) as error:
            raise UnfitTemplate(_("The template {name} can't be read.", name=name)) from error
    return found


def fit_templates(found: Mapping[str, str]) -> PageTemplates:
    """Return the bot's templates with these in their place. Raises `UnfitTemplate` for one that
    can't be used."""
    from commands.public_site.template_language import check_template

    for name, source in found.items():
        if len(source.encode()) > LARGEST:
            raise UnfitTemplate(_("The template {name} is too large.", name=name))
        if name == STYLE:
            _check_style(source)
        else:
            check_template(name, source)
    return PageTemplates({**_own_sources(), **found}, frozenset(found))


@cache
def _own_sources() -> dict[str, str]:
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in NAMES}


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST + 1).decode()


def _check_style(source: str) -> None:
    """Raise `UnfitTemplate` for a style that ends its element or asks for something."""
    folded = source.casefold()
    for word in ("</", "<!", "@import", "url(", "\\"):
        if word in folded:
            raise UnfitTemplate(_("{name} may not contain {what}", name=STYLE, what=word))
