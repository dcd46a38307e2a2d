"""What people type in trouble finds the door; what they type every day does not."""

from __future__ import annotations

import os
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot import distress
from bot.capability.feature import Feature
from bot.distress import call_answers, vocabulary
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME, Talk
from bot.types import Media, Trust
from tests.conversation.distress_lines import (
    DOUBTFUL,
    FRIGHTENED,
    NOT_YET,
    Typed,
    door_of,
    ordinary,
    trouble,
)

LANGUAGES = ("es", "pt", "en")
EVERY = os.environ.get("MINGA_FULL") == "1"
ANYTHING = ("No entendí", "Não entendi", "I didn't understand")
"""What nobody understands in private names both doors: no alarm, where it was no trouble."""


def some(lines: list[Typed]) -> list[Typed]:
    """Every third line, others on each run; all of them in `make storm`."""
    chosen = random.Random(START_TIME.at.isoformat())  # noqa: S311 - no secret
    return lines if EVERY else chosen.sample(lines, len(lines) // 3)


async def answered(talk: Talk, one: Typed) -> tuple[str, str, list[str]]:
    """The door of the first line that Bea hears in private, what the room hears, what is done."""
    own = await talk.private("bea")
    if one.private:
        await talk.tells("bea", one.line)
    else:
        await talk.says("bea", one.line)
    posts = await talk.sent()
    told = [post.plain for post in posts if post.room == own and post.kind == "m.room.message"]
    heard = [post.plain for post in posts if post.room == ROOM and post.kind == "m.room.message"]
    done = [post.kind for post in posts if post.kind != "m.room.message"]
    door = (
        "" if told and one.ordinary and told[0].startswith(ANYTHING) else door_of("".join(told[:1]))
    )
    return door, "\n".join(heard), done


async def walked(folder: Path, lines: list[Typed]) -> list[tuple[Typed, str, str, list[str]]]:
    """Each line as the first that Bea says, in a network that speaks its language."""
    found = []
    for language in LANGUAGES:
        talk = await Talk.start(folder / f"{language}.db", features(), language=language)
        for one in lines:
            if one.language == language:
                found.append((one, *await answered(talk, one)))
                await talk.tells("bea", "cancelar")
                await talk.tells("bea", "panico cancelar")
                await talk.sent()
        await talk.close()
    return found


@pytest.mark.parametrize("half", ["seen", "held", "later", "oblique", "fresh"])
async def test_every_line_typed_in_trouble_finds_its_door(tmp_path: Path, half: str) -> None:
    lines = [one for one in trouble() if one.half == half]
    assert lines
    wrong = [
        (one.door, door, one.place, one.line)
        for one, door, _heard, _done in await walked(tmp_path, some(lines))
        if door != one.door
    ]
    assert wrong == []


async def test_in_a_room_nothing_of_it_is_said_aloud(tmp_path: Path) -> None:
    """What was said to the bot is taken away; a call to the people of the room stays theirs."""
    lines = [one for one in trouble() if not one.private]
    for one, _door, heard, done in await walked(tmp_path, some(lines)):
        assert heard == "", one
        called = one.spoken and one.door == "danger"
        assert done == ([] if called else ["redact"]), one


async def test_ordinary_lines_find_no_door(tmp_path: Path) -> None:
    lines = ordinary()
    assert len(lines) >= 120
    taken = [(one.line, door) for one, door, *_rest in await walked(tmp_path, some(lines)) if door]
    assert taken == []


# --- the doors ------------------------------------------------------------------------------------

ALARM = "está en peligro y pide ayuda"


async def test_nobody_is_called_before_a_yes_and_then_with_what_was_written(talk: Talk) -> None:
    said = await talk.answer("bea", "!me están siguiendo", room=ROOM)
    assert said.startswith("¿Aviso ya a tu gente") and ALARM not in said
    await talk.tells("bea", "estoy en la calle 5")
    await talk.hears("Todavía no avisé a nadie. ¿Aviso, con todo lo que escribiste aquí?")
    await talk.tells("bea", "sí por favor avisa")
    posts = [post.plain for post in await talk.said()]
    written = "“me están siguiendo estoy en la calle 5”"
    assert any(ALARM in text and written in text for text in posts)


async def test_a_second_cry_before_the_yes_does_not_lose_the_first(talk: Talk) -> None:
    for line in ("me están siguiendo", "calle 5", "hay un hombre armado"):
        await talk.tells("bea", line)
    await talk.sent()
    written = "“me están siguiendo calle 5 hay un hombre armado”"
    assert written in await said_privately(talk, "sí")


@pytest.mark.parametrize("line", ["no", "¡Estoy bien! no", "si vuelve me mata"])
async def test_what_is_no_yes_calls_nobody(talk: Talk, line: str) -> None:
    await talk.tells("bea", "tengo miedo")
    await talk.sent()
    assert ALARM not in await said_privately(talk, line)


CALLING = {
    "es": "si, avisa, estoy en mitre al 400|sí tiene un cuchillo|sí, no puedo hablar"
    "|si estoy en la plaza|avisa|avisales|llamalas|avisa a mi gente|sii|hazlo"
    "|si, si estoy en mitre 5|sí sí en la calle 5|sí, vengan ya|sí me espera afuera"
    "|sí ya no aguanto|sí pero rápido|sí es capaz de todo|sí me sigue desde esta mañana"
    "|sí, hace media hora que me sigue|sí, antes de que vuelva"
    "|sí, me está esperando afuera|sí se metió en casa|sí, primero de mayo 40",
    "pt": "sim, tô na rua mitre|sim, estou no mercado|sim, ele tá no portão|avisa sim|avisa elas"
    "|liga pra elas|chama alguém|sim, vem para a rua 5|sim, to na parada da rua 9"
    "|sim, chega aqui na rua 5|sim, ele não me deixa sair",
    "en": "yes im on mitre st|yes he is at the door|yes he wont let me out|yes hurry|do it"
    "|call them|call somebody|YES CALL THEM NOW|yes at 5 main street"
    "|yes im at the bus stop|yes he wont stop hitting me|yes a man is after me"
    "|yes come at once",
}
DECLINING = (
    "falsa alarma|no ya se fue|no, ya se fueron|no hace falta|no avises|alarme falso|não precisa"
    "|não, ele já foi embora|false alarm|no he left|no need|don't call anyone"
)
NEITHER = (
    "si vuelve me mata|no se fue|não foi embora|no he hasn't left|no estoy bien|avísame|call ana"
    "|llama a la policia|no llames a la policia|si, pero todavía no|sim, mas não avisa"
    "|yes but don't call ana|yes, im fine|solo a ana|sim só a ana|find ana|announce it"
)


def test_a_yes_that_puts_the_call_off_is_asked_again() -> None:
    for line in "|".join((*NOT_YET.values(), DOUBTFUL)).split("|"):
        assert call_answers.read_answer(line) is None and not call_answers.tells_more(line), line


@pytest.mark.parametrize("line", ["sí cancela", "yes after he leaves", "sim, se ele voltar"])
async def test_a_yes_that_is_put_off_calls_nobody_before_a_bare_one(talk: Talk, line: str) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    assert ALARM not in await said_privately(talk, line)
    assert ALARM in await said_privately(talk, "sí")


def test_an_answer_to_the_call_is_read_with_what_it_tells_besides() -> None:
    for line in "|".join((*CALLING.values(), FRIGHTENED)).split("|"):
        assert call_answers.read_answer(line) == "yes", line
    for line in DECLINING.split("|"):
        assert call_answers.read_answer(line) == "no", line
    for line in NEITHER.split("|"):
        assert call_answers.read_answer(line) is None, line


@pytest.mark.parametrize(
    "line", ["si, avisa, estoy en mitre al 400", "sim, tô na rua mitre", "yes im on mitre st"]
)
async def test_a_yes_with_the_place_calls_and_passes_it_on(talk: Talk, line: str) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    said = await said_privately(talk, line)
    assert ALARM in said and f"“me están siguiendo {line}”" in said


async def test_a_false_alarm_before_the_yes_is_a_no(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    said = await said_privately(talk, "no ya se fue")
    assert "No avisé a nadie" in said and "escribe `pánico`" in said
    assert ALARM not in await said_privately(talk, "sí")


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        *((line, "") for line in ("call ana", "where is everyone", "find ana", "announce it")),
        *((line, "") for line in ("avísale a ana", "encuesta", "necesito sillas", "!recordar")),
        *((line, "") for line in ("!salir", "!avisar hola")),
        ("!estado", "Aquí estoy"),
        ("estado", "Aquí estoy"),
        ("idioma es", "en español"),
    ],
)
async def test_no_command_loses_the_yes_to_a_call(talk: Talk, line: str, heard: str) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    said = await said_privately(talk, line)
    assert heard in said and "odavía no avisé a nadie. ¿Aviso" in said and ALARM not in said
    assert ALARM in await said_privately(talk, "sí")


