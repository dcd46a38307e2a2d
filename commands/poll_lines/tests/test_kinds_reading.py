"""What people type as a vote, in three languages, kind by kind."""

from __future__ import annotations

import pytest

from bot.api import UserError
from bot.testing.growth import grows_evenly
from bot.testing.step_count import count_steps
from commands.decision_rules import tokens
from commands.decision_rules.ballots import BLANK, Ballot, PollQuestion, format_ballot, parse_ballot
from commands.decision_rules.kinds import KINDS, find_kind
from commands.decision_rules.kinds.stances import Stance
from commands.poll_lines import reasons, split_votes

PLACES = ("Norte", "Sur", "Este")


def asked(kind: str, text: str, **more: object) -> Ballot | None:
    question = PollQuestion(**{"number": 57, "labels": PLACES, **more})  # type: ignore[arg-type]
    return KINDS[kind].read(text, question)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("2", "2:1"),
        ("norte", "1:1"),
        ("  NORTE! ", "1:1"),
        ("opción 3", "3:1"),
        ("opcao 3", "3:1"),
        ("0", ""),
        ("ninguna", ""),
        ("nenhuma", ""),
        ("retiro mi voto", ""),
        ("retiro meu voto", ""),
    ],
)
def test_a_choice(text: str, places: str) -> None:
    assert asked("choice", text) == parse_ballot(places)


@pytest.mark.parametrize(
    ("text", "places"), [("2 3", "2:1 3:1"), ("3 y 1", "1:1 3:1"), ("Norte, Sur", "1:1 2:1")]
)
def test_several_choices(text: str, places: str) -> None:
    assert asked("choice", text, most=2) == parse_ballot(places)


@pytest.mark.parametrize("text", ["hola", "el norte es frío", "yo no sé", "¿quién va?", ""])
@pytest.mark.parametrize("kind", list(KINDS))
def test_talk_is_no_vote(kind: str, text: str) -> None:
    assert asked(kind, text) is None


STANCES = {
    Stance.FOR: [
        "a favor",
        "A FAVOR",
        "voto a favor",
        "Voto a favor.",
        "mi voto es a favor",
        "sí",
        "si",
        "sim",
        "yes",
        "for",
        "de acuerdo",
        "estoy de acuerdo",
        "concordo",
        "I agree",
        "agree",
        "meu voto é a favor",
        "my vote is for",
        "voto por el sí",
        "voto sim",
        "👍",
        "+1",
        "1",
        "sí, de acuerdo",
        "a favor, gracias",
        "opción 1",
        "👍🏽",
        "Sou a favor",
        "in favour",
    ],
    Stance.AGAINST: [
        "en contra",
        "EN CONTRA",
        "contra",
        "voto en contra",
        "voto contra",
        "against",
        "no",
        "não",
        "nao",
        "no estoy de acuerdo",
        "não concordo",
        "discordo",
        "disagree",
        "mi voto es no",
        "I am against",
        "2",
        "estoy en contra",
        "me opongo",
        "👎",
    ],
    Stance.ABSTAIN: [
        "abstención",
        "abstencion",
        "abstenção",
        "ABSTENCAO",
        "abstain",
        "me abstengo",
        "me abstenho",
        "abst",
        "voto en blanco",
        "em branco",
        "3",
        "yo me abstengo",
    ],
    Stance.ASIDE: [
        "me aparto",
        "Me aparto",
        "fico à parte",
        "fico a parte",
        "stand aside",
        "stand-aside",
        "I stand aside",
        "4",
    ],
    Stance.BLOCK: ["bloqueo", "bloqueio", "block", "BLOQUEO", "mi voto es bloqueo", "I block", "5"],
}


@pytest.mark.parametrize(
    ("text", "stance"), [(text, stance) for stance, lines in STANCES.items() for text in lines]
)
def test_a_stance(text: str, stance: Stance) -> None:
    for kind in ("consent", "consensus"):
        assert asked(kind, text, labels=()) == ((stance, 1),)
    if stance <= Stance.ABSTAIN:
        assert asked("majority", text, labels=()) == ((stance, 1),)


@pytest.mark.parametrize(
    "text",
    [
        "no bloqueo",
        "não bloqueio",
        "no, a favor",
        "no me aparto",
        "yo no",
        "sí pero no",
    ],
)
def test_what_says_two_things_or_the_contrary_is_no_stance(text: str) -> None:
    assert asked("consent", text, labels=()) is None


@pytest.mark.parametrize("text", ["bloqueo", "me aparto", "4", "fico à parte", "9"])
def test_a_majority_has_no_block_and_says_so(text: str) -> None:
    with pytest.raises(UserError):
        asked("majority", text, labels=())


