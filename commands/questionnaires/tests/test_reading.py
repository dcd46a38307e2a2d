"""What moderators write as a questionnaire, and what people type as an answer."""

from __future__ import annotations

import pytest

from bot.api import UserError
from commands.questionnaires import answer_reader, form_parser
from commands.questionnaires.answer_reader import Unfit
from commands.questionnaires.form import FormQuestion, QuestionKind, Value

TEXT, NUMBER, YES_NO, CHOICE, SEVERAL = QuestionKind


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("¿Cómo estuvo? (1 a 5)", FormQuestion("¿Cómo estuvo?", NUMBER, low=1, high=5)),
        ("¿Cómo estuvo? (del 1 al 10).", FormQuestion("¿Cómo estuvo?", NUMBER, low=1, high=10)),
        ("¿Cuántas personas? (número)", FormQuestion("¿Cuántas personas?", NUMBER)),
        ("Quantas pessoas vieram? (Número)", FormQuestion("Quantas pessoas vieram?", NUMBER)),
        ("¿Vuelves? (sí o no)", FormQuestion("¿Vuelves?", YES_NO)),
        ("Você volta? (sim/não)", FormQuestion("Você volta?", YES_NO)),
        ("Coming back? (yes/no)", FormQuestion("Coming back?", YES_NO)),
        (
            "¿Qué día? (martes, jueves o sábado)",
            FormQuestion("¿Qué día?", CHOICE, ("martes", "jueves", "sábado")),
        ),
        ("Que dia? (uma: terça, quinta)", FormQuestion("Que dia?", CHOICE, ("terça", "quinta"))),
        (
            "¿Qué temas? (varias: agua, tierra y semillas, radio)",
            FormQuestion("¿Qué temas?", SEVERAL, ("agua", "tierra y semillas", "radio")),
        ),
        (
            "Which topics? [several: water | land, and seeds]",
            FormQuestion("Which topics?", SEVERAL, ("water", "land, and seeds")),
        ),
        ("¿Algo más?", FormQuestion("¿Algo más?")),
        ("¿Algo más? (texto)", FormQuestion("¿Algo más?")),
        (
            "¿Y la sala (la grande)?",
            FormQuestion("¿Y la sala (la grande)?"),
        ),
        ("¿Cómo llegaste? (en confianza)", FormQuestion("¿Cómo llegaste? (en confianza)")),
    ],
)
def test_a_question_says_in_words_what_it_takes(line: str, asked: FormQuestion) -> None:
    assert form_parser.parse_question(line, 1) == asked


@pytest.mark.parametrize(
    ("message", "head", "lines"),
    [
        ("Evaluación\n1. ¿Uno?\n2) ¿Dos?", "Evaluación", ["¿Uno?", "¿Dos?"]),
        ("Evaluación\n\n¿Uno?\n¿Dos?\n", "Evaluación", ["¿Uno?", "¿Dos?"]),
        (
            "Evaluación\n- ¿Uno?\n- ¿Dos?\nhasta viernes",
            "Evaluación hasta viernes",
            ["¿Uno?", "¿Dos?"],
        ),
        ("Evaluación\n1. ¿Uno\n   o más?\n2. ¿Dos?", "Evaluación", ["¿Uno o más?", "¿Dos?"]),
        (
            "Evaluación 1. ¿Uno? (1 a 5) 2. ¿Dos? (1 a 3) 3. ¿Tres?",
            "Evaluación",
            ["¿Uno? (1 a 5)", "¿Dos? (1 a 3)", "¿Tres?"],
        ),
        ("Evaluación 2026", "Evaluación 2026", []),
    ],
)
def test_title_and_questions_are_one_message(message: str, head: str, lines: list[str]) -> None:
    assert form_parser.split_message(message) == (head, lines)


@pytest.mark.parametrize(
    "line",
    [
        "(número)",
        "¿?",
        "¿Cómo? (5 a 1)",
        "¿Qué? (agua, Agua)",
        "x" * 301,
        "¿Qué? (" + ", ".join(f"tema {n}" for n in range(13)) + ")",
    ],
)
def test_what_is_no_question_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(UserError) as refused:
        form_parser.parse_question(line, 3)
    assert refused.value.lines[0].values["n"] == 3


def test_no_questions_and_too_many_are_refused() -> None:
    for lines in ([], ["¿Qué?"] * 31):
        with pytest.raises(UserError):
            form_parser.parse_questions(lines)


SCALE = FormQuestion("¿Cómo?", NUMBER, low=1, high=5)
HEADS = FormQuestion("¿Cuántas?", NUMBER)
AGAIN = FormQuestion("¿Vuelves?", YES_NO)
DAY = FormQuestion("¿Qué día?", CHOICE, ("martes", "jueves", "sábado"))
TOPICS = FormQuestion("¿Qué temas?", SEVERAL, ("agua", "tierra", "radio"))
WORDS = FormQuestion("¿Algo más?")


@pytest.mark.parametrize(
    ("asked", "said", "value"),
    [
        (SCALE, "4", 4.0),
        (SCALE, "un 4", 4.0),
        (SCALE, "4.", 4.0),
        (HEADS, "unas 12 personas", 12.0),
        (HEADS, "12,5", 12.5),
        (HEADS, "nadie", 0.0),
        (HEADS, "nenhuma", 0.0),
        (AGAIN, "Sí!", (0,)),
        (AGAIN, "não", (1,)),
        (AGAIN, "dale", (0,)),
        (DAY, "2", (1,)),
        (DAY, "jueves", (1,)),
        (DAY, "SABADO", (2,)),
        (DAY, "mar", (0,)),
        (TOPICS, "1, 3", (0, 2)),
        (TOPICS, "1 3", (0, 2)),
        (TOPICS, "radio y agua", (0, 2)),
        (TOPICS, "tierra", (1,)),
        (TOPICS, "1;2;2", (0, 1)),
        (WORDS, "  =HYPERLINK(1)  ", "=HYPERLINK(1)"),
        (WORDS, "12", "12"),
    ],
)
def test_an_answer_is_read_as_people_type_it(asked: FormQuestion, said: str, value: Value) -> None:
    assert answer_reader.read_answer(asked, said) == value


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (SCALE, "6"),
        (SCALE, "0"),
        (SCALE, "3,5"),
        (SCALE, "cuatro o cinco"),
        (SCALE, "4 o 5"),
        (HEADS, "1.200"),
        (HEADS, "muchas"),
        (HEADS, ""),
        (AGAIN, "sí hace falta"),
        (DAY, "4"),
        (DAY, "lunes"),
        (DAY, "martes y jueves"),
        (TOPICS, "1, 7"),
        (TOPICS, "agua y fuego"),
        (TOPICS, "0"),
        (WORDS, "x" * 1001),
        (WORDS, "  \u200b "),
    ],
)
def test_what_does_not_fit_is_asked_again_and_never_guessed(asked: FormQuestion, said: str) -> None:
    assert isinstance(answer_reader.read_answer(asked, said), Unfit)


@pytest.mark.parametrize("said", ["saltar", "Pular!", "skip", "no contesto", "próxima"])
def test_a_question_is_left_out_with_a_word(said: str) -> None:
    assert answer_reader.is_skip(said)
    assert not answer_reader.is_skip(f"{said} la cuerda")


@pytest.mark.parametrize("said", ["atrás", "atras", "voltar", "back", "volver"])
def test_one_goes_back_with_a_word(said: str) -> None:
    assert answer_reader.is_back(said)
