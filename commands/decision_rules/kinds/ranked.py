"""Ranked: people put options in order. Schulze's method or an instant run-off decides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, UserError, _, join_texts, words
from commands.decision_rules import ballots
from commands.decision_rules.ballots import (
    BLANK,
    Ballot,
    PollQuestion,
    PollResult,
    PollVerdict,
    Profile,
)
from commands.decision_rules.kinds import runoff, schulze
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.tokens import (
    VoteToken,
    is_withdrawal,
    require_distinct,
    require_place,
    tokenise,
)

SCHULZE, RUNOFF = "schulze", "runoff"
METHODS = {
    SCHULZE: words("schulze", "schulze", "schulze", "condorcet"),
    RUNOFF: words(
        "segunda-vuelta",
        "segundo-turno",
        "runoff",
        "run-off, instant-runoff, irv, segunda vuelta instantánea, segundo turno instantâneo, "
        "eliminación, eliminação",
    ),
}
_ORDINALS = (
    "primero primera primer primeiro primeira first",
    "segundo segunda second",
    "tercero tercera tercer terceiro terceira third",
    "cuarto cuarta quarto quarta fourth",
    "quinto quinta fifth",
)
_NEXT = (
    "luego,despues,y luego,y despues,depois,e depois,then,and then,prefiero,prefiro,i prefer,"
    "mi orden,minha ordem,my order,por ultimo,finalmente,lastly"
)
_WORDS = dict.fromkeys(_NEXT.split(","), "") | {
    word: str(rank) for rank, line in enumerate(_ORDINALS, start=1) for word in line.split()
}


class RankedKind(DecisionKind):
    """Options to put in order."""

    key = "ranked"
    names = words(
        "preferencia",
        "preferência",
        "ranked",
        "preferencias, preferências, orden, ordem, order, ranking",
    )

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        if is_withdrawal(text):
            return BLANK
        found = tokenise(text, question.labels, _WORDS)
        if not found or not any(token.what in ("option", "number") for token in found):
            return None
        groups = _ranks(found, question) or _in_order(found, question)
        require_distinct([place for group in groups for place in group], question)
        return ballots.make_ballot(
            {place: rank for rank, group in enumerate(groups, start=1) for place in group}
        )

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        return ((places[0], 1),) if places else BLANK

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            _(
                "To vote, put the options in order, the best first: `!vote {number} 2 1`.",
                number=question.number,
            ),
            _("Equal ones: `2=1`. A tap is a first choice."),
        )

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        if question.method == RUNOFF:
            return (
                _("Instant run-off: each round the last option goes out and its votes move on."),
                _(
                    "Equal at the bottom: out goes the one with fewer first choices, then second "
                    "ones, and so on; still equal: a tie."
                ),
            )
        return (
            _("Schulze's method: the options are compared two by two."),
            _("Equal at the top: more first choices win; still equal, it is a tie."),
        )

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        return tuple(
            Line("{rank} {labels}", {"rank": rank, "labels": _equal(group, question)})
            for rank, group in enumerate(schulze.rank_groups(ballot), start=1)
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        named = {one: weight for one, weight in profile.items() if one and weight}
        firsts = runoff.first_choices(named, question.places)
        if not named:
            return PollResult(PollVerdict.NOBODY, rows=ballots.result_rows(firsts))
        if question.method == RUNOFF:
            return _runoff_result(named, firsts, question)
        return _schulze_result(named, firsts, question)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return a line for the first choices of each option, and the whole order if the options
        were compared."""
        lines = [_("First choices:"), *super().counts(result, question)]
        if result.ranking:
            order = join_texts(
                " > ", (join_texts(" = ", map(question.label, group)) for group in result.ranking)
            )
            lines.append(_("In order: {order}", order=order))
        return lines