@pytest.mark.parametrize(
    ("text", "ballot"),
    [
        ("2 3 1", "1:3 2:1 3:2"),
        ("2, 3, 1", "1:3 2:1 3:2"),
        ("2>3>1", "1:3 2:1 3:2"),
        ("2-3-1", "1:3 2:1 3:2"),
        ("2", "2:1"),
        ("Norte > Sur > Este", "1:1 2:2 3:3"),
        ("norte>SUR", "1:1 2:2"),
        ("Norte, Sur", "1:1 2:2"),
        ("Norte Sur", "1:1 2:2"),
        ("Este\nNorte\nSur", "1:2 2:3 3:1"),
        ("Sur y luego Norte", "1:2 2:1"),
        ("Sur, depois Norte", "1:2 2:1"),
        ("Sur then Norte", "1:2 2:1"),
        ("mi voto es Sur, Norte", "1:2 2:1"),
        ("1=2>3", "1:1 2:1 3:2"),
        ("Sur = Este > Norte", "1:2 2:1 3:1"),
        ("1. Sur 2. Norte", "1:2 2:1"),
        ("1. Sur\n2. Este\n3. Norte", "1:3 2:1 3:2"),
        ("1. Norte\n2. Sur", "1:1 2:2"),
        ("primero Sur, segundo Norte", "1:2 2:1"),
        ("segundo Norte, primero Sur", "1:2 2:1"),
        ("primeiro 3, segundo 1", "1:2 3:1"),
        ("first 3 second 1", "1:2 3:1"),
        ("ninguna", ""),
    ],
)
def test_an_order(text: str, ballot: str) -> None:
    assert asked("ranked", text) == parse_ballot(ballot)


@pytest.mark.parametrize(
    "text", ["2 2 1", "4", "1 2 7", "0 1", "Norte, Sur, Norte", "2 Sur 1 Norte"]
)
def test_an_order_that_cannot_be(text: str) -> None:
    with pytest.raises(UserError):
        asked("ranked", text)


def test_labels_with_signs_and_numbers_are_read_whole() -> None:
    labels = ("Lunes, 18h", "2 personas", "C++", "C", "y")
    assert asked("ranked", "C++ > Lunes, 18h > C", labels=labels) == parse_ballot("1:2 3:1 4:3")
    assert asked("ranked", "2 personas, C", labels=labels) == parse_ballot("2:1 4:2")
    assert asked("score", "2 personas: 3, y 4", labels=labels) == parse_ballot("2:3 5:4")


@pytest.mark.parametrize(
    ("text", "ballot"),
    [
        ("1:3 2:5", "1:3 2:5"),
        ("1: 3, 2: 5", "1:3 2:5"),
        ("1=3 2=5", "1:3 2:5"),
        ("1-3 2-5", "1:3 2:5"),
        ("Norte 3, Sur 5", "1:3 2:5"),
        ("NORTE:3 sur:5", "1:3 2:5"),
        ("Norte - 3, Sur - 5", "1:3 2:5"),
        ("3 a Norte, 5 a Sur", "1:3 2:5"),
        ("3 puntos para Norte y 5 para Sur", "1:3 2:5"),
        ("3 pontos para Norte e 5 para Sur", "1:3 2:5"),
        ("I give 3 to Norte and 5 to Sur", "1:3 2:5"),
        ("Este 0", "3:0"),
    ],
)
def test_points(text: str, ballot: str) -> None:
    assert asked("score", text) == parse_ballot(ballot)


@pytest.mark.parametrize(
    "text", ["1:6", "1:-1", "Norte -3", "1 3", "2", "Norte", "1:3 1:4", "7:1", "1:3 2", "1:3.5"]
)
def test_points_that_cannot_be(text: str) -> None:
    with pytest.raises(UserError):
        asked("score", text)


def test_dots_are_one_budget() -> None:
    dots = {"method": "dots", "points": 10}
    assert asked("score", "1:6 2:4", **dots) == parse_ballot("1:6 2:4")
    with pytest.raises(UserError):
        asked("score", "1:6 2:5", **dots)


@pytest.mark.parametrize(
    ("text", "ballot"),
    [
        ("1 3?", "1:2 3:1"),
        ("1 3 ?", "1:2 3:1"),
        ("1, 3?", "1:2 3:1"),
        ("1 y 3", "1:2 3:2"),
        ("1 e 3", "1:2 3:2"),
        ("norte", "1:2"),
        ("Norte sí, Sur no, Este si hace falta", "1:2 2:0 3:1"),
        ("1 sí 2 no 3 si hace falta", "1:2 2:0 3:1"),
        ("1 sim, 3 se precisar", "1:2 3:1"),
        ("1 yes 3 if need be", "1:2 3:1"),
        ("sí: 1 y 2, si hace falta: 3", "1:2 2:2 3:1"),
        ("sí: 1, 2; no: 3", "1:2 2:2 3:0"),
        ("puedo 1, 3 si hace falta", "1:2 3:1"),
        ("posso 1 e 2, 3 se precisar", "1:2 2:2 3:1"),
        ("I can 1 and 2", "1:2 2:2"),
        ("1, 2 y 3 no", "1:2 2:0 3:0"),
        ("todas", "1:2 2:2 3:2"),
        ("todas menos la 2", "1:2 2:0 3:2"),
        ("todas si hace falta", "1:1 2:1 3:1"),
        ("ninguna", "1:0 2:0 3:0"),
        ("no puedo", "1:0 2:0 3:0"),
        ("não posso nenhuma", "1:0 2:0 3:0"),
        ("0", "1:0 2:0 3:0"),
        ("retiro mi voto", ""),
    ],
)
def test_dates(text: str, ballot: str) -> None:
    assert asked("dates", text) == parse_ballot(ballot)


