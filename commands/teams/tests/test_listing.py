"""Lists of teams as people write and save them."""

from __future__ import annotations

import pytest

from bot.types import UserId
from commands.teams.team_list_parser import ListedTeam, TeamList, read_list, read_table

ANA, BEA, EVA = (UserId(f"@{name}:x.org") for name in ("ana", "bea", "eva"))
NORTH, SOUTH = ListedTeam("Equipo Norte", (ANA, BEA)), ListedTeam("Sur", (EVA,))


@pytest.mark.parametrize(
    "text",
    [
        "Equipo Norte: @ana:x.org @bea:x.org\nSur: @eva:x.org",
        "- Equipo Norte: @ana:x.org, @bea:x.org\n- Sur - @eva:x.org",
        "1. Equipo Norte @ana:x.org y @bea:x.org\n\n2) Sur @eva:x.org.",
        "Equipo Norte:\n@ana:x.org\n@bea:x.org\nSur:\n@eva:x.org",
        "Equipo Norte: @ana:x.org; @bea:x.org | Sur: @eva:x.org",
        "Equipo Norte:@ana:x.org,@bea:x.org;Sur:@eva:x.org",
        "Equipo Norte: @ana:x.org @bea:x.org Sur: @eva:x.org",
        '"Equipo Norte": <@ana:x.org> (@bea:x.org)\n“Sur” — @eva:x.org',
        "Equipo Norte: [A](https://matrix.to/#/@ana:x.org) @bea:x.org\nSur https://matrix.to/#/@eva:x.org",
        "Equipo Norte: @ana:x.org\nSur: @eva:x.org\nEquipo Norte: @bea:x.org @ana:x.org",
    ],
)
def test_a_team_is_a_line(text: str) -> None:
    assert read_list(text) == TeamList((NORTH, SOUTH))


def test_the_first_line_alone_is_the_title() -> None:
    listed = read_list("Escuela 2026\nSur: @eva:x.org")
    assert (listed.title, listed.teams) == ("Escuela 2026", (SOUTH,))


def test_a_team_may_have_nobody_yet() -> None:
    assert read_list("Sur: @eva:x.org\nEste\nOeste:").teams == (
        SOUTH,
        ListedTeam("Este", ()),
        ListedTeam("Oeste", ()),
    )


def test_what_is_no_address_is_said() -> None:
    listed = read_list("Sur: @eva:x.org bea, luz@correo.org @sinservidor @a:..b")
    assert listed.teams == (SOUTH,)
    assert listed.wrong == ("bea", "luz@correo.org", "@sinservidor", "@a:..b")
    assert read_list("@ana:x.org").teams == ()


def test_a_pill_is_the_person_that_it_means() -> None:
    """Apps write the name that is shown where the pill stood."""
    pills = {"Ana María": ANA, "Ana": BEA, "Eva (la otra)": EVA}
    assert read_list("Equipo Norte: Ana María Ana\nSur: Eva (la otra)", pills).teams == (
        NORTH,
        SOUTH,
    )


@pytest.mark.parametrize(
    "rows",
    [
        "equipo;persona\nEquipo Norte;@ana:x.org\nEquipo Norte;@bea:x.org\nSur;@eva:x.org",
        "Team,Member\nEquipo Norte,@ana:x.org\nEquipo Norte,@bea:x.org\nSur,@eva:x.org\n",
        "nome;conta;equipe\nA;@ana:x.org;Equipo Norte\nB;@bea:x.org;Equipo Norte\nE;@eva:x.org;Sur",
        "Equipo Norte\t@ana:x.org\t@bea:x.org\nSur\t@eva:x.org\t",
        'Equipo Norte,"@ana:x.org, @bea:x.org"\nSur,@eva:x.org\n\n',
        "Equipo Norte;'@ana:x.org;'@bea:x.org\r\nSur;'@eva:x.org\r\n",
        "@ana:x.org;Equipo Norte\n@bea:x.org;Equipo Norte\n@eva:x.org;Sur",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_as_spreadsheets_save_it(rows: str, encoding: str) -> None:
    assert read_table(rows.encode(encoding)).teams == (NORTH, SOUTH)


def test_a_table_of_anything_is_no_list_of_teams() -> None:
    for data in (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"", b";;\n,", b"hola;que tal\nbien"):
        assert read_table(data).teams == ()
