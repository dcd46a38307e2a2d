"""What is shown of the answers: the counts are right, and no small group can be found by them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commands.questionnaires import counts
from commands.questionnaires.counts import Counts, QuestionCount
from commands.questionnaires.declaration import LEAST
from commands.questionnaires.form import FormQuestion, QuestionKind, Value

YES_NO = FormQuestion("¿Vuelves?", QuestionKind.YES_NO)
SCALE = FormQuestion("¿Cómo?", QuestionKind.NUMBER, low=1, high=5)
WORDS = FormQuestion("¿Algo más?")
TOPICS = FormQuestion("¿Qué?", QuestionKind.SEVERAL, ("agua", "tierra"))
ROOMS = st.sampled_from(["!a", "!b", "!c", "!d"])
VALUES = st.tuples(
    st.sampled_from([None, (0,), (1,)]),
    st.sampled_from([None, 1.0, 2.0, 3.0, 4.0, 5.0]),
    st.sampled_from([None, "bien", "mal"]),
    st.sampled_from([None, (0,), (1,), (0, 1)]),
)
QUESTIONS = (YES_NO, SCALE, WORDS, TOPICS)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 40), max_size=8))
def test_what_is_hidden_cannot_be_found_by_subtraction(sizes: dict[str, int]) -> None:
    shown = counts.shown_groups(sizes)
    hidden = sum(size for name, size in sizes.items() if name not in shown)
    assert all(sizes[name] >= LEAST for name in shown)
    assert hidden == 0 or hidden >= LEAST or not shown


@given(st.lists(st.tuples(ROOMS, VALUES), max_size=40))
def test_the_counts_are_those_of_a_count_by_hand(
    answers: list[tuple[str, tuple[Value, ...]]],
) -> None:
    found = counts.count_answers(QUESTIONS, answers)
    assert found.people == len(answers)
    assert counts.counts_from_json(counts.counts_to_json(found)) == found
    if len(answers) < LEAST:
        assert not found.questions and not found.rooms
        return
    for place, one in enumerate(found.questions):
        given_ = [values[place] for _room, values in answers if values[place] is not None]
        if QUESTIONS[place] is WORDS:
            assert one.texts == tuple(sorted(map(str, given_)))
        elif 0 < len(given_) < LEAST:
            assert one == QuestionCount(None)
        else:
            assert one.answered == len(given_)
    yes = found.questions[0]
    if yes.answered:
        assert yes.parts == tuple(
            sum(values[0] == (n,) for _room, values in answers) for n in (0, 1)
        )


@given(st.lists(st.tuples(ROOMS, VALUES), max_size=60))
def test_no_room_shows_fewer_than_five_answers_nor_lets_them_be_found(
    answers: list[tuple[str, tuple[Value, ...]]],
) -> None:
    found = counts.count_answers(QUESTIONS, answers)
    for place, whole in enumerate(found.questions):
        shown = [each[place] for _people, each in found.rooms.values()]
        told = [one for one in shown if one is not None]
        assert all(one.answered is not None and one.answered >= LEAST for one in told)
        assert all(not one.texts for one in told)
        if told and whole.answered is not None:
            left = whole.answered - sum(one.answered or 0 for one in told)
            assert left == 0 or left >= LEAST


def test_one_room_has_no_counts_by_room() -> None:
    answers = [("!a", ((0,), 3.0, "bien", (0, 1)))] * 6
    found = counts.count_answers(QUESTIONS, answers)
    assert found == Counts(
        6,
        (
            QuestionCount(6, (6, 0)),
            QuestionCount(6, (0, 0, 6, 0, 0), 3.0, 3.0),
            QuestionCount(6, texts=("bien",) * 6),
            QuestionCount(6, (6, 6)),
        ),
        {},
    )
