"""Quorum and threshold: what must be reached for a decision to stand. Pure functions."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from bot.api import Line, _, fold, verbatim
from commands.decision_rules.ballots import PollQuestion

_WORDS = {
    "la mitad": "1/2",
    "mitad": "1/2",
    "a metade": "1/2",
    "metade": "1/2",
    "half": "1/2",
    "un tercio": "1/3",
    "um terco": "1/3",
    "a third": "1/3",
    "one third": "1/3",
    "dos tercios": "2/3",
    "dois tercos": "2/3",
    "two thirds": "2/3",
    "tres cuartos": "3/4",
    "tres quartos": "3/4",
    "three quarters": "3/4",
    "cuatro quintos": "4/5",
    "quatro quintos": "4/5",
    "four fifths": "4/5",
    "unanimidad": "1",
    "unanimidade": "1",
    "unanimous": "1",
    "unanimity": "1",
    "todas": "1",
    "todos": "1",
    "all": "1",
    "everyone": "1",
}
SIMPLE_MAJORITY_WORDS = frozenset(
    {"simple", "simples", "relativa", "1/2+1", "50%+1", "mitad mas uno"}
)
"""Words for more votes for than against."""
ABSOLUTE_MAJORITY_WORDS = frozenset(
    {"absoluta", "absolute", "mayoria absoluta", "maioria absoluta"}
)
"""Words for more than half of all who may vote."""
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*(?:%|por\s?ciento|por\s?cento|percent)")
_FRACTION = re.compile(r"(\d{1,7})\s*/\s*(\d{1,7})")
_COUNT = re.compile(
    r"(\d{1,6})(?:\s+(?:personas?|pessoas?|people|votos?|votes?|organizaciones|organizacoes"
    r"|organizations?|miembros?|membros?|members?))?"
)


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of the roll must vote: a share of it, or a number."""

    share: Fraction | None = None
    count: int | None = None

    def needed(self, roll: int) -> int:
        """Return how many voters, abstentions included, a roll of this size needs."""
        if self.share is not None:
            return math.ceil(self.share * roll)
        return self.count or 0

    def __str__(self) -> str:
        """Return it as people read it: `60%`, `2/3`, `12`."""
        return str(self.count) if self.share is None else format_share(self.share)

    @property
    def kept(self) -> str:
        """The quorum's exact value as the database stores it."""
        return str(self.count) if self.share is None else format_exact_share(self.share)


def parse_share(text: str) -> Fraction | None:
    """Return the share above 0 and at most 1 in a text: `2/3`, `60%`, `dos tercios`. None for
    anything else."""
    said = " ".join(fold(text).split()).removeprefix("de ").removeprefix("la ").strip()
    said = _WORDS.get(said, said)
    found: Fraction | None = None
    if match := _PERCENT.fullmatch(said):
        found = Fraction(f"{match[1]}.{match[2] or 0}") / 100
    elif (match := _FRACTION.fullmatch(said)) and int(match[2]):
        found = Fraction(int(match[1]), int(match[2]))
    elif said == "1":
        found = Fraction(1)
    return found if found is not None and 0 < found <= 1 else None


def parse_quorum(text: str) -> Quorum | None:
    """Return the quorum in a text: `60%`, `2/3`, `la mitad`, or a number: `12 personas`. None for
    anything else."""
    said = " ".join(fold(text).split())
    if (match := _COUNT.fullmatch(said)) and int(match[1]) > 0:
        return Quorum(count=int(match[1]))
    found = parse_share(text)
    return Quorum(share=found) if found is not None else None


def required_share_line(question: PollQuestion) -> Line:
    """Return the line that says what must be reached: a share of the votes, or more than half of
    the roll."""
    if question.electorate:
        most = question.electorate // 2 + 1
        return _("more than half of all possible votes ({count})", count=most)
    return verbatim(format_share(question.threshold or Fraction(1)))


def format_exact_share(part: Fraction) -> str:
    """Return a share exactly, as the database stores it: `5/7`. `parse_share` reads it back."""
    return f"{part.numerator}/{part.denominator}"


def format_share(part: Fraction) -> str:
    """Return a share as people write it: `60%` if it is a whole number of percents, else `2/3` if
    the denominator is at most 20, else percents with up to two decimals, rounded."""
    percent = part * 100
    if percent.denominator == 1:
        return f"{percent.numerator}%"
    if part.denominator <= 20:
        return format_exact_share(part)
    return f"{float(percent):.2f}".rstrip("0").rstrip(".") + "%"
