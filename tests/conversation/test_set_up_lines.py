"""Lines with which a moderator sets a room up by chat, beside lines about a day of shared work."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

TEMPLATE, MODERATION, RULES = "imágenes: no → sí", "`!dar-moderación @bea", "acepten las reglas"


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "minga configura la sala", "Los ajustes de esta sala"),
        ("es", "Minga, que cosas tienes prendidas en esta sala", "Los ajustes de esta sala"),
        ("es", "Minga, que sea para asamblea", TEMPLATE),
        ("es", "minga configurar plantilla asamblea", TEMPLATE),
        ("es", "minga pon de bienvenida: hola compa, presentate cuando puedas", "hola compa"),
        ("es", "minga bienvenida cambiar hola compa", "hola compa"),
        ("es", "minga las reglas son nos cuidamos, no se toman fotos", RULES),
        ("es", "minga que bea tambien modere", MODERATION),
        ("es", "Minga, haz moderadora a bea", MODERATION),
        ("es", "minga quien modera aqui", "Todo lo decide"),
        ("es", "minga permisos", "puedo hacer todo lo que necesito"),
        ("es", "Minga encuesta ¿cuando? miercoles, jueves", "2 jueves"),
        ("es", "minga encuesta cuando podemos: miercoles / jueves", "Ejemplo: `!encuesta"),
        ("es", "Minga, crea una sala nueva para comunicaciones y mete a bea", "`!ayuda`"),
        ("es", "Minga, quien entro esta semana", "`!ayuda`"),
        ("es", "Minga, acaba de llegar carla dale la bienvenida", "`!bienvenida cambiar`"),
        ("pt", "minga configura a sala", "As configurações desta sala"),
        ("pt", "minga permissões", "posso fazer tudo de que preciso"),
        ("pt", "minga, que a bea também modere", "`!dar-moderação @bea"),
        ("pt", "Minga, as regras são a gente se cuida, sem fotos", "aceitem as regras"),
        ("pt", "Minga, coloca de boas-vindas: oi, se apresenta", "oi, se apresenta"),
        ("pt", "minga enquete quando? quarta, quinta", "2 quinta"),
        ("en", "minga set up this room", "What this room has set"),
        ("en", "minga config template assembly", "pictures: no → yes"),
        ("en", "minga let bea moderate too", "`!make-moderator @bea"),
        ("en", "Minga, the rules are we take care of each other", "accept the new rules"),
        ("en", "minga set the welcome to hi friend", "hi friend"),
        ("en", "Minga poll when? wednesday, thursday", "2 thursday"),
    ],
)
async def test_a_moderator_sets_the_room_up_by_its_name(
    talk: Talk, language: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    assert heard in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("language", "line", "example"),
    [
        ("es", "minga saca a dora", "`expulsar @bea"),
        ("pt", "minga tira a dora da sala", "`expulsar @bea"),
        ("en", "minga take dora out of the room", "`remove @bea"),
    ],
)
async def test_who_is_to_be_taken_out_is_asked_in_private(
    talk: Talk, language: str, line: str, example: str
) -> None:
    await talk.set("language", language)
    await talk.says("ana", line)
    assert any(example in said.plain for said in await talk.sent())


@pytest.mark.parametrize(
    "line",
    [
        "minga que bea tambien modere",
        "minga saca a dora",
        "minga las reglas son las de siempre, traigan sombrero",
        "minga pon de bienvenida: un canto",
        "minga que sea para asamblea",
    ],
)
async def test_without_a_comma_only_a_moderator_sets_up(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == []


@pytest.mark.parametrize("who", ["ana", "bea"])
@pytest.mark.parametrize(
    "line",
    [
        "minga el sábado en la cancha",
        "minga encuesta de salud en la vereda el lunes",
        "minga encuesta? no, el lunes",
        "minga consulta médica: pediatría, odontología",
        "minga permisos pendientes de la alcaldía",
        "minga reglas de la cancha: no perros",
        "minga las reglas son de todas",
        "minga bienvenida a las nuevas familias el sábado",
        "minga saca a la gente de la casa",
        "minga quien modera la mesa el sabado",
        "minga quien trae palas",
        "minga crea comunidad",
        "minga configurada por todas",
        "minga que bueno",
        "Minga, el domingo en la huerta, traigan botas",
        "Minga, viernes: limpiar el canal",
        "Minga, 9 am, cancha",
        "Minga, a las 9 en la cancha",
        "Minga, qué linda estuvo",
        "minga poll of neighbours on monday",
        "minga event at the river",
        "minga lista de presença no portão",
        "Minga, amanhã na praça, levem água",
        "mañana hay minga, quien lleva agua",
    ],
)
async def test_what_neighbours_say_of_a_minga_is_left_alone(
    talk: Talk, who: str, line: str
) -> None:
    await talk.says(who, line)
    assert await talk.sent() == []