async def said_privately(talk: Talk, line: str) -> str:
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


async def test_who_says_more_of_it_in_the_room_is_not_asked_each_time(talk: Talk) -> None:
    assert "¿Aviso ya a tu gente?" in await talk.answer("bea", "nos están desalojando")
    assert await talk.answer("bea", "nos están desalojando vengan") == ""
    assert await talk.answer("bea", "auxilio") == ""


async def test_of_what_was_said_to_the_room_nothing_is_kept(talk: Talk) -> None:
    await talk.says("bea", "nos están desalojando vengan")
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        kept = [str(tuple(row)) for row in await tx.all("SELECT * FROM question")]
    assert len(kept) == 1 and "desaloj" not in kept[0]
    assert ALARM in await said_privately(talk, "sí")


async def test_what_follows_a_call_is_passed_on_and_not_asked_about(talk: Talk) -> None:
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    assert "escribe dónde estás" in "\n".join(post.plain for post in await talk.said())
    said = await said_privately(talk, "me siguen dos")
    assert "“me siguen dos”" in said and "¿Aviso ya" not in said


async def test_what_comes_with_a_call_is_passed_on_before_its_question(talk: Talk) -> None:
    """On a bad connection both lines arrive at once."""
    await talk.tells("bea", "panico")
    await talk.sent()
    for line in ("estoy en la plaza", "me siguen dos", "ya", "no"):
        said = await said_privately(talk, line)
        assert f"“{line}”" in said and "se lo pasé" in said, line
    assert "Ayuda" not in await said_privately(talk, "ayuda")
    assert "“!ayuda" not in await said_privately(talk, "!ayuda")


