"""The language of templates: a small part of Jinja, checked before anything is made with it.

Jinja takes 2 MiB: what imports this module does so when a page is to be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.api import _
from commands.public_site.unfit_template import NAMES, PAGE, PARTS, UnfitTemplate

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


class PlainEnvironment(ImmutableSandboxedEnvironment):
    """Reads names of plain data only; no attribute of any object."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a `dict`'s value of this name, or a loop's `index`, `first` and the like; for
        anything else an undefined value."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an undefined value for any key: `[…]` is not part of the language."""
        return self.undefined(obj=obj, name=str(argument))


def new_environment(sources: Mapping[str, str]) -> PlainEnvironment:
    """Return the Jinja environment that makes pages of these templates, with no filter, test or
    global name of Jinja's own."""
    made = PlainEnvironment(
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


def check_template(name: str, source: str) -> None:
    """Raise `UnfitTemplate` unless the page template is valid and uses only the part of Jinja that
    this module allows, with no more loops and depth than its limits."""
    try:
        tree = new_environment({}).parse(source)
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