def _in_order(found: Sequence[VoteToken], question: PollQuestion) -> list[list[int]]:
    """Parse `2 3 1`, `Norte > Sur = Este`: each option after the one before, or equal to it."""
    groups: list[list[int]] = []
    equal = False
    for token in found:
        if token.what in ("option", "number"):
            place = _place(token, question)
            groups[-1].append(place) if equal and groups else groups.append([place])
        equal = token.what == "sign" and token.value == "="
    return groups


def _ranks(found: Sequence[VoteToken], question: PollQuestion) -> list[list[int]] | None:
    """Parse ranks before labels: `1. Sur 2. Norte`, `primero Sur, segundo Norte`.

    Returns None for other lines. Raises `UserError` if the numbers may be copied from the list of
    options.
    """
    named = [token for token in found if _rank(token) or token.what in ("option", "number")]
    ranks, options = named[::2], named[1::2]
    if len(ranks) != len(options) or not all(map(_rank, ranks)):
        return None
    if not all(o.what == "option" or r.what == "word" for r, o in zip(ranks, options, strict=True)):
        return None
    pairs = [
        (_rank(rank), _place(option, question)) for rank, option in zip(ranks, options, strict=True)
    ]
    copied = all(rank == place for rank, place in pairs) and ranks[0].what == "number"
    if copied and pairs != sorted(pairs):
        raise UserError(
            _(
                "Is {rank} a rank or the number of an option? "
                "Only the numbers, the best first: `!vote {number} 2 1`",
                rank=pairs[0][0],
                number=question.number,
            )
        )
    by_rank: dict[int, list[int]] = {}
    for rank, place in pairs:
        by_rank.setdefault(rank, []).append(place)
    return [by_rank[rank] for rank in sorted(by_rank)]


def _rank(token: VoteToken) -> int:
    """Return the rank that a number or an ordinal means, or 0."""
    if token.what == "number" and isinstance(token.value, int):
        return token.value
    return int(token.value) if token.what == "word" and str(token.value).isdigit() else 0


def _place(token: VoteToken, question: PollQuestion) -> int:
    return require_place(int(token.value), len(question.labels))


def _equal(group: Sequence[int], question: PollQuestion) -> str:
    return join_texts(" = ", map(question.label, group))


def _schulze_result(named: Profile, firsts: dict[int, int], question: PollQuestion) -> PollResult:
    pairs = schulze.pairwise_preferences(named, question.places)
    ranking = schulze.schulze_order(pairs, question.places)
    best = ranking[0]
    winners = ballots.top_places({place: firsts[place] for place in best}) or best
    if len(winners) > 1:
        why = _("Compared two by two, and in first choices, they are equal.")
    elif len(best) > 1:
        why = _(
            "Compared two by two they are equal: {equal}. {winner} has more first choices.",
            equal=tuple(question.label(place) for place in best),
            winner=question.label(winners[0]),
        )
    elif schulze.beats_all(pairs, winners[0]):
        why = _(
            "Compared two by two, more people prefer {winner} to each other.",
            winner=question.label(winners[0]),
        )
    else:
        why = _(
            "Compared two by two, no option beats all; {winner} has the strongest chain.",
            winner=question.label(winners[0]),
        )
    return PollResult(
        ballots.verdict_of_winners(winners), winners, ballots.result_rows(firsts), ranking, why
    )


def _runoff_result(named: Profile, firsts: dict[int, int], question: PollQuestion) -> PollResult:
    count = runoff.count_runoff(named, question.places)
    rows = ballots.result_rows(firsts)
    if len(count.winners) > 1:
        why = _("They are equal to the last; only a lot could decide.")
        return PollResult(PollVerdict.TIE, count.winners, rows, why=why)
    return PollResult(PollVerdict.WON, count.winners, rows, why=_rounds(count, question))


def _rounds(count: runoff.RunoffCount, question: PollQuestion) -> Line:
    if count.rounds == 1:
        return _("More than half have it as first choice.")
    return _(
        "It has more than half after {rounds} rounds. Out went: {out}.",
        rounds=count.rounds,
        out=tuple(question.label(place) for place in count.out),
    )
