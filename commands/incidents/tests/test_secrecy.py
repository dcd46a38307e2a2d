"""Who wants to report somebody, who must not be named for it, and what was told already."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import distress
from bot.distress import HelpKind
from bot.run.app import features
from bot.testing.talk import Talk

WAYS = {
    "es": ("ve tu nombre", "nadie más: Ana", "Sin tu nombre: `buzón`", "Todavía no avisé a nadie"),
    "pt": ("vê seu nome", "mais ninguém: Ana", "Sem seu nome: `caixa`", "Ainda não avisei ninguém"),
    "en": ("sees your name", "by Ana alone", "Without your name: `box`", "told nobody yet"),
}
SECRET = [
    ("pt", "quero denunciar o damian, ele fica me ameaçando", "não quero que ninguém saiba"),
    ("pt", "quero denunciar o damian", "não fala que fui eu"),
    ("pt", "tem um homem me seguindo", "que ninguém saiba"),
    ("es", "quiero denunciar a damian, me amenaza", "que nadie sepa que fui yo"),
    ("es", "damian me acosa", "no digas que fui yo"),
    ("en", "i want to report damian, he threatens me", "dont tell anyone it was me"),
    ("en", "damian keeps messaging me. i want to report him", "please keep this between us"),
]
TOLD = [
    *(("es", "incidente damian me gritó", "borra lo que te dije recien, me equivoque"),),
    *(("es", "incidente damian me gritó", "olvida lo que te dije"),),
    *(("pt", "incidente damian gritou comigo", "esquece o que eu falei, apaga"),),
    *(("en", "incident damian shouted at me", "forget what i just said"),),
]
STAYS = {
    "es": "Lo que reportas se queda con quienes lo leen. Para verlo o agregar algo: `incidente`",
    "pt": "O que você relata fica com quem lê. Para ver ou acrescentar algo: `incidente`",
    "en": "What you report stays with those who read it. To see it or add to it: `incident`",
}
WATCHED = [
    *(("es", line) for line in ("mi novio me revisa el celular", "ella me lee los mensajes")),
    *(("es", "borra todo, mi marido revisa mi celular"),),
    *(("pt", line) for line in ("meu marido olha meu celular", "apaga tudo, ele lê meu zap")),
    *(("en", line) for line in ("my husband reads my phone", "delete it all, he checks my phone")),
]


async def hears(talk: Talk, line: str) -> str:
    """Return what Bea is told in private."""
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize(
    "line",
    [
        *("quero denunciar o damian, ele fica me ameaçando no privado", "denuncio o damian"),
        *("quiero denunciar a damian, me amenaza", "quiero poner una denuncia, me amenazó"),
        *("i want to report damian, he threatened me", "gostaria de denunciar, ele me ameaçou"),
        *("quiero denunciar a uno que me pegó el año pasado", "vim denunciar, ele me bateu ontem"),
        *("i want to report a guy hitting on me", "vengo a denunciar a damian"),
        "quero denunciar o caixa que tá batendo errado",
    ],
)
def test_a_report_is_passed_on_and_no_alarm(line: str) -> None:
    assert distress.find_help_kind(line) is HelpKind.CARE


@pytest.mark.parametrize(
    "line",
    [
        *("damian me está amenazando", "ele fica me ameaçando", "he is threatening me"),
        *("quiero denunciar, está en mi puerta", "quero denunciar, ele tá me seguindo agora"),
        *("i want to report a man, he is following me", "quiero denunciar que me detuvieron"),
        *("ayuda, quiero denunciar, me quiere matar", "i want to report he is beating me"),
        *("i need to report someone is breaking into my house", "vim denunciar, ele tá me batendo"),
        *("i want to report a man is in my house", "quiero reportar que me están robando"),
        *("quiero denunciar que mi marido me esta pegando", "quero denunciar, ele me trancou aqui"),
        "quero denunciar, ele tá me batendo agora",
    ],
)
def test_what_goes_on_calls_first(line: str) -> None:
    assert distress.find_help_kind(line) is HelpKind.DANGER


async def test_a_report_of_what_goes_on_is_offered_both(talk: Talk) -> None:
    said = await hears(talk, "quiero denunciar que mi marido me esta pegando")
    assert said.startswith("¿Aviso ya a tu gente") and "`incidente` y" in said


@pytest.mark.parametrize(("language", "first", "secret"), SECRET)
async def test_before_a_yes_it_is_said_who_sees_the_name(
    tmp_path: Path, language: str, first: str, secret: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    plain = await hears(talk, first)
    assert not any(part in plain for part in WAYS[language][:3])
    said = await hears(talk, secret)
    for part in WAYS[language]:
        assert part in said
    await talk.close()


async def test_who_reads_the_report_learns_who_must_not_know(talk: Talk) -> None:
    for line in ("damian me acosa", "que no se entere mi marido"):
        await hears(talk, line)
    assert "damian me acosa\n│ que no se entere mi marido\n" in await hears(talk, "sí")


async def test_in_one_line_it_is_said_at_once(talk: Talk) -> None:
    said = await hears(talk, "damian me acosa, que no se entere que fui yo")
    assert "¿Paso lo que escribiste como incidente" in said
    assert "ve tu nombre" in said and "Sin tu nombre: `buzón`" in said


@pytest.mark.parametrize(("language", "report", "wish"), TOLD)
async def test_who_takes_it_back_is_told_the_same_with_and_without_an_incident(
    tmp_path: Path, language: str, report: str, wish: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    before = await hears(talk, wish)
    assert STAYS[language] in before
    assert " 1" in await hears(talk, report)
    assert await hears(talk, wish) == before, "whoever holds the phone learns of no incident"
    await talk.close()


@pytest.mark.parametrize(("language", "line"), WATCHED)
async def test_of_reports_nothing_is_said_where_somebody_else_reads_along(
    tmp_path: Path, language: str, line: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await hears(talk, {"pt": "incidente damian gritou"}.get(language, "incidente damian me gritó"))
    said = await hears(talk, line)
    assert {"es": "`borrarme`", "pt": "`me-apague`", "en": "`forget-me`"}[language] in said
    assert STAYS[language] not in said
    assert "ncidente 1" not in said and "ncident 1" not in said
    await talk.close()


@pytest.mark.parametrize(
    "line",
    [
        *("forget what i said about the chairs", "olvida lo que te dije del sábado"),
        *("esquece o que eu falei da pauta", "borra lo que te dije del cartel"),
    ],
)
def test_of_something_else_it_is_no_wish_to_delete(line: str) -> None:
    assert not distress.is_about_traces(line)
