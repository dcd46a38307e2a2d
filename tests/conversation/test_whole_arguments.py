"""Settings whose value goes on with its quotes and lines, as a text in another language does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.arguments import NamedArgument, split_arguments
from bot.text.command_words import words

PT = NamedArgument(words("portugués", "português", "Portuguese", "pt"), whole=True)
ES = NamedArgument(words("español", "espanhol", "Spanish", "es"), whole=True)
QUORUM = NamedArgument(words("quórum", "quórum", "quorum"))
UNTIL = NamedArgument(words("cierra", "encerra", "closes"), joined=("hasta",))
SECRET = NamedArgument(words("secreta", "secreta", "secret"), flag=True)
ARGS = (PT, ES, QUORUM, UNTIL, SECRET)


@pytest.mark.parametrize(
    ("line", "free", "value"),
    [
        ('¿A? b, c pt: "A?" "b" "c"', "¿A? b, c", '"A?" "b" "c"'),
        ("¿A? b, c pt: A? b, c quorum: 5", "¿A? b, c", "A? b, c"),
        ("¿A? b, c quorum: 5 pt: A?\nb\nc", "¿A? b, c", "A?\nb\nc"),
        ('¿A? b, c pt:"A: b?" | c quorum: 5 es: x', "¿A? b, c", '"A: b?" | c'),
    ],
)
def test_a_whole_value_keeps_quotes_and_lines(line: str, free: str, value: str) -> None:
    parts = split_arguments(line, ARGS, lambda _words: False)
    assert (parts.free, parts.named["Portuguese"]) == (free, value)


def test_what_belongs_to_the_line_is_cut_off_its_end() -> None:
    line = '¿A? pt:"A hasta mañana?" "b" hasta mañana secreta'
    parts = split_arguments(line, ARGS, lambda words: words == "mañana")
    assert parts.named == {"Portuguese": '"A hasta mañana?" "b"', "closes": "mañana"}
    assert parts.flags == {"secret"}


def test_a_setting_that_stands_twice_is_named() -> None:
    parts = split_arguments("¿A? pt: x quorum: 5 pt: y", ARGS, lambda _words: False)
    assert parts.repeated == {"Portuguese"}
    assert parts.named["Portuguese"] == "x"


def test_without_whole_a_value_ends_at_the_next_quote() -> None:
    args = (replace(PT, whole=False),)
    parts = split_arguments('"Taller" pt:"Oficina" jueves "x"', args, lambda _words: False)
    assert parts.named == {"Portuguese": "Oficina"}
    assert parts.quoted == ("Taller", "x")
