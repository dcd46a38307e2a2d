"""A delegate's split mandate, an assembly's count, and the reason beside a vote."""

from __future__ import annotations

import pytest

from bot.api import UserError
from commands.decision_rules.ballots import PollQuestion, parse_ballot
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.kinds.stances import Stance
from commands.poll_lines import reasons, split_votes

PLACES = PollQuestion(57, ("Norte", "Sur", "Este"))  # type: ignore[arg-type]
PROPOSAL = PollQuestion(57)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "12 sí 5 no 3 abst",
        "sí:12 no:5 abst:3",
        "sí 12, no 5, abst 3",
        "SI: 12 NO: 5 ABST: 3",
        "12 a favor, 5 en contra y 3 abstenciones",
        "12 sim 5 não 3 abst",
        "12 votos a favor, 5 contra e 3 abstenções",
        "12 for 5 against 3 abstain",
        "for 12, against 5, abstain 3",
        "presencial: a favor 12, en contra 5, abstención 3",
        "1:12 2:5 3:3",
    ],
)
@pytest.mark.parametrize("kind", ["majority", "consent", "consensus"])
def test_a_split_mandate(kind: str, text: str) -> None:
    found = split_votes.parse_split(text, KINDS[kind], PROPOSAL)
    assert found == {Stance.FOR: 12, Stance.AGAINST: 5, Stance.ABSTAIN: 3}


@pytest.mark.parametrize(
    "text",
    [
        "Norte:14 Sur:9",
        "norte 14, sur 9",
        "14 Norte 9 Sur",
        "presencial: Norte 14, Sur 9",
        "Presencial Norte:14 Sur:9",
        "na assembleia: Norte 14 e Sur 9",
        "in-person: 14 for Norte, 9 for Sur",
        "1:14 2:9",
        "14 personas por Norte, 9 por Sur",
    ],
)
def test_the_count_of_an_assembly(text: str) -> None:
    assert split_votes.parse_split(text, KINDS["choice"], PLACES) == {1: 14, 2: 9}


@pytest.mark.parametrize("text", ["2", "Norte", "1 3", "a favor", "12 sí 5", "hola 3", "", "sí no"])
def test_other_lines_are_no_mandate(text: str) -> None:
    assert split_votes.parse_split(text, KINDS["choice"], PLACES) is None
    assert split_votes.parse_split(text, KINDS["majority"], PROPOSAL) is None


def test_ballots_of_several_options_are_not_split() -> None:
    several = PollQuestion(PLACES.number, PLACES.labels, most=2)
    assert split_votes.parse_split("Norte:14 Sur:9", KINDS["choice"], several) is None
    assert split_votes.parse_show_of_hands("Norte:14 Sur:9", KINDS["choice"], several) == {
        1: 14,
        2: 9,
    }
    for kind in ("ranked", "score", "dates"):
        assert split_votes.parse_split("Norte:14 Sur:9", KINDS[kind], PLACES) is None


@pytest.mark.parametrize("text", ["sí:12 sí:5", "sí:-3 no:2", "7:3 1:2", "sí:12 sim:5"])
def test_a_mandate_that_cannot_be(text: str) -> None:
    with pytest.raises(UserError):
        split_votes.parse_split(text, KINDS["majority"], PROPOSAL)


def test_a_mandate_is_never_above_the_weight() -> None:
    assert split_votes.split_parts({1: 12, 2: 5, 3: 0}, 20) == (
        (parse_ballot("1:1"), 12),
        (parse_ballot("2:1"), 5),
    )
    assert sum(weight for _ballot, weight in split_votes.split_parts({1: 12, 2: 8}, 20)) == 20
    with pytest.raises(UserError):
        split_votes.split_parts({1: 12, 2: 9}, 20)


