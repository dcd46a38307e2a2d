"""The small changes that tests should notice: one operator, one condition, one line each."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
PLAIN_CONDITION = ast.Name | ast.Attribute | ast.Call | ast.Await | ast.NamedExpr
"""Conditions without an operator, which are turned round as a whole."""


def other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield what may stand in the place of a statement: nothing, most often."""
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Call | ast.Await) and not is_log_line(node):
            yield ast.Pass()
    elif isinstance(node, ast.Raise | ast.Delete | ast.AugAssign):
        yield ast.Pass()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
        yield ast.Return(ast.Constant(None))


def other_expressions(node: ast.expr, *, is_condition: bool) -> Iterator[ast.expr]:
    """Yield what may stand in the place of an expression, made of copies of its parts."""
    node = copy.deepcopy(node)
    if is_condition and isinstance(node, PLAIN_CONDITION):
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [COMPARISONS[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other, node.values)
        for left in range(len(node.values)):
            kept = node.values[:left] + node.values[left + 1 :]
            yield ast.BoolOp(node.op, kept) if len(kept) > 1 else kept[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def is_log_line(node: ast.AST) -> bool:
    """Return whether a statement writes to the log, which no person reads in a chat."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    return ast.unparse(node.value.func).startswith(("log.", "_log."))
