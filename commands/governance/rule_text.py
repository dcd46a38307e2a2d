"""Parse the rules that people write, and describe rules in words."""

from __future__ import annotations

import re
from fractions import Fraction

from bot.api import Context, Line, UserError, _, compact, fold, n_, verbatim, words
from commands.governance.rules import (
    ALL,
    LEAST_MAJORITY,
    MOST_MODERATORS,
    DecisionMode,
    GovernanceRule,
)

EVERYTHING_WORDS = words("todo", "tudo", "everything", "lo demás | o resto | all")
NO_RULE_WORDS = words(
    "como siempre", "como sempre", "as usual", "ninguna, quitar | nenhuma, tirar | none"
)
KIND_WORDS = {
    "majority": words("mayoría", "maioria", "majority"),
    "consent": words("consentimiento", "consentimento", "consent"),
    "consensus": words("consenso", "consenso", "consensus"),
}
_SHARES = {
    "dos tercios": "2/3",
    "dois tercos": "2/3",
    "two thirds": "2/3",
    "tres cuartos": "3/4",
    "tres quartos": "3/4",
    "three quarters": "3/4",
}
_COUNTS = {
    "dos": "2",
    "dois": "2",
    "duas": "2",
    "two": "2",
    "tres": "3",
    "three": "3",
    "cuatro": "4",
    "quatro": "4",
    "four": "4",
}
_QUORUM = re.compile(r"\bquorum ?(?:de|of)? ?:? ?(\d{1,3}) ?%?")
_DAYS = re.compile(r"\b(\d{1,3}) ?(?:d|dias?|days?)\b")
_SHARE = re.compile(r"\b(\d{1,3}) ?(?:/ ?(\d{1,3})\b|%)")
_SEVERAL = re.compile(
    r"\b(?:(\d{1,3}) ?(?:personas?|pessoas?|people)? ?(?:de la|da|de|of)? ?)?"
    r"(?:moderador\w*|moderator\w*|moderacion|moderacao)(?: ?(\d{1,3})\b)?"
)
_ROOM = re.compile(
    r"\b(?:decision|decisao|decide|sala|room|voto|vote|votacion|votacao|asamblea|assembleia"
    r"|assembly|miembros|membros|members)\b"
)
_FILLING = re.compile(
    r"\b(?:de|da|do|del|la|el|o|a|os|as|los|las|por|per|by|of|the|con|com|with|y|e|and|en|em|in"
    r"|un|una|um|uma|solo|sola|so|persona|pessoa|alone|juntos|juntas|together|dentro|within)\b|[\s,.;:()\"]+"
)


def parse_rule(typed: str) -> GovernanceRule | None:
    """Return the rule of who decides in a text; None means the act has no rule of its own. Raises
    `UserError` for a text that is no rule."""
    said = " ".join(fold(typed).split())
    if said in {fold(word) for word in NO_RULE_WORDS}:
        return None
    rest = said
    quorum, rest = _take(_QUORUM, rest)
    days, rest = _take(_DAYS, rest)
    for written, share in _SHARES.items():
        rest = rest.replace(written, share)
    rest = " ".join(_COUNTS.get(word, word) for word in rest.split())
    share_, rest = _take(_SHARE, rest)
    kinds = [
        key
        for key, names in KIND_WORDS.items()
        if set(map(fold, names)) & set(re.findall(r"\w+", rest))
    ]
    for names in KIND_WORDS.values():
        rest = re.sub("|".join(rf"\b{fold(name)}\b" for name in names), " ", rest)
    several, rest = _take(_SEVERAL, rest)
    room, rest = bool(_ROOM.search(rest)), _ROOM.sub(" ", rest)
    voted = bool(room or kinds or quorum or share_)
    if _FILLING.sub("", rest) or len(kinds) > 1 or voted == bool(several) or (days and not voted):
        raise UserError(_("I didn't understand “{typed}” as a rule.", typed=typed[:60]), *RULE_HINT)
    if several:
        count = int(several[1] or several[2] or 1)
        return GovernanceRule(DecisionMode.SEVERAL, count) if count > 1 else GovernanceRule()
    return GovernanceRule(
        DecisionMode.ROOM,
        kind=kinds[0] if kinds else "majority",
        majority=_share(share_),
        quorum=int(quorum[1]) if quorum else 0,
        days=int(days[1]) if days else 3,
    )


def _is_rule(typed: str) -> bool:
    try:
        return parse_rule(typed) is not None
    except UserError:
        return False


