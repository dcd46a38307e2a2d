"""Counts answers, and decides which of the counts may be shown. Pure.

The rules are those of secret ballots: nothing is shown of fewer than `LEAST` answers, and no sum
is shown from which such a group could be found by subtraction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from commands.questionnaires.declaration import LEAST
from commands.questionnaires.form import FormQuestion, QuestionKind, Value


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """The answers to one question. `answered` is None if there were too few to show.

    `parts` are the answers for each option or number of a scale; `mean` and `median` are of
    numbers; `texts` the words, sorted, so that their order says nothing.
    """

    answered: int | None
    parts: tuple[int, ...] = ()
    mean: float | None = None
    median: float | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """All that is shown of a questionnaire. `people` finished it.

    `questions` is empty if too few did. `rooms` has for each room with enough people how many
    finished there, and its counts by question, None where they are not shown.
    """

    people: int
    questions: tuple[QuestionCount, ...]
    rooms: Mapping[str, tuple[int, tuple[QuestionCount | None, ...]]]


def shown_groups(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups of answers whose counts may be shown beside the sum of all.

    Each has at least `LEAST` answers, and those that are not shown have together none or at least
    as many: the smallest ones shown are left out until that is so.
    """
    big = sorted((name for name, size in sizes.items() if size >= LEAST), key=lambda n: sizes[n])
    hidden = sum(size for size in sizes.values() if size < LEAST)
    while big and 0 < hidden < LEAST:
        hidden += sizes[big.pop(0)]
    return frozenset(big)


def count_answers(
    questions: Sequence[FormQuestion], given: Sequence[tuple[str, Sequence[Value]]]
) -> Counts:
    """Return the counts of the finished answers; `given` are pairs of a room and its answers, in
    any order."""
    people = _sizes(room for room, _values in given)
    if len(given) < LEAST:
        return Counts(len(given), (), {})
    whole, by_room = [], {room: list[QuestionCount | None]() for room in shown_groups(people)}
    for place, asked in enumerate(questions):
        answered = [(room, values[place]) for room, values in given if values[place] is not None]
        whole.append(_count(asked, [value for _room, value in answered]))
        enough = shown_groups(_sizes(room for room, _value in answered))
        for room, found in by_room.items():
            own = [value for where, value in answered if where == room]
            found.append(_without_texts(_count(asked, own)) if room in enough else None)
    rooms = {room: (people[room], tuple(found)) for room, found in sorted(by_room.items())}
    return Counts(len(given), tuple(whole), rooms if len(people) > 1 else {})


def _sizes(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))


def _count(asked: FormQuestion, values: Sequence[Value]) -> QuestionCount:
    if asked.kind is QuestionKind.TEXT:
        texts = tuple(sorted(str(one) for one in values))
        return QuestionCount(len(texts), texts=texts)
    if len(values) < LEAST:
        return QuestionCount(None if values else 0)
    if asked.kind is QuestionKind.NUMBER:
        import statistics  # few ask for numbers

        numbers = [float(one) for one in values if isinstance(one, int | float)]
        parts = tuple(sum(one == n for one in numbers) for n in asked.scale)
        mean, median = statistics.fmean(numbers), statistics.median(numbers)
        return QuestionCount(len(numbers), parts, round(mean, 2), round(median, 2))
    count = 2 if asked.kind is QuestionKind.YES_NO else len(asked.options)
    chosen = [one for one in values if isinstance(one, tuple)]
    return QuestionCount(len(chosen), tuple(sum(n in one for one in chosen) for n in range(count)))


def _without_texts(one: QuestionCount) -> QuestionCount:
    """Words are told without their room: in a small one their author would be known."""
    return QuestionCount(one.answered, one.parts, one.mean, one.median)


def counts_to_json(counts: Counts) -> str:
    """Return a questionnaire's counts as JSON."""
    return json.dumps(asdict(counts))


def counts_from_json(stored: str) -> Counts:
    """Return the questionnaire's counts that `counts_to_json` wrote."""
    read = json.loads(stored)
    rooms = {
        room: (people, tuple(None if one is None else _question_count(one) for one in found))
        for room, (people, found) in read["rooms"].items()
    }
    return Counts(read["people"], tuple(map(_question_count, read["questions"])), rooms)


def _question_count(one: Mapping[str, Any]) -> QuestionCount:
    return QuestionCount(
        one["answered"], tuple(one["parts"]), one["mean"], one["median"], tuple(one["texts"])
    )
