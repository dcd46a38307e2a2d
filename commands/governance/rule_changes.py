"""The command `!who-decides`: show who may do what here, and change it under the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Line,
    RoomId,
    UserError,
    _,
    carry_out,
    moderators,
    verbatim,
    words,
)
from commands.governance import effective_rule, rule_text, rules, store
from commands.governance.declaration import GOVERNANCE, feature, require_may
from commands.governance.rules import DecisionMode, GovernanceRule

PAGE_SIZE = 10

feature.stands_for(
    words(
        "quién modera",
        "quem modera",
        "who moderates",
        "quiénes moderan, quién modera aquí, quién modera acá, quiénes moderan aquí, quién modera"
        " la sala, quién modera esta sala, quiénes moderan esta sala, quién modera en esta sala"
        " | quem modera aqui, quem modera a sala, quem modera esta sala, quem modera nesta sala"
        " | who moderates here, who moderates this room, who are the moderators, who is moderating",
    ),
    "who-decides",
    takes=re.compile(r"[\s.?!]*"),
)


@feature.command(
    words(
        "quién-decide",
        "quem-decide",
        "who-decides",
        "gobierno, gobernanza, quién manda, quién manda acá, quién manda aquí, quién está a cargo"
        " | governo, governança, quem manda, quem manda aqui"
        " | governance, who is in charge, who's in charge, who runs this",
    ),
    help=_("who may do what here: a moderator, several, or the room"),
    example=_("For example: `!who-decides`, or `!who-decides remove decision 2/3`"),
    topic=GOVERNANCE,
    where=CommandPlace.ROOM,
)
async def handle_governance(ctx: Context, *, text: str = "") -> Answer:
    """Show all rules of who decides what in the room, or one, or ask for a change after showing it.
    Return the answer."""
    # Which acts there are is for the other capabilities to say, so no list of words is here.
    if not text.strip():
        return await _list_rules(ctx)
    key, rest = rule_text.split_act(ctx, text)
    if not rest.strip():
        return await _show_rule(ctx, key)
    return await _change(ctx, key, rest)


async def _list_rules(ctx: Context) -> Answer:
    room = ctx.target_room.room
    kept = await store.list_rules(ctx.db, room)
    usual = kept.get(rules.ALL, rules.USUAL_RULE)
    lines = [_("Everything is decided by: {rule}.", rule=await _rule_line(ctx, usual))]
    exceptions: list[Line] = []
    for key, (_f, act) in ctx.registry.acts.items():
        found = await effective_rule.chosen_rule(ctx, room, key, key if key == "rule" else "")
        if found != usual or _is_excepted(ctx, key, found):
            rule = _with_exception(ctx, key, found, await _rule_line(ctx, found))
            exceptions.append(
                _("`{name}`: {title}: {rule}", name=act.name, title=act.title, rule=rule)
            )
    of = [key for key in kept if ":" in key]
    exceptions += [
        _(
            "{title}: {rule}",
            title=rule_text.rule_title(ctx, key),
            rule=rule_text.describe_rule(kept[key]),
        )
        for key in of
    ]
    if exceptions:
        lines += [_("Except:"), *exceptions]
    lines += [
        _("To change it: `!who-decides everything 2 moderators`, `!who-decides remove decision`"),
        _(
            "What can have a rule of its own: {names}",
            names=tuple(
                Line("`{name}`", {"name": act.name}) for _f, act in ctx.registry.acts.values()
            ),
        ),
    ]
    waiting = await store.waiting_requests(ctx.db, room, PAGE_SIZE)
    if waiting:
        lines.append(_("What waits for others:"))
        lines += [
            _("{number}: {what}", number=one.poll or one.item, what=verbatim(one.title))
            for one in waiting
        ]
    return lines


async def _rule_line(ctx: Context, found: GovernanceRule) -> Line:
    """Describe a rule, with the rule that applies instead while it cannot be followed."""
    now = await effective_rule.rule_in_force(ctx, ctx.target_room.room, found)
    if now == found:
        return rule_text.describe_rule(found)
    return _(
        "{rule}; now, as too few moderate here: {now}",
        rule=rule_text.describe_rule(found),
        now=rule_text.describe_rule(now),
    )


def _is_excepted(ctx: Context, key: str, rule: GovernanceRule) -> bool:
    """Return whether a moderator may do the act of this key alone, though its rule is another."""
    return rule.how is not DecisionMode.ALONE and effective_rule.protects(ctx, key)


def _with_exception(ctx: Context, key: str, rule: GovernanceRule, line: Line) -> Line:
    """Return the line of a rule with what holds all the same for acts that protect."""
    if not _is_excepted(ctx, key, rule):
        return line
    return _("{rule}; a moderator may do it at once all the same", rule=line)


def _new_rule_line(ctx: Context, key: str, rule: GovernanceRule | None) -> Line:
    if rule is None:
        return Line("{none}", {"none": rule_text.NO_RULE_WORDS})
    return _with_exception(ctx, key, rule, rule_text.describe_rule(rule))


async def _show_rule(ctx: Context, key: str) -> Answer:
    act, of = effective_rule.split_key(key)
    found = await effective_rule.chosen_rule(
        ctx, ctx.target_room.room, act, of or (key if key == "rule" else "")
    )
    return [
        _(
            "{title}: {rule}",
            title=rule_text.rule_title(ctx, key),
            rule=_with_exception(ctx, act, found, await _rule_line(ctx, found)),
        ),
        *rule_text.RULE_HINT,
    ]


async def _change(ctx: Context, key: str, typed: str) -> Answer:
    room = ctx.target_room.room
    rule = rule_text.parse_rule(typed)
    if effective_rule.is_network_setting(ctx, *effective_rule.split_key(key)):
        raise UserError(_("That setting holds for the whole network, so no room has a rule on it."))
    await require_may(ctx, "rule", key)
    rule_text.require_followable(rule, len(await moderators(ctx, room)), key)
    before = await own_rule(ctx, room, key)
    if (await store.list_rules(ctx.db, room)).get(key) == rule:
        raise UserError(
            _("It is so already: {rule}.", rule=rule_text.describe_rule(rule or before))
        )
    new = _new_rule_line(ctx, key, rule)
    what = _("{title}: {rule}", title=rule_text.rule_title(ctx, key), rule=new)
    by = await effective_rule.rule_for_request(ctx, ActRequest("rule", room, what, {}, of=key))
    ctx.confirm(
        _(
            "{title}: before, {before} → after, {after}.",
            title=rule_text.rule_title(ctx, key),
            before=rule_text.describe_rule(before),
            after=new,
        ),
        _("Who decides on this change: {rule}.", rule=rule_text.describe_rule(by)),
    )
    payload = {"key": key, "rule": rule.as_json() if rule else None}
    return await carry_out(ctx, ActRequest("rule", room, what, payload, of=key))


async def own_rule(ctx: Context, room: RoomId, key: str) -> GovernanceRule:
    """Return the rule stored for a key itself, without the rule about rules."""
    kept = await store.list_rules(ctx.db, room)
    return effective_rule.stored_rule(ctx, kept, *effective_rule.split_key(key))


@feature.act(
    "rule",
    words("gobierno", "governo", "governance", "reglas, regla | regras, regra | rules, rule"),
    _("change these rules"),
    urgent=False,
    value=True,
)
async def carry_out_rule_change(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Store a rule of who decides. Return what to say, if anything. Raises `UserError` if the
    people here now could not follow it."""
    key, rule = (
        str(payload["key"]),
        GovernanceRule.from_json(payload["rule"]) if payload["rule"] else None,
    )
    rule_text.require_followable(rule, len(await moderators(ctx, room)), key)
    before = (await store.list_rules(ctx.db, room)).get(key)
    await _put(ctx, room, key, before, rule)
    shown = _new_rule_line(ctx, key, rule)
    return [
        _("From now on: {title}: {rule}.", title=rule_text.rule_title(ctx, key), rule=shown),
        _("It stands in `!log`. All rules: `!who-decides`"),
    ]


async def _put(
    ctx: Context,
    room: RoomId,
    key: str,
    before: GovernanceRule | None,
    after: GovernanceRule | None,
) -> None:
    await store.set_rule(ctx.db, room, key, after)
    was, now = (one.as_json() if one else None for one in (before, after))
    facts = {"key": key, "before": was, "after": now}
    await ctx.log("rule", facts, room=room, undo={"key": key, "rule": was, "now": now})


@feature.undo("rule")
async def undo_rule_change(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Restore the earlier rule of who decides, if it was not changed since and can be followed.
    Return what to say, if anything."""
    room, key = ctx.target_room.room, str(kept["key"])
    was, now = (
        GovernanceRule.from_json(kept[name]) if kept[name] else None for name in ("rule", "now")
    )
    if (await store.list_rules(ctx.db, room)).get(key) != now:
        raise UserError(_("That was changed again since then."))
    rule_text.require_followable(was, len(await moderators(ctx, room)), key)
    await store.set_rule(ctx.db, room, key, was)
    return None
