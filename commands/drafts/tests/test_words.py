"""What hurried people type about drafts is read as they mean it."""

from __future__ import annotations

import pytest

from commands.drafts import request_parser
from commands.drafts.amendments import AmendmentKind
from commands.drafts.paragraphs import split_paragraphs
from commands.drafts.request_parser import AmendmentRequest, DraftAction

CHANGE, DELETE, ADD = AmendmentKind.CHANGE, AmendmentKind.DELETE, AmendmentKind.ADD


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("carta 3: Nos vemos cada mes", (CHANGE, 3, "Nos vemos cada mes", "")),
        ("carta 3 nos vemos cada mes", (CHANGE, 3, "nos vemos cada mes", "")),
        ("la carta párrafo 3: algo", (CHANGE, 3, "algo", "")),
        ("carta el punto 3. algo", (CHANGE, 3, "algo", "")),
        ("carta: cambiar artículo 3: algo", (CHANGE, 3, "algo", "")),
        ('carta 3: "30 %" por "50 %"', (CHANGE, 3, "50 %", "30 %")),
        ('carta: "30 %" → "50 %"', (CHANGE, None, "50 %", "30 %")),
        ("carta quitar 3", (DELETE, 3, "", "")),
        ("carta quita el párrafo 3.", (DELETE, 3, "", "")),
        ("carta 3 borrar", (DELETE, 3, "", "")),
        ("carta 3: eliminar", (DELETE, 3, "", "")),
        ("carta agregar: uno mas", (ADD, None, "uno mas", "")),
        ("carta nuevo párrafo: uno mas", (ADD, None, "uno mas", "")),
        ("carta al final: uno mas", (ADD, None, "uno mas", "")),
        ("carta + uno mas", (ADD, None, "uno mas", "")),
        ("carta despues del 3: uno mas", (ADD, 3, "uno mas", "")),
        ("carta agregar después del párrafo 3 uno mas", (ADD, 3, "uno mas", "")),
        ("carta al principio: uno mas", (ADD, 0, "uno mas", "")),
        ("carta parágrafo 2: outro texto", (CHANGE, 2, "outro texto", "")),
        ("carta mudar o 2: outro texto", (CHANGE, 2, "outro texto", "")),
        ("carta tirar o 2", (DELETE, 2, "", "")),
        ("carta 2 apagar", (DELETE, 2, "", "")),
        ("carta depois do 2: mais um", (ADD, 2, "mais um", "")),
        ("carta acrescentar: mais um", (ADD, None, "mais um", "")),
        ("carta no fim: mais um", (ADD, None, "mais um", "")),
        ("carta no começo: mais um", (ADD, 0, "mais um", "")),
        ("charter change 2: other text", (CHANGE, 2, "other text", "")),
        ("the charter paragraph 2: other text", (CHANGE, 2, "other text", "")),
        ("charter delete 2", (DELETE, 2, "", "")),
        ("charter add after 2: one more", (ADD, 2, "one more", "")),
        ("charter add: one more", (ADD, None, "one more", "")),
        ("charter at the beginning: one more", (ADD, 0, "one more", "")),
        ("carta 3: quitar las sillas al final", (CHANGE, 3, "quitar las sillas al final", "")),
        ("carta 3: 50 personas como máximo", (CHANGE, 3, "50 personas como máximo", "")),
    ],
)
def test_an_amendment_is_read(
    typed: str, expected: tuple[AmendmentKind, int | None, str, str]
) -> None:
    name, rest = request_parser.split_name(typed)
    assert name in ("carta", "charter")
    assert request_parser.read_amendment(rest) == AmendmentRequest(*expected)


@pytest.mark.parametrize("typed", ["carta", "carta 3", "carta 3:", "carta no me gusta", "carta :"])
def test_what_is_no_amendment_is_not_guessed(typed: str) -> None:
    found = request_parser.read_amendment(request_parser.split_name(typed)[1])
    assert found is None or not found.text


@pytest.mark.parametrize(
    ("typed", "action", "versions"),
    [
        ("carta", DraftAction.SHOW, ()),
        ("la carta", DraftAction.SHOW, ()),
        ("#carta", DraftAction.SHOW, ()),
        ("carta versiones", DraftAction.VERSIONS, ()),
        ("carta versões", DraftAction.VERSIONS, ()),
        ("carta history", DraftAction.VERSIONS, ()),
        ("carta versión 2", DraftAction.SHOW, (2,)),
        ("carta v2", DraftAction.SHOW, (2,)),
        ("carta diferencia 2 4", DraftAction.DIFFERENCE, (2, 4)),
        ("carta diferença entre 2 e 4", DraftAction.DIFFERENCE, (2, 4)),
        ("carta diff", DraftAction.DIFFERENCE, ()),
        ("carta archivo", DraftAction.FILE, ()),
        ("carta reabrir", DraftAction.REOPEN, ()),
        ("carta comentarios", DraftAction.COMMENTS, ()),
        ("carta desde #estatutos", DraftAction.TAKE, ()),
        ("carta de #estatutos", DraftAction.TAKE, ()),
        ("carta: versiones", DraftAction.WRITE, ()),
        ("carta agregar: uno", DraftAction.WRITE, ()),
        ("carta Queremos agua", DraftAction.WRITE, ()),
    ],
)
def test_a_draft_is_asked_for(typed: str, action: DraftAction, versions: tuple[int, ...]) -> None:
    name, rest = request_parser.split_name(typed)
    wanted = request_parser.read_draft_request(rest)
    assert (name, wanted.action, wanted.versions) == ("carta", action, versions)


@pytest.mark.parametrize(
    "typed",
    [
        "1. Uno\n2. Dos\n3. Tres",
        "1) Uno\n\n2) Dos\n\n3) Tres",
        "Uno\nDos\n\n\nTres".replace("Uno\nDos", "Uno\n\nDos"),
        "Uno\nDos\nTres",
        "1. Uno 2. Dos 3. Tres",
        "Uno\r\n\r\nDos\r\n\r\nTres",
    ],
)
def test_paragraphs_are_split_as_they_are_typed(typed: str) -> None:
    assert split_paragraphs(typed) == ["Uno", "Dos", "Tres"]


def test_a_number_inside_of_a_text_splits_nothing() -> None:
    assert split_paragraphs("Somos 3. Venimos de lejos") == ["Somos 3. Venimos de lejos"]
    assert split_paragraphs("2. dos") == ["2. dos"]
    assert split_paragraphs("Uno\nsigue\n\nDos") == ["Uno sigue", "Dos"]


def test_marks_that_turn_the_writing_round_are_left_out() -> None:
    assert split_paragraphs("\u202ePagamos\u2066 todo\u200b") == ["Pagamos todo"]
    found = request_parser.read_amendment(" 1: \u202eabc\u202c def")
    assert found is not None
    assert found.text == "abc def"
