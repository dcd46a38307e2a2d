"""Read amounts of money as people type them: `4000`, `$4.000`, `R$ 2.500,00`, `10 mil`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from commands.decision_rules.kinds.spending import MOST_MONEY

_SIGN = (
    r"(?:(?:US|U\$|R|COP|MXN?|ARS?|CLP|S|Bs\.?)?\s?\$|€|£|₲|S/\.?|Bs\.?"
    r"|COP|USD|EUR|BRL|ARS|MXN|PEN|GTQ|Q)"
)
_NUMBER = (
    r"[-−]?\d{1,15}(?:(?P<sep>[.,'’ \u00a0\u202f])\d{3}(?:(?P=sep)\d{3})*(?!\d))?"
    r"(?:[.,]\d{1,2}(?!\d))?"
)
_THOUSAND = r"(?:mil(?!\w)|k(?!\w))"
_MILLION = r"(?:millon(?:es)?|millón|milh(?:ão|ao|ões|oes)|million)(?!\w)"
_COIN = (
    r"(?:(?:de\s+)?(?:pesos|reais|reales|euros|dólares|dolares|dollars|soles|bolivianos|quetzales"
    r"|guaraníes|guaranies|lempiras|colones|pounds|libras|COP|USD|EUR|BRL|ARS|MXN|PEN)(?!\w)|[€$£])"
)
AMOUNT = re.compile(
    rf"(?<![\w.,])(?:{_SIGN}\s{{0,2}})?(?P<number>{_NUMBER})(?!\d)(?:\s{{0,2}}(?P<thousand>{_THOUSAND})"
    rf"|\s{{0,2}}(?P<million>{_MILLION}))?(?:\s{{0,2}}{_COIN})?(?!\w)",
    re.IGNORECASE,
)
"""An amount with what stands around it. `read_amount` says what it is."""


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount in whole units, or why it is none: `""`, `"cents"`, `"small"` or `"large"`."""

    units: int
    fault: str = ""


def read_amount(found: re.Match[str]) -> TypedAmount:
    """Return the whole amount of money in a match of `AMOUNT`.

    A point, a comma or a space before three digits parts thousands; before one or two it parts
    cents, which are refused unless they are zero or the amount is in thousands.
    """
    digits = re.sub(r"[-−'’\s]", "", found["number"])
    tail = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: tail.start()] if tail else digits)
    exact = Fraction(whole) + (Fraction(int(tail[1]), 10 ** len(tail[1])) if tail else 0)
    exact *= 1_000_000 if found["million"] else 1000 if found["thousand"] else 1
    if found["number"][0] in "-−" or exact == 0:
        return TypedAmount(0, "small")
    if exact.denominator != 1:
        return TypedAmount(0, "cents")
    return TypedAmount(int(exact), "large" if exact > MOST_MONEY else "")