async def test_a_yes_tells_an_incident(talk: Talk) -> None:
    said = await said_privately(talk, "un compañero me manoseó")
    assert said.startswith("¿Paso lo que escribiste como incidente?")
    assert "incidente 1" in await said_privately(talk, "sí")


@pytest.mark.parametrize("noun", ["denuncia", "denúncia", "queja", "reporte", "complaint"])
async def test_a_complaint_is_an_incident_and_leaves_the_room(talk: Talk, noun: str) -> None:
    await talk.says("bea", f"!{noun} fulano me acosó")
    posts = await talk.sent()
    assert [post.room for post in posts if post.kind == "redact"] == [ROOM]
    assert not [post for post in posts if post.room == ROOM and post.kind == "m.room.message"]
    assert any("incidente 1" in post.plain.lower() for post in posts)


@pytest.mark.parametrize("line", ["necesito ayuda", "preciso de ajuda", "i need help", "ayúdame"])
async def test_who_needs_help_hears_of_danger_and_care_first(talk: Talk, line: str) -> None:
    first, second, *rest = (await said_privately(talk, line)).splitlines()
    assert "`pánico`" in first and "`incidente`" in second
    assert len(rest) == 2 and "`ayuda`" in rest[1]


@pytest.mark.parametrize(
    "line",
    ["necesito ayuda para mover sillas el sábado", "preciso de ajuda para carregar cadeiras"],
)
async def test_help_that_is_needed_for_something_is_a_need(talk: Talk, line: str) -> None:
    assert "Pedido 1" in await talk.answer("bea", f"!{line}")
    assert "¿Publico en la sala" in await said_privately(talk, f"{line} 2")


async def test_an_emergency_is_no_setting(talk: Talk) -> None:
    for word in ("emergencia", "emergência", "emergency"):
        assert (await said_privately(talk, word)).startswith("¿Aviso ya a tu gente")
        await talk.tells("bea", "no")
        await talk.sent()


@pytest.mark.parametrize("voice", [True, False])
async def test_a_voice_message_hears_first_what_to_do_in_danger(talk: Talk, voice: bool) -> None:
    sound = Media("mxc://test/a", "voice.ogg", "audio/ogg", 9, None)
    await talk.tells("bea", "Voice message" if voice else "", media=sound, voice=voice)
    (post,) = await talk.said()
    assert post.plain.startswith("Si hay peligro: escribe `pánico`")


