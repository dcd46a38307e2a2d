"""A majority that has to be reached: of the votes cast, or of all who may vote; in polls too."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.testing.talk import Talk
from commands.decision_rules.ballots import PollQuestion, PollVerdict
from commands.decision_rules.kinds import KINDS
from commands.polls.tests.test_decisions import closed, crowd, heard, proposed

WHERE = "!encuesta ¿Dónde? Norte, Sur, Este"


@pytest.mark.parametrize(
    ("rule", "votes", "said"),
    [
        ("mayoria:2/3", "1 1 2", "gana Norte"),
        ("mayoria:2/3", "1 1 2 2 1", "no aprobada, ninguna opción llegó a 2/3"),
        ("mayoria:50%", "1 1 2 3", "gana Norte"),
        ("mayoria:50%", "1 1 2 2", "empate"),
        ("mayoria:60%", "1 1 2 2", "no aprobada, ninguna opción llegó a 60%"),
        ("mayoria:absoluta", "1 1 1", "gana Norte"),
        ("mayoría: absoluta", "1 1", "ninguna opción llegó a más de la mitad"),
        ("mayoria:absoluta", "1 1 2", "no aprobada"),
        ("mayoria:simple", "1", "gana Norte"),
        ("mayoria:2/3", "", "nadie votó"),
        ("multiple:2 mayoria:2/3", "1,2 1,2 1,3", "ganan Norte · Sur"),
        ("multiple:2 mayoria:2/3", "1,2 2,1 3", "ganan Norte · Sur"),
    ],
)
async def test_of_a_poll(talk: Talk, rule: str, votes: str, said: str) -> None:
    people = await crowd(talk, 5)
    opening, _native, number = await proposed(talk, f"{WHERE} {rule}")
    for who, vote in zip(people, votes.split(), strict=False):
        await talk.says(who, vote, reply=opening)
        await heard(talk, "Anotado")
    result = (await closed(talk, number)).split("\n")[0]
    assert said in result
    assert ("gana" in result) is ("gana" in said)


async def test_the_rule_stands_in_the_opening_and_in_the_record(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, WHERE + " mayoria:2/3")
    assert "Para ganar, una opción debe llegar a 2/3 de los votos emitidos." in opening.plain
    for who, vote in (("bea", "1"), ("carla", "2")):
        await talk.says(who, vote, reply=opening)
    await closed(talk, number)
    assert "2/3" in await talk.answer("bea", f"!acta {number}")
    assert "no aprobada" in await talk.answer("bea", "!decisiones")
    opening, _native, number = await proposed(talk, WHERE + " mayoria:absoluta")
    assert "más de la mitad de todos los votos posibles (2)" in opening.plain


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (("a favor", "a favor", "a favor", "en contra", "en contra"), "aprobada"),
        (("a favor", "a favor", "en contra"), "no aprobada"),
        (("a favor", "a favor"), "no aprobada"),
    ],
)
async def test_an_absolute_majority_of_a_proposal(
    talk: Talk, votes: tuple[str, ...], said: str
) -> None:
    people = await crowd(talk, 5)
    opening, _native, number = await proposed(talk, "!propuesta Compramos la olla mayoria:absoluta")
    assert "llegan a más de la mitad de todos los votos posibles (3)" in opening.plain
    for who, vote in zip(people, votes, strict=False):
        await talk.says(who, vote, reply=opening)
    result = await closed(talk, number)
    assert said in result.split("\n")[0]
    assert ("no aprobada" in result) is (said == "no aprobada")
    if said == "no aprobada":
        assert "A favor: 2; necesitaba más de la mitad de todos los votos posibles (3)." in result


async def test_of_organisations_half_of_the_weight_counts_as_it_was(talk: Talk) -> None:
    for line in ("agregar Sur @bea peso:20", "agregar Norte @carla peso:30"):
        await talk.says("ana", f"!votantes {line}")
    await talk.said()
    opening, native, number = await proposed(talk, "!propuesta Sí mayoria:absoluta")
    assert "(26)" in opening.plain
    await talk.says("ana", "!votantes agregar Sur peso:90")
    await talk.says("bea", "a favor", reply=opening)
    await talk.said()
    await talk.restart()
    assert "no aprobada" in (await closed(talk, number)).split("\n")[0]
    _opening, native, number = await proposed(talk, WHERE + " maioria: absoluta")
    await talk.taps("bea", native, 1)
    assert "gana Norte" in await closed(talk, number)


@pytest.mark.parametrize(
    "line",
    [
        WHERE + " tipo:preferencia mayoria:2/3",
        WHERE + " tipo:puntos mayoria:absoluta",
        '!cuando "Reunión" mañana 18h, 19h mayoria:2/3',
        "!propuesta Sí tipo:consentimiento mayoria:2/3",
        "!propuesta Sí tipo:consenso mayoria:absoluta",
    ],
)
async def test_other_kinds_have_their_own_rule(talk: Talk, line: str) -> None:
    await talk.says("ana", line)
    (post,) = await talk.sent()
    assert "los otros tipos tienen su propia regla" in post.plain


def test_blank_ballots_are_no_votes_cast() -> None:
    question = PollQuestion(57, ("Norte", "Sur"), threshold=Fraction(2, 3))  # type: ignore[arg-type]
    profile = {((1, 1),): 2, ((2, 1),): 1, (): 40}
    assert KINDS["choice"].tally(profile, question).verdict is PollVerdict.WON
