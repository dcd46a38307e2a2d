"""A yes, a no and a second thought as they are typed on a phone, and talk that is none of them."""

from __future__ import annotations

import pytest

from bot.text.spoken_answers import begins_with_no, is_no, is_second_thought, is_yes

ASKED = "cancel 1"
NO = ("no no", "no, mejor no", "mejor no", "nooo", "melhor não", "não não", "nah", "nop")
TAKES_BACK = (
    *("no wait dont", "no espera", "espera", "esperá", "espérate", "wait", "wait no", "hold on"),
    *("no dont", "dont", "don't cancel it", "don’t cancel it", "no la canceles", "não cancela"),
    *("no, no la canceles", "não, espera", "peraí", "pera", "pera aí", "calma", "nevermind"),
    *("never mind", "no gracias", "no, dejalo así", "deixa", "deixa pra lá", "déjalo", "not yet"),
    *("un momento", "todavía no", "ainda não", "no todavía no", "no, me equivoqué", "no perdón"),
    *("ay no", "uy no espera", "oh no wait", "no ese no, el otro", "no, es otra cosa"),
    *("no, era la otra", "no, not that one", "espera espera"),
)
TALK = (
    *("no puedo ir", "no sé", "no vino nadie todavía", "espera carla ya llega", "no hay luz acá"),
    *("wait for me at the corner", "no problem bea", "não tem problema", "no te preocupes"),
    *("no worries", "espérame en la esquina", "no, ella vive en la otra cuadra", "no voy"),
    *("no bea, yo llevo el pan", "espero que vengan", "wait, who is bringing snacks?", "¿no?"),
    *("no?", "no creo", "no todavía no llegó", "para el sábado", "para mi", "no la traigas"),
    *("dont forget the snacks", "calma gente", "esperen que llego"),
)
TOLD_BOT = (
    *("no, lo que quiero es ver mis cosas", "no, mejor el jueves", "no quiero cancelar eso"),
    *("no, ese no es", "espera un rato que reviso", "wait let me check first", "não é isso"),
    *("não, quero outra coisa", "no thanks, leave it as it is", "no era eso"),
)
UNSURE = (
    *("no sé", "no entiendo", "no entendí", "no te entiendo", "não entendi", "não sei", "wait?"),
    *("i don't understand", "no puedo hablar", "no me acuerdo", "no puedo salir", "noche"),
)
YES = (
    *("si dale", "sí, dale", "dale si", "yep go ahead", "yes do it", "sim pode", "pode sim"),
    *("sí sí", "sii", "yeah", "yep", "yes yes", "si cancelala", "sí, cancélala", "ok dale"),
    *("yes, cancel it", "sim, cancela", "si hazlo", "dale dale", "sim sim", "claro que sí"),
    *("si, adelante", "sim, pode cancelar", "pode cancelar sim"),
)
NO_YES = (
    *("si quiere", "si puedo voy", "si llueve no", "dale, gracias", "ok gracias", "yes?"),
    *("sim, eu levo o bolo", "yes I'm bringing the snacks", "si yo tambien", "si publicala"),
    *("sí pero mañana", "si dale el jueves", "dale nos vemos", "si ya casi llego", "yes maybe"),
    *("sure, thanks", "bueno", "por supuesto", "si la cancelan aviso", "pode publicar sim"),
)


@pytest.mark.parametrize("line", NO)
def test_a_no_may_be_said_twice(line: str) -> None:
    assert is_no(line) and is_second_thought(line, ASKED) and begins_with_no(line)


@pytest.mark.parametrize("line", TAKES_BACK)
def test_a_second_thought_takes_back(line: str) -> None:
    assert (
        is_second_thought(line, ASKED) and not is_no(line) and not is_yes(line, ASKED, to_bot=True)
    )


@pytest.mark.parametrize("line", [*TALK, *YES, *NO_YES, *UNSURE])
def test_what_may_be_said_to_others_takes_nothing_back(line: str) -> None:
    assert not is_second_thought(line, ASKED)


@pytest.mark.parametrize("line", [*NO, *TOLD_BOT, "no, es otra cosa", "no gracias", "espera"])
def test_to_the_bot_a_no_may_be_followed_by_anything(line: str) -> None:
    assert begins_with_no(line)


@pytest.mark.parametrize("line", [*UNSURE, *YES, *NO_YES])
def test_who_does_not_know_says_no_no(line: str) -> None:
    assert not begins_with_no(line)


@pytest.mark.parametrize("line", YES)
def test_a_yes_may_go_on_and_name_what_is_asked_about(line: str) -> None:
    assert is_yes(line, ASKED, to_bot=True)


@pytest.mark.parametrize("line", [*NO_YES, *NO, *TAKES_BACK, *TALK])
def test_a_condition_or_a_courtesy_is_no_yes(line: str) -> None:
    assert not is_yes(line, ASKED, to_bot=True)


def test_who_is_asked_about_a_poll_opens_it() -> None:
    assert is_yes("pode abrir sim", "enquete hoje, amanhã", to_bot=False)
    assert not is_yes("pode abrir sim", ASKED, to_bot=True)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("sí, mañana", "!anuncio a todas: mañana no hay agua"),
        ("yes, tomorrow", "!announce to all: no water tomorrow"),
        ("si, sábado", "cancela el asado del sábado"),
        ("ok, para", "!anuncio para todas: no hay agua"),
        ("sí, para", "!anuncio para todas: no hay agua"),
        ("ok, cancela", "!anuncio cancelamos la charla"),
        ("sí, espera", "espera 3"),
    ],
)
def test_a_yes_names_what_is_to_be_done_and_no_other_word_of_the_line(
    line: str, asked: str
) -> None:
    assert not is_yes(line, asked, to_bot=True)


@pytest.mark.parametrize("line", ["ok dale", "claro, dale", "ok, isso", "dale dale"])
def test_what_people_say_to_each_other_is_a_yes_only_to_the_bot(line: str) -> None:
    assert is_yes(line, "cancela el asado", to_bot=True)
    assert not is_yes(line, "cancela el asado", to_bot=False)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("si dale", "cancela el asado"),
        ("si cancelala", "Minga, por favor cancela el asado"),
        ("yep go ahead", "can you cancel the phone bank"),
        ("sim pode", "apaga a roda"),
    ],
)
def test_a_plain_yes_that_goes_on_counts_in_the_room(line: str, asked: str) -> None:
    assert is_yes(line, asked, to_bot=False)