@pytest.mark.parametrize(
    ("text", "stance", "reason"),
    [
        ('bloqueo "no hay plata"', Stance.BLOCK, "no hay plata"),
        ('bloqueo "no hay plata', Stance.BLOCK, "no hay plata"),
        ("bloqueo porque no hay plata pal bus", Stance.BLOCK, "no hay plata pal bus"),
        ("mi voto es bloqueo porque no hay plata", Stance.BLOCK, "no hay plata"),
        ("bloqueo: no hay plata", Stance.BLOCK, "no hay plata"),
        ("bloqueo - no hay plata", Stance.BLOCK, "no hay plata"),
        ("bloqueo\nno hay plata", Stance.BLOCK, "no hay plata"),
        ("bloqueo (no hay plata)", Stance.BLOCK, "no hay plata"),
        ("Bloqueio porque não há dinheiro", Stance.BLOCK, "não há dinheiro"),
        ("bloqueio pq não há dinheiro", Stance.BLOCK, "não há dinheiro"),
        ("block because there is no money", Stance.BLOCK, "there is no money"),
        ("I block because there is no money", Stance.BLOCK, "there is no money"),
        ("en contra, motivo: queda lejos", Stance.AGAINST, "queda lejos"),
        ("en contra. Mi razón es que queda lejos", Stance.AGAINST, "queda lejos"),
        ("contra, pois fica longe", Stance.AGAINST, "fica longe"),
        ("against, reason: too far", Stance.AGAINST, "too far"),
        ('a favor porque "ya era hora"', Stance.FOR, "ya era hora"),
        ("a favor", Stance.FOR, ""),
        ("me aparto ya que no estaré", Stance.ASIDE, "no estaré"),
    ],
)
def test_a_reason_beside_a_vote(text: str, stance: Stance, reason: str) -> None:
    assert reasons.parse_with_reason(KINDS["consent"], text, PROPOSAL) == (((stance, 1),), reason)


@pytest.mark.parametrize(
    ("kind", "text", "ballot", "reason"),
    [
        ("choice", '2 "me queda lejos"', "2:1", "me queda lejos"),
        ("choice", "Norte porque queda cerca", "1:1", "queda cerca"),
        ("choice", '"Norte"', "1:1", ""),
        ("ranked", "2 3 1 porque sí", "1:3 2:1 3:2", "sí"),
        ("ranked", 'Norte > Sur "queda cerca"', "1:1 2:2", "queda cerca"),
        ("score", '1:3 2:5 "me gusta"', "1:3 2:5", "me gusta"),
        ("dates", "1 3? porque trabajo", "1:2 3:1", "trabajo"),
    ],
)
def test_a_reason_in_every_kind(kind: str, text: str, ballot: str, reason: str) -> None:
    assert reasons.parse_with_reason(KINDS[kind], text, PLACES) == (parse_ballot(ballot), reason)


@pytest.mark.parametrize(
    "text", ["¿por qué?", "porque sí", 'dijo "sí"', "no sé porque vino", "1, no sé"]
)
def test_talk_with_a_reason_is_still_talk(text: str) -> None:
    assert reasons.parse_with_reason(KINDS["choice"], text, PLACES) is None


def test_an_option_that_holds_a_because_can_be_voted() -> None:
    question = PollQuestion(57, ("Porque sí", "No porque no"))  # type: ignore[arg-type]
    assert reasons.parse_with_reason(KINDS["choice"], "no porque no", question) == (
        parse_ballot("2:1"),
        "",
    )


# --- paper ballots of an assembly -----------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "5: 2 1\n4: 3",
        "5: 2 1; 4: 3",
        "asamblea: 5: 2 1\n4: 3",
        "assembleia\n 5 x 2 1\n 4 x 3",
        "in person: 5 x 2, 1\n4 × 3",
        "2: 2 1\n3: 2 1\n4: 3",
    ],
)
def test_papers_are_counted_by_ballot(line: str) -> None:
    found = split_votes.parse_papers(line, KINDS["ranked"], PLACES)
    assert found == {((1, 2), (2, 1)): 5, ((3, 1),): 4}


@pytest.mark.parametrize("line", ["", "2 1", "5:", "5: hola", "x: 2 1", "5: 2 1\nhola", "-5: 2 1"])
def test_what_is_no_list_of_papers_is_not_counted(line: str) -> None:
    assert split_votes.parse_papers(line, KINDS["ranked"], PLACES) is None
