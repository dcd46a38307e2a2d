"""Describe the rule of a decision in a few words, for minutes and files."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import Line, _
from commands.decision_rules.kinds import ranked, score, spending
from commands.decision_rules.thresholds import format_share, required_share_line
from commands.poll_book.poll_store import Poll

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


def describe_rule(poll: Poll) -> Line:
    """Describe kind, method, threshold, quorum and secrecy."""
    asked = poll.rule
    parts: list[Line] = [_("kind: {kind}", kind=_kind(poll))]
    if asked.method:
        parts.append(_("method: {method}", method=METHOD_TEXTS[asked.method.split()[0]]))
    if asked.quorum:
        parts.append(_("quorum: {quorum}", quorum=str(asked.quorum)))
    if asked.secret:
        parts.append(_("secret"))
    return Line("{parts}", {"parts": tuple(parts)})


def _kind(poll: Poll) -> Line:
    if poll.rule.absolute:
        return _("majority, {bar}", bar=required_share_line(poll.question))
    if poll.rule.threshold:
        return _("majority, at least {share} for", share=format_share(poll.rule.threshold))
    if poll.rule.kind == "choice" and poll.rule.most > 1:
        return _("up to {most} options, the most votes win", most=poll.rule.most)
    return KIND_TEXTS[poll.rule.kind]
