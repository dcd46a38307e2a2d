"""Describe the rule of a decision in a few words, for minutes and files."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import Line, _
from commands.decision_rules.ballots import PollQuestion
from commands.decision_rules.kinds import ranked, score, spending
from commands.decision_rules.thresholds import format_share, required_share_line

KIND_TEXTS: Mapping[str, Line] = {
    "choice": _("one option, the most votes win"),
    "majority": _("majority, more for than against"),
    "consent": _("consent"),
    "consensus": _("consensus"),
    "ranked": _("ranked choice"),
    "score": _("score"),
    "dates": _("date poll"),
    "budget": _("budget"),
    "seats": _("election, the most votes"),
    "stv": _("election, single transferable vote"),
}
METHOD_TEXTS: Mapping[str, Line] = {
    ranked.SCHULZE: _("Schulze's method"),
    ranked.RUNOFF: _("instant run-off"),
    score.SCORE: _("points for each option"),
    score.DOTS: _("points to share out"),
    spending.SHARES: _("equal shares"),
    spending.VOTES: _("most chosen first"),
}


def describe_rule(kind: str, question: PollQuestion, quorum: str, *, secret: bool) -> Line:
    """Describe kind, method, threshold, quorum and secrecy. An empty `quorum` is none.

    A method that is not known here is left out.
    """
    parts: list[Line] = [_("kind: {kind}", kind=_kind(kind, question))]
    method = METHOD_TEXTS.get(question.method.partition(" ")[0])
    if method is not None:
        parts.append(_("method: {method}", method=method))
    if quorum:
        parts.append(_("quorum: {quorum}", quorum=quorum))
    if secret:
        parts.append(_("secret"))
    return Line("{parts}", {"parts": tuple(parts)})


def _kind(kind: str, question: PollQuestion) -> Line:
    if question.electorate:
        return _("majority, {bar}", bar=required_share_line(question))
    if question.threshold:
        return _("majority, at least {share} for", share=format_share(question.threshold))
    if kind == "choice" and question.most > 1:
        return _("up to {most} options, the most votes win", most=question.most)
    return KIND_TEXTS[kind]
