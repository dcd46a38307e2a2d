"""A question and its options, some in quotes and some not, in the order typed."""

from __future__ import annotations

import pytest

from bot.conversation.arguments import split_arguments

WHERE, ALL = "¿Dónde?", ("Norte", "Sur", "Casa x")
LINES = {
    '"¿Dónde?" Norte, Sur, "Casa x"': (WHERE, ALL),
    '"¿Dónde?" "Norte", Sur, "Casa x"': (WHERE, ALL),
    '"¿Dónde?" "Norte", Sur o "Casa x"': (WHERE, ALL),
    '"¿Dónde?": Norte, "Sur" o Casa x': (WHERE, ALL),
    '¿Dónde? Norte, Sur, "Casa x"': (WHERE, ALL),
    '¿Dónde? "Norte" "Sur" "Casa x"': (WHERE, ALL),
    '"¿Dónde?" "Norte" | Sur | "Casa x"': (WHERE, ALL),
    '"¿Dónde?"\nNorte\nSur\n"Casa x"': (WHERE, ALL),
    '"¿Dónde?"\n- Norte\n- "Sur"\n- Casa x': (WHERE, ALL),
    '"¿Dónde?" Norte, Sur, Casa x': (WHERE, ALL),
    '¿Dónde?\nCasa "La Luna"\n"Norte"': (WHERE, ('Casa "La Luna"', "Norte")),
    '"¿Dónde?"\n1. Norte\n2. "Sur"\n3. Casa x': (WHERE, ALL),
    '"¿Dónde?" "Norte", "Sur"\n"Casa x"': (WHERE, ALL),
    'Norte, Sur, Casa x "¿Dónde?"': (WHERE, ALL),
    '"Norte" "Sur" "Casa x" ¿Dónde?': (WHERE, ALL),
    'Pregunta: "¿Dónde?" "Norte" "Sur" "Casa x"': (WHERE, ALL),
    '"Dónde" Norte, Sur, "Casa x"': ("Dónde", ALL),
    '"Dónde" "Norte" "Sur"': ("Dónde", ("Norte", "Sur")),
    'Dónde "Norte" "Sur" "Casa x"': ("Dónde", ALL),
    'Dónde: "Norte", Sur, "Casa x"': ("Dónde", ALL),
    'Qué leemos: "Don Quijote" o "Rayuela"': ("Qué leemos", ("Don Quijote", "Rayuela")),
    '¿Aprobamos "La carta"? Sí, No': ('¿Aprobamos "La carta"?', ("Sí", "No")),
    '¿Aprobamos "La carta"?': ('¿Aprobamos "La carta"?', ()),
    '"¿Dónde?" ¿Norte?, "Sur"': (WHERE, ("¿Norte?", "Sur")),
    '"¿Dónde?" "uno, dos", tres': (WHERE, ("uno, dos", "tres")),
    '"¿Dónde?"': (WHERE, ()),
}


@pytest.mark.parametrize("line", LINES)
def test_each_option_is_one_whether_it_is_quoted_or_not(line: str) -> None:
    assert split_arguments(line, (), lambda _text: False).question_and_options() == LINES[line]