RULE_HINT = (
    _(
        "What fits: `moderator` (one alone), `2 moderators`, or `decision`, with `consent`, `2/3`,"
        " `quorum 20%` and `5 days` if you like."
    ),
)


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    found = pattern.search(text)
    return found, text if found is None else text[: found.start()] + " " + text[found.end() :]


def _share(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    below = int(found[2]) if found[2] else 100
    share = Fraction(int(found[1]), below) if below else Fraction(0)
    return str(share) if share != LEAST_MAJORITY else ""


def require_followable(rule: GovernanceRule | None, moderators: int, key: str) -> None:
    """Raise `UserError` for a rule that could not be followed or lets few decide for many.

    `moderators`: how many there are in the room.
    """
    if rule is None or rule == GovernanceRule():
        return
    if rule.how is DecisionMode.SEVERAL and not 2 <= rule.count <= min(moderators, MOST_MODERATORS):
        raise UserError(
            n_(
                "{count} person moderates here, so {wanted} can't have to agree.",
                "{count} people moderate here, so {wanted} can't have to agree.",
                moderators,
                wanted=rule.count,
            ),
            *RULE_HINT,
        )
    if rule.how is not DecisionMode.ROOM:
        return
    most = 50 if key in ("rule", ALL) else 100
    share = Fraction(rule.majority) if rule.majority else LEAST_MAJORITY
    if not LEAST_MAJORITY <= share <= 1:
        raise UserError(
            _("The majority is at least half and at most all of the votes."), *RULE_HINT
        )
    if rule.quorum > most:
        raise UserError(
            _(
                "The quorum is at most {most}%, so that something can be decided even"
                " when many are away.",
                most=most,
            ),
            *RULE_HINT,
        )
    if not 1 <= rule.days <= 30:
        raise UserError(_("A decision takes from 1 to 30 days."), *RULE_HINT)


def describe_rule(rule: GovernanceRule) -> Line:
    """Return a rule of who decides in words: who, by which share, and how long it takes."""
    if rule.how is DecisionMode.ALONE:
        return _("a moderator alone")
    if rule.how is DecisionMode.SEVERAL:
        return n_("{count} moderator", "{count} moderators together", rule.count)
    parts: list[Line] = [Line("{kind}", {"kind": KIND_WORDS[rule.kind]})]
    if rule.majority:
        parts.append(verbatim(rule.majority))
    if rule.quorum:
        parts.append(_("quorum {quorum}%", quorum=rule.quorum))
    parts.append(n_("{count} day", "{count} days", rule.days))
    return _("the room decides ({parts})", parts=tuple(parts))


def split_act(ctx: Context, text: str) -> tuple[str, str]:
    """Return the key of the act that a text such as `remove: two moderators` begins with, and the
    rest. For a setting the key is `set:` and the setting's own; `ALL` stands for everything else.
    Raises `UserError` for an unknown act."""
    parts = text.replace('"', " ").split()
    names = {
        compact(name): key for key, (_f, act) in ctx.registry.acts.items() for name in act.name
    }
    names |= {compact(name): ALL for name in EVERYTHING_WORDS}
    for count in range(min(len(parts), 5), 0, -1):
        key = names.get(compact(" ".join(parts[:count]).rstrip(":")))
        if key is not None:
            return _setting(ctx, key, parts[count:])
    raise UserError(
        _(
            "I didn't understand “{typed}”. What can have a rule: `!who-decides`",
            typed=" ".join(parts)[:40],
        ),
    )


def _setting(ctx: Context, key: str, parts: list[str]) -> tuple[str, str]:
    """Find the setting behind `set`: `setting language` has its own rule.

    `setting decision` in contrast gives a rule for all settings.
    """
    if key == "set" and not _is_rule(" ".join(parts)):
        for count in range(min(len(parts), 5), 0, -1):
            setting = ctx.registry.setting_named(" ".join(parts[:count]).rstrip(":"))
            if setting is not None:
                return f"set:{setting.key}", " ".join(parts[count:])
    return key, " ".join(parts)


def rule_title(ctx: Context, key: str) -> Line:
    """Return in words which act the rule of this key is about."""
    act, _colon, of = key.partition(":")
    if key == ALL:
        return _("everything else")
    setting = ctx.registry.setting_named(of) if act == "set" and of else None
    if setting is not None:
        return _("change the setting {name}", name=setting.name)
    known = ctx.registry.acts.get(act)
    return known[1].title if known else verbatim(key)
