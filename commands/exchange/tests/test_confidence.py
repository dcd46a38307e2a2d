"""A need that not everybody is to know is offered to few, and to no room."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk

DOORS = {
    "es": ("No publiqué nada", "`incidente` y lo que", "nadie más: Ana", "`buzón` y lo que"),
    "pt": ("Não publiquei nada", "`incidente` e o que", "mais ninguém: Ana", "`caixa` e o que"),
    "en": ("I published nothing", "`incident` and the", "by Ana alone", "`box` and the"),
}
SECRET = [
    *(
        ("en", line)
        for line in (
            "i need a lawyer, but only tell the moderators",
            "i need help with my ex husband, please keep this private",
            "need a doctor. dont tell my husband",
            "need a place to sleep, nobody should know",
            "looking for a lawyer, my husband must not know",
            "offer a room, only for the moderators",
            "need a place to sleep, only for the moderators",
            "need food for my kids, only for the care team",
            "need a van, my husband must not know, it is a surprise",
            "i need a lawyer but its a secret",
            "i need a lawyer, secretly",
            "need a place to sleep secretly please",
            "need pills but it's private",
            "need a doctor and this is confidential",
            "i need a lawyer in secret",
            "need a place to stay, it is a secret",
            "need a van, the police must not know, it is a surprise",
            "need transport for an abortion, only for the care team",
            "need clothes, nobody must know, no surprise",
            "need food for someone hiding, only for the moderators",
            "need a car to court, only for the moderators",
            "need food for a woman, only for the moderators",
            "need a van to Recife, only for the moderators",
        )
    ),
    *(
        ("es", line)
        for line in (
            "necesito un lugar para dormir esta noche, que no lo sepan todas",
            "necesito un lugar para dormir, que no se entere mi marido",
            "necesito abogada pero q nadie se entere",
            "necesito plata, no le digas a nadie",
            "busco abogada, en privado",
            "ofrezco mi casa, solo para la moderación",
            "necesito comida, no le digas a nadie",
            "necesito abogada, solo para el equipo",
            "necesito un abogado y es secreto",
            "necesito pastillas es confidencial",
            "necesito un abogado pero es un secreto",
            "necesito plata en secreto por favor",
            "busco psicologa, es algo privado",
            "necesito donde dormir, con discreción",
            "necesito pastiyas pero es secreto",
            "necesito un medico, que sea confidencial porfa",
            "necesito en secreto un abogado",
            "necesito transporte a la clinica, solo para el equipo",
            "necesito comida para alguien escondido, solo para el equipo",
            "necesito comida, solo para el equipo, estamos sin nada",
            "necesito comida, que nadie sepa, no es sorpresa",
            "necesito carro, no le digas a nadie que aborté, es sorpresa",
        )
    ),
    *(
        ("pt", line)
        for line in (
            "preciso de advogada, mas que ninguém saiba",
            "ofereço hospedagem, só pras moderadoras",
            "preciso de remédio, meu marido não pode saber",
            "preciso de dinheiro, não conta pra ninguém",
            "procuro advogada, em sigilo",
            "preciso de psicóloga, só para a equipe",
            "preciso de um advogado mas é segredo",
            "preciso de abrigo, é sigiloso",
            "preciso de um advogado em segredo",
            "preciso de remédio, é um segredo",
            "preciso de abrigo em total sigilo por favor",
            "preciso de pílulas e é confidencial",
            "preciso de dinheiro, discretamente",
            "preciso de comida, só para a equipe, não tenho nada",
            "preciso de comida para uma mulher, só para a equipe",
            "preciso de roupas, ninguém pode saber, não é surpresa",
            "preciso de abrigo, só para as moderadoras",
        )
    ),
]
OPEN = [
    ("es", "necesito una sala privada para reunión"),
    ("es", "ofrezco taller solo para moderadoras"),
    ("es", "necesito parlante para que se enteren todas"),
    ("es", "ofrezco charla sobre lo que nadie sabe del barrio"),
    ("es", "necesito alguien que sepa soldar"),
    ("pt", "preciso de um espaço privado"),
    ("pt", "ofereço aulas, só para mulheres"),
    ("pt", "preciso de alguém que saiba costurar"),
    ("en", "need a private room for the meeting"),
    ("en", "need somebody to tell everyone about the fair"),
    ("en", "offer a van, only for the moderators meeting on saturday"),
    ("en", "need someone who knows a good lawyer"),
    ("en", "need a secretary for the assembly"),
    ("en", "need gifts for secret santa"),
    ("en", "need boxes, it's not a secret"),
    ("en", "offer training on confidential data"),
    ("en", "need a box for voting in secret"),
    ("es", "necesito urna para voto secreto"),
    ("es", "necesito tela, no es secreto"),
    ("es", "ofrezco ropa de niño y secador"),
    ("es", "ofrezco taller de recetas secretas"),
    ("es", "necesito caja para votar en secreto"),
    ("pt", "preciso de urna para votação secreta"),
    ("pt", "preciso de cadeado com segredo"),
    ("pt", "ofereço espaço limpo e privado"),
    ("pt", "preciso de tinta, não é segredo"),
    ("pt", "preciso de secretária para a assembleia"),
]
"""Nearly the same words, about what anybody may read."""
FOR_FEW = [
    ("es", "necesito 30 almuerzos, solo para el equipo"),
    ("es", "necesito megafono, no le digas a nadie que es sorpresa"),
    ("pt", "preciso de camisetas, só para a equipe"),
    ("pt", "preciso de 20 cadeiras, não conta pra ninguém, é surpresa"),
    ("en", "need a van, only for the moderators"),
    ("en", "offer chairs, just for the care team"),
    ("es", "necesito 40 sillas para el sábado, pero solo para el equipo"),
    ("es", "necesito comida, que nadie sepa, es sorpresa"),
    ("pt", "preciso de uma van amanhã, mas só para a equipe"),
    ("en", "need two tents and 12 chairs please, only for the moderators"),
    ("en", "need a projector #equipment, only for the mods"),
    ("en", "need chairs, don't tell anyone, it's a surprise"),
]
"""Things for a team or a surprise, of which nobody needs to be ashamed."""


async def test_who_cries_for_help_at_the_end_of_a_need_hears_of_panic_first(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language="en")
    await talk.tells("bea", "need a van, only for the moderators, tonight, help")
    posts = await talk.said()
    assert "In danger: write `panic`" in posts[-1].plain
    assert [post for post in posts if post.room == ROOM] == []
    await talk.close()


@pytest.mark.parametrize(("language", "line"), SECRET)
async def test_what_is_secret_is_offered_to_few(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await talk.tells("bea", line)
    said = "\n".join(post.plain for post in await talk.said())
    for part in DOORS[language]:
        assert part in said
    await talk.tells("bea", {"es": "sí", "pt": "sim", "en": "yes"}[language])
    assert [post for post in await talk.said() if post.room == ROOM] == []
    await talk.close()


@pytest.mark.parametrize(("language", "line"), OPEN)
async def test_what_anybody_may_read_is_offered_to_the_room(
    tmp_path: Path, language: str, line: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await talk.tells("bea", line)
    asked = {"es": "¿Publico en la sala", "pt": "Publico na sala", "en": "I publish in the room"}
    await talk.hears(asked[language])
    await talk.close()


async def test_typed_in_a_room_it_leaves_it_and_is_answered_in_private(talk: Talk) -> None:
    await talk.says("bea", "!necesito abogada, que nadie sepa")
    posts = await talk.sent()
    assert [post.kind for post in posts if post.room == ROOM] == ["redact"]
    (told,) = [post.plain for post in posts if post.room != ROOM]
    assert "No publiqué nada" in told and "Borré tu mensaje" in told and "`incidente`" in told


async def test_a_room_named_for_it_is_told_nothing_either(talk: Talk) -> None:
    await talk.tells("bea", "necesito abogada, que nadie sepa en Sala")
    await talk.hears("No publiqué nada")


@pytest.mark.parametrize(("language", "line"), FOR_FEW)
async def test_what_is_for_a_team_or_a_surprise_stays_and_is_asked_about(
    tmp_path: Path, language: str, line: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    asked = {"es": "no solo quienes dices", "pt": "não só quem você disse", "en": "not only who"}
    await talk.tells("bea", line)
    await talk.hears(asked[language])
    await talk.tells("bea", {"es": "no", "pt": "não", "en": "no"}[language])
    await talk.said()
    await talk.says("bea", f"!{line}")
    posts = await talk.sent()
    assert [post.kind for post in posts if post.kind == "redact"] == []
    assert any(post.room == ROOM and asked[language] in post.plain for post in posts)
    await talk.says("bea", {"es": "sí", "pt": "sim", "en": "yes"}[language])
    assert any(post.room == ROOM and " 1" in post.plain for post in await talk.sent())
    await talk.close()
