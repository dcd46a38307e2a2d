"""The command `!governance`: show who may do what here, and change it under the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    Context,
    Line,
    RoomId,
    UserError,
    Where,
    Wish,
    _,
    carry,
    moderators,
    verbatim,
    words,
)
from commands.governance import effective_rule, rule_text, rules, store
from commands.governance.declaration import GOVERNANCE, feature, here, permit
from commands.governance.rules import Rule

PAGE = 10


@feature.command(
    words("gobierno", "governo", "governance",
          "quién decide, gobernanza | quem decide, governança | who decides"),
    help=_("who may do what here: a moderator, several, or the room"),
    example=_("For example: `!governance`, or `!governance remove decision 2/3`"),
    topic=GOVERNANCE,
    where=Where.ROOM,
)  # fmt: skip
async def governance(ctx: Context, *, text: str = "") -> Answer:
    """Show all rules or one, or ask for a change after showing it."""
    if not text.strip():
        return await _listed(ctx)
    key, rest = rule_text.named(ctx, text)
    if not rest.strip():
        return await _one(ctx, key)
    return await _change(ctx, key, rest)


async def _listed(ctx: Context) -> Answer:
    room = here(ctx).room
    kept = await store.rules(ctx.db, room)
    lines = [_("Who may do what here. To change it: `!governance` with its word and the rule.")]
    for key, (_f, act) in ctx.registry.acts.items():
        found = await effective_rule.chosen(ctx, room, key, key if key == "rule" else "")
        lines.append(_("`{name}`: {title}: {rule}", name=act.name, title=act.title,
                       rule=await _shown(ctx, found)))  # fmt: skip
    of = [key for key in kept if ":" in key]
    lines += [_("{title}: {rule}", title=rule_text.title(ctx, key), rule=rule_text.shown(kept[key]))
              for key in of]  # fmt: skip
    waiting = await store.waiting(ctx.db, room, PAGE)
    if waiting:
        lines.append(_("What waits for others:"))
        lines += [_("{number}: {what}", number=one.poll or one.item, what=verbatim(one.title))
                  for one in waiting]  # fmt: skip
    return lines


async def _shown(ctx: Context, found: Rule) -> Line:
    """Describe a rule, with the rule that applies instead while it cannot be followed."""
    now = await effective_rule.followable(ctx, here(ctx).room, found)
    if now == found:
        return rule_text.shown(found)
    return _("{rule}; now, as too few moderate here: {now}", rule=rule_text.shown(found),
             now=rule_text.shown(now))  # fmt: skip


async def _one(ctx: Context, key: str) -> Answer:
    act, of = effective_rule.split(key)
    found = await effective_rule.chosen(
        ctx, here(ctx).room, act, of or (key if key == "rule" else "")
    )
    return [
        _("{title}: {rule}", title=rule_text.title(ctx, key), rule=await _shown(ctx, found)),
        *rule_text.HOW,
    ]


async def _change(ctx: Context, key: str, typed: str) -> Answer:
    room = here(ctx).room
    rule = rule_text.read(typed)
    if effective_rule.is_networks(ctx, *effective_rule.split(key)):
        raise UserError(_("That setting holds for the whole network, so no room has a rule on it."))
    await permit(ctx, "rule", key)
    rule_text.check(rule, len(await moderators(ctx, room)), key)
    before = await own(ctx, room, key)
    if (await store.rules(ctx.db, room)).get(key) == rule:
        raise UserError(_("It is so already: {rule}.", rule=rule_text.shown(rule or before)))
    new = rule_text.shown(rule) if rule else rule_text.NONE
    what = _("{title}: {rule}", title=rule_text.title(ctx, key), rule=new)
    by = await effective_rule.rule(ctx, Wish("rule", room, what, {}, of=key))
    ctx.confirm(
        _("{title}: before, {before} → after, {after}.", title=rule_text.title(ctx, key),
          before=rule_text.shown(before), after=new),
        _("Who decides on this change: {rule}.", rule=rule_text.shown(by)),
    )  # fmt: skip
    payload = {"key": key, "rule": rule.as_json() if rule else None}
    return await carry(ctx, Wish("rule", room, what, payload, of=key))


async def own(ctx: Context, room: RoomId, key: str) -> Rule:
    """Return the rule that a key has now, without the rule about rules."""
    kept = await store.rules(ctx.db, room)
    act, of = effective_rule.split(key)
    known = ctx.registry.acts.get(act)
    return rules.chosen(kept, act, of, known[1].like if known else "")


@feature.act(
    "rule",
    words("gobierno", "governo", "governance", "reglas, regla | regras, regra | rules, rule"),
    _("change these rules"),
    urgent=False,
    value=True,
)
async def change(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Store a rule. Raises `UserError` if the people here now could not follow it."""
    key, rule = str(payload["key"]), Rule.of(payload["rule"]) if payload["rule"] else None
    rule_text.check(rule, len(await moderators(ctx, room)), key)
    before = (await store.rules(ctx.db, room)).get(key)
    await _put(ctx, room, key, before, rule)
    shown = rule_text.shown(rule) if rule else rule_text.NONE
    return [
        _("From now on: {title}: {rule}.", title=rule_text.title(ctx, key), rule=shown),
        _("It stands in `!log`. All rules: `!governance`"),
    ]


async def _put(
    ctx: Context, room: RoomId, key: str, before: Rule | None, after: Rule | None
) -> None:
    await store.set_rule(ctx.db, room, key, after)
    was, now = (one.as_json() if one else None for one in (before, after))
    facts = {"key": key, "before": was, "after": now}
    await ctx.log("rule", facts, room=room, undo={"key": key, "rule": was, "now": now})


@feature.undo("rule")
async def back(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Restore the rule before, if it was not changed since and can be followed."""
    room, key = here(ctx).room, str(kept["key"])
    was, now = (Rule.of(kept[name]) if kept[name] else None for name in ("rule", "now"))
    if (await store.rules(ctx.db, room)).get(key) != now:
        raise UserError(_("That was changed again since then."))
    rule_text.check(was, len(await moderators(ctx, room)), key)
    await store.set_rule(ctx.db, room, key, was)
    return None