@pytest.mark.parametrize("text", ["sí", "si hace falta", "2 no", "1 sí 1 no", "4", "no puedo 2"])
def test_dates_that_are_doubtful_are_asked_back(text: str) -> None:
    with pytest.raises(UserError):
        asked("dates", text)


def test_a_date_is_named_by_its_own_words() -> None:
    labels = ("lun 18h", "mar 19h")
    assert asked("dates", "Lun 18h, mar 19h si hace falta", labels=labels) == parse_ballot(
        "1:2 2:1"
    )


def test_a_day_is_enough_where_it_is_one_date() -> None:
    labels = (
        "lunes 30 de noviembre, 18:00",
        "martes 1, 18:00",
        "sábado 5, 10:00",
        "sábado 5, 15:00",
    )
    assert asked("dates", "el lunes sí, martes si hace falta", labels=labels) == parse_ballot(
        "1:2 2:1"
    )
    assert asked("dates", "Lunes y martes", labels=labels) == parse_ballot("1:2 2:2")
    assert asked("dates", "sábado", labels=labels) is None
    assert asked("dates", "sábado 5, 15:00 y lunes", labels=labels) == parse_ballot("1:2 4:2")


def test_a_tap_means_what_can_be_tapped() -> None:
    question = PollQuestion(57, PLACES, most=2)  # type: ignore[arg-type]
    dots = PollQuestion(57, PLACES, method="dots", points=5)  # type: ignore[arg-type]
    assert KINDS["choice"].tapped((3, 1, 2), question) == parse_ballot("1:1 3:1")
    assert KINDS["consent"].tapped((5,), question) == parse_ballot("5:1")
    assert KINDS["ranked"].tapped((2, 1), question) == parse_ballot("2:1")
    assert KINDS["score"].tapped((2, 1), question) == parse_ballot("1:5 2:5")
    assert KINDS["score"].tapped((2, 1), dots) == parse_ballot("1:2 2:2")
    assert KINDS["dates"].tapped((3, 1), question) == parse_ballot("1:2 3:2")
    for kind in KINDS.values():
        assert kind.tapped((), question) == BLANK


@pytest.mark.parametrize(
    ("word", "kind", "method"),
    [
        ("mayoría", "majority", ""),
        ("maioria", "majority", ""),
        ("majority", "majority", ""),
        ("consentimiento", "consent", ""),
        ("consentimento", "consent", ""),
        ("consent", "consent", ""),
        ("Consenso", "consensus", ""),
        ("consensus", "consensus", ""),
        ("preferencia", "ranked", "schulze"),
        ("preferência", "ranked", "schulze"),
        ("ranked", "ranked", "schulze"),
        ("segunda vuelta", "ranked", "runoff"),
        ("IRV", "ranked", "runoff"),
        ("puntos", "score", "score"),
        ("pontos", "score", "score"),
        ("score", "score", "score"),
        ("dots", "score", "dots"),
        ("fechas", "dates", ""),
    ],
)
def test_a_kind_is_found_by_its_names(word: str, kind: str, method: str) -> None:
    assert find_kind(word) == (KINDS[kind], method)


def test_no_kind_is_found_by_other_words() -> None:
    assert find_kind("monarquía") is None
    for kind in filter(lambda one: one.asked_by_type, KINDS.values()):
        for name in kind.names:
            found = find_kind(name)
            assert found is not None and found[0] is kind


def test_ballots_are_kept_as_text() -> None:
    for text in ("", "2:1", "1:3 2:5 11:0"):
        assert format_ballot(parse_ballot(text)) == text


def test_withdrawing_is_not_mistaken_for_an_option() -> None:
    assert tokens.is_withdrawal("Retiro mi voto.")
    assert not tokens.is_withdrawal("retiro espiritual")


@pytest.mark.parametrize(
    "piece", [".", ",", " ", "1 ", "sí ", "(", ": ", " - ", "porque ", "?", '"']
)
def test_an_endless_line_is_no_vote_and_takes_no_time(piece: str) -> None:
    """It would hold up everybody else: 60,000 characters are what an event can carry."""

    def read(letters: int) -> None:
        text = "x" + piece * (letters // len(piece)) + "x"
        for key, kind in KINDS.items():
            labels = () if kind.stances else PLACES
            question = PollQuestion(57, labels)  # type: ignore[arg-type]
            assert reasons.parse_with_reason(kind, text, question) is None, key
            assert split_votes.parse_split(text, kind, question) is None, key

    assert grows_evenly(read, 60_000)
    assert count_steps(lambda: read(6_000)) < 500_000  # the most are 335,000, of `: `
