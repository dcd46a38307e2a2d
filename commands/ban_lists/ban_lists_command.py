"""`!ban-lists`: follow shared ban lists and announce their rules. People decide each time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    BanRuleChanged,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Need,
    Number,
    People,
    Person,
    Rest,
    Room,
    RoomId,
    SetState,
    SubCommands,
    UserError,
    UserId,
    _,
    carry_out,
    fold,
    items,
    n_,
    network_moderators,
    one_line,
    rooms,
    tell_moderators,
    verbatim,
    words,
)
from commands.ban_lists import list_rules, list_store
from commands.ban_lists.declaration import RULES_JOB, feature
from commands.ban_lists.list_store import FollowedRule
from commands.care.declaration import LONGEST_REASON, MODERATE, acting_as_bot

REST = timedelta(minutes=1)
"""How long a list that changes must rest before its new rules are announced."""
REPEAT_AFTER = timedelta(days=1)
MOST_TOLD, MOST_SHOWN = 10, 10
MOST_FOLLOWED, MOST_RULES = 20, 50_000
LARGE_FRACTION = 4
"""A rule that names over a quarter of all people (an accident or attack) gets a warning."""
FOLLOW = words("seguir", "seguir", "follow")
LEAVE = words("dejar", "deixar", "unfollow", "quitar, tirar, leave")
PROPOSE = words("proponer", "propor", "propose", "agregar, adicionar, add")
EXAMPLE = _("For example: `!ban-lists follow #coc:server.org`")
PROPOSAL_EXAMPLE = _("For example: `!ban-lists propose @bea:server.org spam`")
LISTS = SubCommands()
_USER_RULE = "m.policy.rule.user"


@feature.command(
    words("vetos", "banimentos", "ban-lists", "listas de veto | listas de banimento | ban lists"),
    help=_("shared ban lists: follow one, leave it, propose somebody for our own"),
    example=EXAMPLE,
    topic=MODERATE,
    need=Need.NETWORK,
    subs=LISTS,
)
async def show_lists(ctx: Context, *, other: Rest = NOTHING) -> Answer:
    """Show the ban lists that the network follows. Return the answer. Raises `UserError` for a
    misspelt word."""
    if LISTS.nearest(other) is not None:
        raise LISTS.unknown(other)
    found = await list_store.followed_lists(ctx.db)
    lines = [
        n_("{list}: {count} rule", "{list}: {count} rules", count, list=await _list_name(ctx, room))
        for room, count in found
    ]
    return [
        *(lines or [_("No ban list is followed.")]),
        _("To follow one: invite me into its room, then `!ban-lists follow` and its address."),
        _("I do nothing by a list: I say whom it names here, and you decide."),
    ]


async def _list_name(ctx: Context, room: RoomId) -> str:
    found = await rooms.get(ctx.db, room)
    return (found.name or found.room) if found else room


@LISTS.sub(FOLLOW, help=_("follow a ban list"))
async def follow_list(ctx: Context, *, named: Rest = NOTHING) -> Answer:
    """Follow a ban list by its address, or by the name of a room that the bot is in. Return the
    answer."""
    place = await _list_address(ctx, named.strip('"'))
    found = ctx.fetched.rules(place)
    room = await rooms.get(ctx.db, found[0]) if found else None
    if found is None or room is None or not room.joined:
        raise UserError(
            _("I can't read “{place}”: I am not in it.", place=place[:80]),
            _("Invite me there first, then write it again."),
        )
    read = [rule for one in found[1] if (rule := list_rules.read_rule(*one)) is not None]
    if len(read) > MOST_RULES or len(await list_store.followed_lists(ctx.db)) >= MOST_FOLLOWED:
        raise UserError(_("That is more than I can follow."))
    ctx.confirm(
        n_(
            "I follow “{list}”: {count} rule.",
            "I follow “{list}”: {count} rules.",
            len(read),
            list=room.name or room.room,
        ),
        _("I do nothing by a list: I say whom it names here, and you decide."),
    )
    await list_store.add_list(ctx.db, room.room, ctx.now)
    await list_store.put_rules(ctx.db, room.room, read)
    await ctx.schedule(RULES_JOB, ctx.now, room=room.room)
    await ctx.log("list_followed", {"list": room.name or room.room}, room=await _log_room(ctx))
    return _("Followed. In a moment I say whom it names here.")


async def _list_address(ctx: Context, place: str) -> str:
    if re.fullmatch(r"[#!][^\s:]{1,200}(?::\S{1,200})?", place):
        return place
    named = [
        room.room
        for room in await rooms.network_rooms(ctx.db)
        if place and room.name and fold(room.name) == fold(place)
    ]
    if len(named) != 1:
        raise UserError(_("Which list? For example: `!ban-lists follow #coc:server.org`"))
    return named[0]


@LISTS.sub(LEAVE, help=_("follow a ban list no more"))
async def leave_list(ctx: Context, *, named: Rest = NOTHING) -> Answer:
    """Stop following a ban list, the first one if none is named. Return the answer."""
    place = named.strip('"')
    for room, _count in await list_store.followed_lists(ctx.db):
        if place in (room, "") or fold(await _list_name(ctx, room)) == fold(place):
            await list_store.remove_list(ctx.db, room)
            await ctx.log(
                "list_left", {"list": await _list_name(ctx, room)}, room=await _log_room(ctx)
            )
            return _("I follow it no more. What you did by it stays.")
    raise UserError(_("I don't follow “{place}”.", place=place[:80]))


async def _log_room(ctx: Context) -> RoomId:
    """Return the room in whose log changes of the lists stand."""
    return await ctx.moderators_room() or ctx.room


# --- what a list says -----------------------------------------------------------------------------


@feature.on(BanRuleChanged)
async def handle_rule(ctx: Context, what: BanRuleChanged) -> Answer:
    """Store a changed rule of a followed ban list, and schedule its announcement to the moderators.
    Return what to say, if anything."""
    if not await list_store.is_followed(ctx.db, what.room):
        return None
    rule = list_rules.read_rule(what.kind, what.key, what.content)
    if rule is None:
        gone = await list_store.delete_rule(ctx.db, what.room, what.kind, what.key)
        return await _announce_withdrawal(ctx, gone) if gone is not None and gone.item else None
    ours = what.sender == ctx.me
    await list_store.put_rules(ctx.db, what.room, [rule], told=ours)
    query = "SELECT 1 FROM job WHERE feature = ? AND name = 'rules' AND room = ?"
    waits = await ctx.db.one(query, feature.name, what.room)
    if waits is None and not ours:
        await ctx.schedule(RULES_JOB, ctx.now + REST, room=what.room)
    return None


async def _announce_withdrawal(ctx: Context, one: FollowedRule) -> list[Effect]:
    said = _(
        "The list “{list}” took back what it said of {entity} (number {number}).",
        list=await _list_name(ctx, one.list),
        entity=_entity(one),
        number=one.item,
    )
    lines = [said, _("What was done by it stays: `!lift` takes it back.")]
    return await tell_moderators(ctx, lines, await network_moderators(ctx))


def _entity(one: FollowedRule) -> Line:
    return verbatim(one.rule.entity or "sha256…")


@feature.runs(RULES_JOB)
async def announce_rules(ctx: Context, _job: Job) -> Answer:
    """Announce the new ban list rules that name people here, each under a number. Other rules are
    only stored. Return what to say, if anything."""
    new = await list_store.unannounced_rules(ctx.db)
    hit = await list_store.people_named(ctx.db, new, ctx.me)
    await list_store.mark_announced(ctx.db, new)
    effects: list[Effect] = []
    touching = [one for one in new if one.id in hit]
    for one in touching[:MOST_TOLD]:
        effects += await _announce_rule(ctx, one, hit[one.id])
    more = len(touching) - MOST_TOLD
    if more > 0:
        said = n_(
            "{count} more rule of these lists names people here.",
            "{count} more rules of these lists name people here.",
            more,
        )
        effects += await tell_moderators(ctx, [said], await network_moderators(ctx))
    return effects


async def _announce_rule(ctx: Context, one: FollowedRule, people: Sequence[UserId]) -> list[Effect]:
    """Announce a rule. Nothing else is done by it: a list is the word of others."""
    number = one.item
    if number is None:
        with acting_as_bot(ctx):
            number = await ctx.add_item("rule", "", await _log_room(ctx))
            await items.close(ctx.db, number)
    await list_store.assign_number(ctx.db, one, number, ctx.now)
    lines = [
        _(
            "The list “{list}” says to ban {entity}. Its reason: {reason}",
            list=await _list_name(ctx, one.list),
            entity=_entity(one),
            reason=one.rule.reason or "–",
        ),
        n_(
            "Here that is {count} person: {people}",
            "Here that is {count} people: {people}",
            len(people),
            people=tuple(Person(who, full=True) for who in people[:MOST_SHOWN]),
        ),
    ]
    everybody = await ctx.db.one(
        "SELECT count(DISTINCT person) AS n FROM member WHERE membership = 'join'"
    )
    if everybody is not None and len(people) * LARGE_FRACTION > everybody["n"] and len(people) > 1:
        lines.append(_("Careful: that is a large part of all who are here."))
    lines.append(
        _("I do nothing by myself. To ban them where you moderate: `!ban {number}`", number=number)
    )
    return await tell_moderators(ctx, lines, await network_moderators(ctx), number)


@feature.on(MembershipChanged)
async def announce_arrival(ctx: Context, what: MembershipChanged) -> Answer:
    """Tell the moderators when somebody enters a room whom a followed ban list names. Return what
    to say, if anything."""
    if what.after is not Membership.JOIN or what.user == ctx.me or what.before is what.after:
        return None
    if ctx.policy.room is None or ctx.is_private or not await list_store.follows_any(ctx.db):
        return None
    found = await list_store.rules_naming(ctx.db, what.user)
    if not found or (found[0].said is not None and ctx.now - found[0].said < REPEAT_AFTER):
        return None  # announce repeated joins once a day
    return await _announce_rule(ctx, found[0], [what.user])


async def rule_and_people(ctx: Context, number: Number) -> tuple[FollowedRule, list[UserId]] | None:
    """Return the ban list rule announced under that number and the people it names now; None unless
    the asker is a network moderator."""
    one = await list_store.rule_of_item(ctx.db, number)
    if one is None or ctx.who not in ctx.defaults.moderators:
        return None
    return one, (await list_store.people_named(ctx.db, [one], ctx.me)).get(one.id, [])


# --- our own list ---------------------------------------------------------------------------------


@LISTS.sub(
    PROPOSE,
    help=_("propose somebody for our own ban list"),
    example=PROPOSAL_EXAMPLE,
)
async def propose_entry(ctx: Context, people: People = (), *, why: Rest = NOTHING) -> Answer:
    """Propose a person for the network's own ban list, which all its followers read. Return the
    answer."""
    if len(people) != 1:
        raise UserError(_("One person at a time, please: each has a reason of their own."))
    room = await _own_list(ctx)
    reason = one_line(why)[:LONGEST_REASON].strip(" :;,-")
    if not re.search(r"\w", reason):
        raise UserError(
            _("Missing: {part}. {example}", part=_("the reason"), example=PROPOSAL_EXAMPLE)
        )
    who = Person(people[0], full=True)
    ctx.confirm(
        _(
            "{who} goes onto the list “{list}”. Reason: {reason}",
            who=who,
            list=room.name or room.room,
            reason=reason,
        ),
        _("All who follow the list read that, on other servers too, and may act on it."),
        final=True,
    )
    what = _("put {who} onto the list", who=who)
    payload = {"person": people[0], "reason": reason}
    return await carry_out(ctx, ActRequest("list", room.room, what, payload))


async def _own_list(ctx: Context) -> Room:
    """Return the first followed list in which the bot may write. Raises `UserError`."""
    for followed, _count in await list_store.followed_lists(ctx.db):
        room = await rooms.get(ctx.db, followed)
        if room is not None and room.power_of(ctx.me) >= room.power_for(_USER_RULE, state=True):
            return room
    raise UserError(
        _("I may not write into any list that is followed."),
        _("Make a room for your own list, give me power 50 there, and have me follow it."),
    )


@feature.act(
    "list",
    words("lista-de-vetos", "lista-de-banimentos", "ban-list"),
    _("put somebody onto our ban list"),
)
async def list_person(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Write a ban into the network's own ban list, in the form that Draupnir and other bots read.
    Return what to say, if anything."""
    person, reason = UserId(payload["person"]), str(payload["reason"])
    key = _state_key(person)
    content = {"entity": person, "recommendation": "m.ban", "reason": reason}
    await ctx.log(
        "listed",
        {"person": person, "reason": reason},
        room=room,
        undo={"person": person, "room": room},
    )
    said = _("Done: it stands on the list. To take it back, there: `!undo`")
    return [said, SetState(_USER_RULE, content, key, room)]


def _state_key(person: UserId) -> str:
    """Return a state key in which nobody can search for a name."""
    return hashlib.sha256(f"{person}m.ban".encode()).hexdigest()[:43]


@feature.undo("listed")
async def unlist_person(_ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Remove a person from the network's own ban list: empty the rule about them in the list's
    room. Return what to say, if anything."""
    return SetState(_USER_RULE, {}, _state_key(UserId(kept["person"])), RoomId(kept["room"]))
