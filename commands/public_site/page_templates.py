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

from jinja2 import DictLoader, StrictUndefined, TemplateError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.api import Line, _
from commands.public_site.made_pages import find_forbidden

FOLDER = Path(__file__).parent / "templates"
PAGE, STYLE = "page.html", "style.css"
PARTS = ("home.html", "list.html", "item.html", "withdrawn.html", "check.html")
NAMES = (PAGE, *PARTS, STYLE)
"""All files that a network may replace."""
LARGEST = 64 * 1024
"""Bytes of a template."""
MOST_MADE = 16 * 2**20
"""Letters of a page that somebody's template made."""
MOST_DEEP = 40
"""How deep the parts of a template may stand in each other."""
MOST_LOOPS = 50
"""Loops in a template."""
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr),
    *(nodes.For, nodes.If, nodes.Include, nodes.Compare, nodes.Operand, nodes.And, nodes.Or),
    *(nodes.Not, nodes.CondExpr),
)
_OF_LOOPS = frozenset(("first", "last", "index"))


class UnfitTemplate(Exception):
    """A template asks for more than it may have. `line` says which and why."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.in_english())
        self.line = line


class _PlainEnvironment(ImmutableSandboxedEnvironment):
    """Reads names of plain data only; no attribute of any object."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what stands under the name in a `dict`, or where a loop is."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return nothing: `[…]` is not part of the language."""
        return self.undefined(obj=obj, name=str(argument))


class PageTemplates:
    """Templates by name. `own`: those that the network put in place of ours."""

    def __init__(self, sources: Mapping[str, str], own: frozenset[str] = frozenset()) -> None:
        self.own = own
        self.style = sources[STYLE]
        self._environment = _new_environment(sources)

    def make_body(self, values: Mapping[str, Any]) -> str:
        """Return the HTML body of a page. Raises `UnfitTemplate` if a network's template fails at
        it."""
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
    for name, source in found.items():
        if len(source.encode()) > LARGEST:
            raise UnfitTemplate(_("The template {name} is too large.", name=name))
        if name == STYLE:
            _check_style(source)
        else:
            _check_template(name, source)
    return PageTemplates({**_own_sources(), **found}, frozenset(found))


@cache
def _own_sources() -> dict[str, str]:
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in NAMES}


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST + 1).decode()


def _new_environment(sources: Mapping[str, str]) -> _PlainEnvironment:
    made = _PlainEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=DictLoader(dict(sources)),
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=len(NAMES),
    )
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def _check_style(source: str) -> None:
    """Raise `UnfitTemplate` for a style that ends its element or asks for something."""
    folded = source.casefold()
    for word in ("</", "<!", "@import", "url(", "\\"):
        if word in folded:
            raise UnfitTemplate(_("{name} may not contain {what}", name=STYLE, what=word))


def _check_template(name: str, source: str) -> None:
    try:
        tree = _new_environment({}).parse(source)
    except TemplateError as error:
        raise _unfit(name, error.message or type(error).__name__) from error
    except RecursionError as error:
        raise _unfit(name, "…") from error
    if sum(1 for _loop in tree.find_all(nodes.For)) > MOST_LOOPS:
        raise _unfit(name, "for")
    _check_node(name, tree, (), 0)


def _check_node(name: str, node: nodes.Node, loops: tuple[str, ...], deep: int) -> None:
    """Raise `UnfitTemplate` unless the node and all in it are part of the language.

    `loops`: the names of the loops around it. A loop in a loop goes through what the outer one
    stands at, so that no part of the data is gone through more than once.
    """
    if not isinstance(node, _ALLOWED):
        raise _unfit(name, type(node).__name__)
    if deep > MOST_DEEP:
        raise _unfit(name, "…")
    if isinstance(node, nodes.Include):
        _check_include(name, node, loops)
    if isinstance(node, nodes.For):
        target = node.target
        if not isinstance(target, nodes.Name) or node.recursive or node.test:
            raise _unfit(name, "for")
        if loops and _root(node.iter) != loops[-1]:
            raise _unfit(name, f"for {target.name}")
        for part in (node.iter, *node.else_):
            _check_node(name, part, loops, deep + 1)
        for part in node.body:
            _check_node(name, part, (*loops, target.name), deep + 1)
        return
    for part in node.iter_child_nodes():
        _check_node(name, part, loops, deep + 1)


def _check_include(name: str, node: nodes.Include, loops: tuple[str, ...]) -> None:
    """Raise `UnfitTemplate` unless the page itself includes one of its parts."""
    part = node.template
    known = isinstance(part, nodes.Const) and part.value in PARTS
    if name != PAGE or loops or not known:
        raise _unfit(name, "include")


def _root(node: nodes.Node) -> str:
    """Return the name that a chain of names begins with, or nothing if it is none."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _unfit(name: str, what: str) -> UnfitTemplate:
    return UnfitTemplate(
        _("The template {name} asks for more than it may have: {what}", name=name, what=what)
    )
