"""What is said about decisions has the words that people know, in three languages, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue
from bot.lines import Line
from bot.types import Number
from commands.decision_rules.ballots import Ballot, PollQuestion, PollVerdict, Profile
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.kinds.kind import DecisionKind
from tests.source_files import folders

LONGEST = 120
PLACES = ("Norte", "Sur", "Este")
SAYS = Renderer(Catalogue.load(folders()))
FIRST: Ballot = ((1, 1),)
SECOND: Ballot = ((2, 1),)
BLOCK: Ballot = ((5, 1),)
LANGUAGES = ("es", "pt", "en")
CONTRACT = {
    PollVerdict.APPROVED: ("aprobada", "aprovada", "approved"),
    PollVerdict.NOT_APPROVED: ("no aprobada", "não aprovada", "not approved"),
    PollVerdict.TIE: ("empate", "empate", "tie"),
    PollVerdict.WON: ("gana Norte", "vence Norte", "Norte wins"),
}
GOES_IN = ("entra {}", "entra {}", "{} goes in")
"""A budget has no winner: what is bought goes in."""
NOTED = {"es": "Anotado", "pt": "Anotado", "en": "Noted"}


def plain(line: Line, language: str) -> str:
    now = datetime(2026, 11, 25, 15, tzinfo=UTC)
    return SAYS.render_line(line, Reader(language, "America/Bogota", "!", now)).plain


def every() -> Iterator[tuple[DecisionKind, PollQuestion]]:
    """Each kind, in each way it can be asked."""
    for kind in KINDS.values():
        labels = () if kind.stances else PLACES
        number, title = Number(57), "¿Dónde?"
        if kind.key == "budget":
            for terms in ("shares 10 6,5,5", "votes 10 6,5,5"):
                yield kind, PollQuestion(number, labels, title, method=terms, points=1)
            continue
        yield kind, PollQuestion(number, labels, title)
        if kind.key == "majority":
            yield kind, PollQuestion(number, labels, title, threshold=Fraction(2, 3))
        if kind.key == "choice":
            yield kind, PollQuestion(number, labels, title, most=2)
        for method in {"ranked": ["runoff"], "score": ["dots"]}.get(kind.key, []):
            yield kind, PollQuestion(number, labels, title, method=method, points=10)


def profiles(kind: DecisionKind) -> Iterator[Profile]:
    """One that is clear, one that is equal, one that a block stops where there are any."""
    yield {FIRST: 2}
    yield {FIRST: 2, SECOND: 2}
    if kind.stances and len(kind.stances) == 5:
        yield {FIRST: 2, BLOCK: 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outcome_has_the_word_of_the_contract(language: str) -> None:
    at = LANGUAGES.index(language)
    for kind, question in every():
        for profile in profiles(kind):
            result = kind.tally(profile, question)
            said = plain(kind.outcome(result, question), language)
            if kind.key == "budget":
                assert GOES_IN[at].format(PLACES[result.winners[0] - 1]) in said, said
                continue
            assert CONTRACT[result.verdict][at] in said, said
            refused = CONTRACT[PollVerdict.NOT_APPROVED][at] in said
            assert refused == (result.verdict is PollVerdict.NOT_APPROVED), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vote_is_noted_and_each_line_fits_on_a_phone(language: str) -> None:
    for kind, question in every():
        ballots = [(), FIRST, SECOND, ((1, 1), (2, 2)) if question.labels else BLOCK]
        if kind.key == "majority":
            ballots.pop()
        noted = [kind.noted(ballot, question) for ballot in ballots]
        assert all(NOTED[language] in plain(line, language) for line in noted)
        lines = [*noted, *kind.how(question), *kind.numbered(question)]
        for profile in profiles(kind):
            result = kind.tally(profile, question)
            lines += [*kind.counts(result, question), *([result.why] if result.why else [])]
        for line in lines:
            assert len(plain(line, language)) <= LONGEST, plain(line, language)


def test_who_is_against_learns_how_to_block() -> None:
    consent, question = KINDS["consent"], PollQuestion(Number(14), title="Sede")
    said = plain(consent.noted(SECOND, question, "queda lejos"), "es")
    assert said == (
        'Anotado: en contra, “queda lejos”. Eso no la detiene; esto sí: `!votar 14 bloqueo "razón"`'
    )
    blocked = plain(consent.noted(BLOCK, question, "no hay plata"), "es")
    assert "Anotado: bloqueo, “no hay plata”. Así la propuesta 14 no pasa." in blocked


def test_counts_are_lines_that_everybody_knows() -> None:
    dates = PollQuestion(Number(57), ("lun 18h", "mar 19h"), "Reunión")
    result = KINDS["dates"].tally({((1, 2), (2, 1)): 2, ((1, 2),): 1}, dates)
    said = [plain(line, "es") for line in KINDS["dates"].counts(result, dates)]
    assert said == ["lun 18h: 3", "mar 19h: 0, si hace falta: 2"]
    poll = PollQuestion(Number(57), PLACES, "¿Dónde?")
    result = KINDS["choice"].tally({FIRST: 12}, poll)
    assert plain(KINDS["choice"].counts(result, poll)[0], "es") == "Norte: 12"