async def test_from_a_device_that_does_not_count_it_is_said_whom_to_call(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo", trust=Trust.UNSIGNED)
    first = (await talk.said())[0].plain
    assert first.startswith("Si hay peligro: llama a alguien de confianza")


@pytest.mark.parametrize("line", ["!incidente Bea me pegó", "Minga, mi ex me está siguiendo"])
async def test_what_is_told_from_such_a_device_does_not_stay_in_the_room(
    talk: Talk, line: str
) -> None:
    for _again in range(2):  # how to confirm it is said once in ten minutes, this each time
        await talk.says("carla", line, trust=Trust.UNSIGNED, mentions=["minga"])
        posts = await talk.sent()
        assert [post.room for post in posts if post.kind == "redact"] == [ROOM]
        assert "Borré tu mensaje de la sala" in posts[0].plain
    await talk.says("carla", "!estado", trust=Trust.UNSIGNED)
    await talk.says("carla", "me están siguiendo", trust=Trust.UNSIGNED)  # said to the room
    assert "redact" not in {post.kind for post in await talk.sent()}


@pytest.mark.parametrize(
    ("gone", "danger", "care"),
    [
        ("danger", "Llama ya a alguien", "`incidente`"),
        ("care", "`pánico`", "Escribe a la moderación"),
        ("help", "`pánico`", "`incidente`"),
        ("exchange", "`pánico`", "`incidente`"),
    ],
)
async def test_the_doors_stand_without_any_one_capability(
    tmp_path: Path, gone: str, danger: str, care: str
) -> None:
    left: list[Feature] = []
    out = {gone}
    for feature in features():  # each comes after those that it needs
        if feature.name in out or out.intersection(feature.needs):
            out.add(feature.name)
        else:
            left.append(feature)
    talk = await Talk.start(tmp_path / "left.db", left)
    assert danger in (await said_privately(talk, "me están siguiendo")).partition("\n")[0]
    await talk.tells("bea", "cancelar")
    await talk.sent()
    assert care in (await said_privately(talk, "me acosaron")).partition("\n")[0]
    assert await said_privately(talk, "necesito ayuda") != ""
    await talk.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ayuda panico", "`pánico`: estás en peligro"),
        ("ayuda incidente", "`incidente`: "),
        ("ayuda panico me siguen", "¿Aviso ya a tu gente"),
        ("no puedo salir de mi casa", "¿Aviso ya a tu gente"),
    ],
)
async def test_help_on_a_word_is_help_and_a_call_a_call(talk: Talk, line: str, said: str) -> None:
    assert (await said_privately(talk, line)).startswith(said)


async def test_a_yes_that_comes_too_late_hears_what_can_be_written(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.wait(timedelta(hours=3))
    await talk.sent()
    said = await said_privately(talk, "sí")
    assert "escribe `pánico`" in said and ALARM not in said


def test_the_vocabulary_that_is_compiled_at_the_start_is_all_of_it() -> None:
    code = Path(distress.__file__).read_text("utf-8")
    assert set(re.findall(r'"([A-Z]{3,})"', code)) == set(vocabulary.TABLES)
    vocabulary.prepare()
    before = vocabulary.pattern.cache_info().misses
    for one in [*trouble(), *ordinary()][:200]:
        distress.find_help_kind(one.line)
        distress.find_spoken_call(one.line)
        distress.reads_as_call(one.line, "recordar")
    assert vocabulary.pattern.cache_info().misses == before


@pytest.mark.parametrize("word", ["pnico", "panco", "panicoo", "paniko"])
async def test_a_misspelt_cry_in_private_is_asked_whether_to_call(talk: Talk, word: str) -> None:
    assert "¿Aviso ya a tu gente" in await said_privately(talk, word)


async def test_of_many_lines_before_the_yes_the_newest_are_kept(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo")
    for _ in range(30):
        await talk.tells("bea", "por favor contesta, no sé qué hacer")
    await talk.tells("bea", "calle 5 con juárez")
    await talk.sent()
    assert "calle 5 con juárez”" in await said_privately(talk, "sí")
