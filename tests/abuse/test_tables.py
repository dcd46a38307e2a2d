"""Whatever a file called a table holds, it is read or refused; and none of ours executes."""

from __future__ import annotations

import ast
import csv
import io
from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from bot.capability.errors import UserError
from bot.documents import spreadsheets
from bot.text.normalisation import one_line
from commands.expected_lists import list_parser
from commands.organisations import organisation_changes, organisation_table
from commands.teams import team_list_parser
from tests.abuse.fuzzing import LINES, tried
from tests.source_files import SOURCE, name, tree

CELLS = st.lists(st.sampled_from(list("=+-@＝＋－＠'\t\r\n;,|\"")) | LINES, max_size=4).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6)
WRITTEN = st.builds(
    lambda rows, sign: "\r\n".join(sign.join(row) for row in rows).encode("utf-8", "replace"),
    ROWS,
    st.sampled_from([";", ",", "\t"]),
)
FILES = st.binary(max_size=200) | WRITTEN | st.builds(bytes.__add__, st.just(b"\xff\xfe"), WRITTEN)
LONG_CELL = b"nombre;peso\r\n" + b"x" * (csv.field_size_limit() + 1) + b";1\r\n"
"""More than Python's reader takes as one cell."""


@tried(300, 3_000)
@example(LONG_CELL)
@example(b'name;@a:x\r\n"' + b"x" * (csv.field_size_limit() + 1))
@example(b"\x00\r\x00")
@example(b"\x01\n'\t\x01")
@given(FILES)
def test_no_file_breaks_a_reader_of_tables(data: bytes) -> None:
    text = spreadsheets.decode_text(data)
    organisations = organisation_table.parse_table(text)
    for row in organisations.rows:
        with suppress(UserError):
            cleaned = organisation_changes.clean_name(row.name)
            assert cleaned == one_line(cleaned)
    assert list_parser.parse_table(text) is not None
    assert all(team.name for team in team_list_parser.read_table(data).teams)


@tried(300, 3_000)
@given(ROWS)
def test_no_cell_that_is_written_is_a_formula(rows: list[list[str]]) -> None:
    text = spreadsheets.to_csv(rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for row in back for cell in row)
    assert [[spreadsheets.unguard_cell(cell) for cell in row] for row in back] == rows


def test_the_writers_of_tables_guard() -> None:
    writers = [
        name(path)
        for path in SOURCE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    ]
    assert sorted(writers) == [
        "bot/documents/spreadsheets.py",
        *("commands/public_site/tables.py", "commands/sources/public/table.py"),
    ]
    for path in SOURCE:
        if name(path) in writers:
            assert "guard_cell(" in path.read_text(encoding="utf-8")
