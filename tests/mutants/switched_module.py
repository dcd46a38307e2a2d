"""A module that holds all its mutants at once, each behind a switch of its own.

So the tests are collected once for all mutants, and each mutant is tried by those alone that come
to where it stands (mutant schemata: Untch, Offutt, Harrold 1993).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from tests.mutants.mutations import is_log_line, other_expressions, other_statements

LEFT_ALONE = {"annotation", "returns", "decorator_list", "bases", "format_spec", "pattern"}
"""Fields of a syntax tree in which a change does nothing, or where no switch can stand."""
SWITCH = "_is_on"
IMPORT = f"from tests.mutants.switch import is_on as {SWITCH}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: its number, the line it begins at, and both texts, shortened."""

    number: int
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.line}: {self.before}  →  {self.after}"


def switch_mutants(source: str) -> tuple[str, list[Mutant]]:
    """Return a module's source with a switch for each of its mutants, and the mutants."""
    tree, switcher = ast.parse(source), _Switcher()
    switcher.visit(tree)
    future = next(
        (n + 1 for n, one in enumerate(tree.body) if _is_future(one)), 1 if _doc(tree) else 0
    )
    tree.body[future:future] = ast.parse(IMPORT).body
    return ast.unparse(ast.fix_missing_locations(tree)), switcher.found


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _doc(tree: ast.Module) -> bool:
    return ast.get_docstring(tree) is not None


class _Switcher(ast.NodeTransformer):
    def __init__(self) -> None:
        self.found: list[Mutant] = []

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if is_log_line(node) or _is_typing_only(node):
            return node
        for field, value in ast.iter_fields(node):
            if field in LEFT_ALONE:
                continue
            is_condition = field == "test" or field == "ifs"
            if isinstance(value, list):
                value[:] = [self._changed(one, is_condition) for one in value]
            elif isinstance(value, ast.AST):
                setattr(node, field, self._changed(value, is_condition))
        return node

    def _changed(self, node: Any, is_condition: bool) -> Any:
        """Return the node with its mutants, and with those of its parts."""
        if isinstance(node, ast.stmt):
            switches = [(self._switch(node, one), one) for one in other_statements(node)]
            done = self.visit(node)
            for switch, other in switches:
                done = ast.If(switch, [other], [done])
            return done
        if isinstance(node, ast.expr):
            others = other_expressions(node, is_condition=is_condition)
            found = [(self._switch(node, one), one) for one in others]
            done = self.visit(node)
            for switch, one in found:
                done = ast.IfExp(switch, one, done)
            return done
        return self.visit(node) if isinstance(node, ast.AST) else node

    def _switch(self, node: ast.stmt | ast.expr, other: ast.AST) -> ast.expr:
        number = len(self.found) + 1
        ast.fix_missing_locations(other)
        texts = (_brief(ast.unparse(one)) for one in (node, other))
        self.found.append(Mutant(number, node.lineno, *texts))
        return ast.Call(ast.Name(SWITCH), [ast.Constant(number)], [])


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _brief(text: str) -> str:
    """Return the text on one line, at most 100 characters of it."""
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
