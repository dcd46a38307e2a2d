"""What is about the bot and its polls is no distress, although the words are the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import distress
from bot.distress import HelpKind, about_bot
from bot.testing.talk import ROOM, Talk

ASKED = "¿Aviso ya a tu gente"

# --- who sees a vote ------------------------------------------------------------------------------

BALLOT = (
    "quiero preguntar al grupo si publicamos hoy o mañana, pero sin que nadie vea quien voto que"
    "|quiero que nadie vea mi voto|quero que ninguém veja meu voto|no quiero que se sepa que voto"
    "|quero perguntar ao grupo se publicamos a matéria hoje ou amanhã, mas sem que ninguém veja"
    " quem votou em quê|que nadie sepa como votamos|quiero que nadie vea quien vota por quien"
    "|I want to ask the group if we publish today, but nobody should see who voted what"
    "|I want nobody to know how I voted|quero que ninguém saiba como eu votei"
)
HARM = (
    "me obligaron a votar por diego, que nadie se entere|que nadie vea mi voto, diego me obliga"
    "|no quiero que mi ex sepa como vote|que nadie sepa que me amenazan por mi voto"
    "|quiero que nadie vea mi voto, y que nadie sepa lo que me hizo diego"
    "|ele me bateu por causa da enquete, que ninguém saiba como votei"
    "|nobody should see my vote, he will kill me|me siguen desde la votacion, que nadie lo sepa"
    "|quiero denunciar que compraron votos, que nadie sepa como vote"
    "|necesito contarte algo de la votacion pero que nadie sepa"
)


@pytest.mark.parametrize("line", BALLOT.split("|"))
def test_a_vote_that_nobody_sees_is_a_secret_poll(line: str) -> None:
    assert about_bot.asks_secret_ballot(line)
    assert distress.find_help_kind(line) is None


@pytest.mark.parametrize("line", HARM.split("|"))
def test_harm_about_a_vote_is_none(line: str) -> None:
    assert not about_bot.asks_secret_ballot(line)
    assert distress.asks_secrecy(line) or distress.find_help_kind(line) or distress.accuses(line)


@pytest.mark.parametrize("line", ["quiero ver quien voto", "who voted what", "sabes como votar"])
def test_whoever_wants_to_see_votes_hides_none(line: str) -> None:
    assert not about_bot.asks_secret_ballot(line)


@pytest.mark.parametrize("line", BALLOT.split("|")[:5])
async def test_the_room_keeps_the_wish_and_reads_how(talk: Talk, line: str) -> None:
    await talk.says("bea", f"Minga, {line}", mentions=["minga"])
    posts = await talk.sent()
    assert {(post.kind, post.room) for post in posts} == {("m.room.message", ROOM)}
    assert "secreta hasta mañana" in posts[0].plain and "incidente" not in posts[0].plain


async def test_a_wish_that_names_who_must_not_see_it_is_taken_away(talk: Talk) -> None:
    await talk.says("bea", "Minga, no quiero que ana sepa lo que vote", mentions=["minga"])
    posts = await talk.sent()
    assert [post.kind for post in posts if post.room == ROOM] == ["redact"]
    assert any("secreta hasta mañana" in post.plain for post in posts if post.room != ROOM)


# --- quiet at night -------------------------------------------------------------------------------

QUIET = (
    "que no moleste de noche|no molestes de noche|no molesten con avisos de noche"
    "|no me molestes despues de las 10|por favor no nos molestes de noche|não incomode à noite"
    "|deja de mandar avisos de noche|não mande avisos de madrugada|don't bother us at night"
    "|no messages at night please|don't disturb us after 10pm|no molestes de 10 de la noche a 7"
)
BOTHERED = (
    "quiero que mi vecino no me moleste de noche|quiero que diego no me moleste mas"
    "|que no me moleste de noche|que no me moleste nadie de noche, diego me toca|no molestes"
    "|diego no deja de molestarme de noche|hay un tipo que me molesta de noche"
    "|para de mandarme mensajes de noche|no me molestes diego|diego molests me at night"
    "|no me molestes de noche diego, me tocaste|me molesta mucho de noche"
)


@pytest.mark.parametrize("line", QUIET.split("|"))
async def test_a_wish_for_quiet_at_night_stays_and_reads_the_hours(talk: Talk, line: str) -> None:
    assert distress.find_help_kind(line) is None
    await talk.says("bea", f"Minga, {line}", mentions=["minga"])
    posts = await talk.sent()
    assert {(post.kind, post.room) for post in posts} == {("m.room.message", ROOM)}
    assert "De 22:00 a 07:00" in posts[0].plain


async def test_the_hours_of_a_wish_are_set(talk: Talk) -> None:
    await talk.tells("bea", "no mandes recordatorios de 9 de la noche a 6:30 de la mañana")
    await talk.hears("De 21:00 a 06:30 en tu reloj")
    assert "De 22:00 a 05:00" in await talk.answer("bea", "!descanso 10pm-5am", room=ROOM)


@pytest.mark.parametrize("line", BOTHERED.split("|"))
def test_whoever_is_bothered_by_somebody_is_heard(line: str) -> None:
    assert distress.find_help_kind(line) is HelpKind.CARE


# --- how the bot is used --------------------------------------------------------------------------

QUESTION = (
    "socorro não entendi nada, me ajuda com as enquetes|socorro como voto"
    "|socorro, não consigo votar"
    "|socorro, preciso de ajuda para fazer uma enquete|socorro me ajuda com os comandos"
    "|auxilio no entiendo nada de las encuestas|auxilio!! no se como votar"
    "|auxilio como uso el bot|socorro como funciona o bot|auxilio no entiendo este bot"
    "|socorro me ajuda com o bot|auxilio bot no se como votar|socorro, how do i use the bot"
)
RINGS = (
    "socorro|auxilio|socorro me ajuda|socorro não sei o que fazer|auxilio vengan a la votacion"
    "|socorro, estou na votação e tem um homem armado|auxilio no puedo salir de la asamblea"
    "|socorro me ajuda estão me seguindo desde a enquete|auxilio en la votacion|socorro a votação"
    "|auxilio no entiendo la encuesta y me sigue un hombre|socorro não consigo abrir"
    "|auxilio no puedo votar, me pegan|socorro não entendi, ele está aqui|pánico"
    "|auxilio no sé cómo me robó|socorro como saio da votação|auxilio no sé cómo salir"
    "|panic i don't understand the polls"
    "|auxilio bot no puedo|auxilio bot ayudame por favor no puedo|socorro bot nao consigo"
    "|auxilio bot no puedo hacer nada|socorro, no puedo con esto bot|socorro robot não sei"
    "|auxilio no puedo bot ayuda|socorro bot não entendo nada|!auxilio bot no puedo"
    "|!socorro como voto|!auxilio no se como votar|!socorro, how do i use the bot"
)


@pytest.mark.parametrize("line", QUESTION.split("|"))
async def test_a_cry_about_polls_is_asked_back_and_reads_how(talk: Talk, line: str) -> None:
    own = await talk.private("bea")
    await talk.tells("bea", line)
    posts = await talk.sent()
    assert {post.room for post in posts} == {own}
    said = "".join(post.plain for post in posts)
    assert said.startswith(ASKED) and "`ayuda encuestas`" in said
    await talk.tells("bea", "sí")
    assert any("pide ayuda" in post.plain for post in await talk.said())


@pytest.mark.parametrize("line", RINGS.split("|"))
async def test_whatever_else_a_cry_tells_rings_at_once(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    posts = [post.plain for post in await talk.said()]
    assert any("pide ayuda" in text for text in posts)
    assert "`pánico ya pasó`" in posts[0]


@pytest.mark.parametrize(
    "line",
    ["obrigada, era só isso", "gracias, era solo eso", "eso era todo, gracias", "that was all"],
)
async def test_that_was_all_reads_how_a_call_ends_and_ends_none(talk: Talk, line: str) -> None:
    await talk.tells("bea", "auxilio")
    await talk.wait(timedelta(seconds=5))
    await talk.sent()
    await talk.tells("bea", line)
    await talk.wait(timedelta(seconds=5))
    posts = [post.plain for post in await talk.said()]
    assert any("Tu aviso sigue" in text and "`pánico ya pasó`" in text for text in posts)


@pytest.mark.parametrize(
    "line",
    ["no era eso", "não era só isso", "era só isso que faltava", "eso era todo lo que tenia"],
)
def test_what_only_begins_so_is_not_over(line: str) -> None:
    assert not distress.sounds_over(line)
