"""`incident 4 without @bea`, `incident 4 with @bea`: change who reads an incident."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.api import (
    Allusion,
    Answer,
    Context,
    Effect,
    FreeText,
    Line,
    Person,
    RoomId,
    Say,
    SearchedText,
    Setting,
    UserError,
    UserId,
    _,
    alluded_people,
    expand_links,
    fold,
    items,
    outsiders,
    rate_allusion,
    words,
)
from commands.care import person_hash
from commands.incidents import care_team, incident_store
from commands.incidents.declaration import WAITING_JOB, feature
from commands.incidents.incident_store import Incident

OUTSIDE_CONTACT = Setting(
    "outside",
    words("contacto-de-fuera", "contato-de-fora", "outside-contact"),
    FreeText(120),
    "-",
    _("Whom people can turn to outside of this network, where nobody here may read an incident."),
    network=True,
)
feature.settings.append(OUTSIDE_CONTACT)
_CHANGE = re.compile(r"(?:(sin|sem|without)|con|com|with)\s+(\S.{0,200})", re.IGNORECASE)
_FILLER_WORDS = frozenset({"y", "e", "and", "a", "o", "la", "el", "the"})


async def bridge_lines(ctx: Context, team_room: RoomId | None) -> list[Line]:
    """Return lines that say who outside of Matrix could read an incident: where it was typed, and
    where it is settled."""
    lines: list[Line] = []
    here = await outsiders.outside_readers(ctx.db, ctx.room)
    if not ctx.is_private and (copied := here.services or here.likely_services):
        lines.append(
            _(
                "In that room a bridge reads along: {services} may keep a copy of what you wrote,"
                " which I can't take away.",
                services=copied,
            )
        )
    if team_room is None:
        return lines
    there = await outsiders.outside_readers(ctx.db, team_room)
    if named := there.services or there.likely_services:
        lines.append(
            _(
                "In the room of those who settle it a bridge reads along: {services}.",
                services=named,
            )
        )
    return lines


async def change_readers(
    ctx: Context, one: Incident, people: Collection[UserId], text: str
) -> Answer:
    """Change who reads the incident, if the text asks for that; else return None."""
    said = _CHANGE.fullmatch(text.strip())
    if said is None or one.closed is not None:
        return None
    pills = {*people} - {ctx.me}
    found = await _people_named(ctx, one, said[2], pills)
    if found is None or (not found and "@" not in said[2] and not pills):
        return None
    if not found:
        raise UserError(
            _("Nobody who could read it is called so."), *await current_readers(ctx, one)
        )
    return await (_exclude if said[1] else _admit)(ctx, one, found)


async def _people_named(
    ctx: Context, one: Incident, text: str, pills: Collection[UserId]
) -> set[UserId] | None:
    """Return the possible readers named; None if the text is more than names, so part of the
    report."""
    every = await care_team.possible_readers(ctx, await care_team.appealed_room(ctx, one.about))
    words = [
        word
        for word in expand_links(text).replace(",", " ").split()
        if fold(word) not in _FILLER_WORDS
    ]
    looks = {who: await alluded_people.names_of(ctx, who) for who in every if who != ctx.who}
    found = {who for who in looks if who in pills}
    for word in words:
        told = SearchedText(word)
        meant = {
            w for w, names in looks.items() if rate_allusion(told, w, names) is not Allusion.NONE
        }
        if not meant and not word.startswith("@") and not pills:
            return None
        found |= meant
    return found


async def _exclude(ctx: Context, one: Incident, found: set[UserId]) -> Answer:
    if one.mark != await person_hash.hash_person(ctx.db, ctx.who):
        raise UserError(_("Only who told it says who must not read it."))
    return [*await exclude_readers(ctx, one, found), *await current_readers(ctx, one)]


async def exclude_readers(
    ctx: Context, one: Incident, found: Collection[UserId]
) -> list[Line | Effect]:
    """Stop these people from reading an incident: redact what they got, and tell the remaining
    readers. Return what to say."""
    before = await care_team.team_for(ctx, one)
    those = [who for who in found if who in before.people]
    await incident_store.exclude_readers(
        ctx.db, one.item, [await person_hash.hash_person(ctx.db, who) for who in found]
    )
    if not those:
        return []
    effects = [
        effect for who in those for effect in await care_team.redact_copies(ctx, one.item, who)
    ]
    left = await care_team.team_for(ctx, one)
    if not [who for who in left.people if who != ctx.who]:
        return [*await _delete_unreadable(ctx, one), *_excluded_lines(those), *effects]
    if one.owner in those:
        await incident_store.set_owner(ctx.db, one.item, None, ctx.now + timedelta(days=1))
        await ctx.cancel_jobs(one.item)
        await ctx.schedule(WAITING_JOB, ctx.now + timedelta(days=1), item=one.item)
    known = before.people if before.room is None else ()  # the room's message was redacted for all
    fresh = tuple(who for who in left.people if who not in known)
    return [*_excluded_lines(those), *effects, *await _tell_again(ctx, one, fresh, left.kind)]


async def _delete_unreadable(ctx: Context, one: Incident) -> list[Line]:
    """Delete an incident that nobody may read any more."""
    await ctx.cancel_jobs(one.item)
    await items.delete(ctx.db, one.item)
    ctx.db.shred()
    return [
        _("Nobody else is left who could see incident {number}: I deleted it.", number=one.item),
        *await outside_lines(ctx),
    ]


async def outside_lines(ctx: Context) -> list[Line]:
    """Return lines that say to whom to turn outside of the network."""
    contact = await ctx.setting_value(OUTSIDE_CONTACT)
    first = _("Talk to somebody you trust, or to the moderation of another network that you know.")
    if contact == OUTSIDE_CONTACT.default:
        return [first]
    return [first, _("Outside of this network you can turn to: {contact}", contact=contact)]


def _excluded_lines(those: Sequence[UserId]) -> list[Line]:
    who = tuple(Person(one) for one in those)
    return [_("From now on it is not shown to: {who}. They may have read it before.", who=who)]


async def _tell_again(
    ctx: Context, one: Incident, fresh: tuple[UserId, ...], kind: care_team.TeamKind
) -> list[Effect]:
    """Tell the incident to new readers, or to all where the team room's message was redacted."""
    await incident_store.admit_readers(
        ctx.db, one.item, [await person_hash.hash_person(ctx.db, who) for who in fresh]
    )
    lines = [
        _("Incident {number} is told to you alone from now on.", number=one.item),
        *[_("“{text}”", text=text) for text in await incident_store.texts_of(ctx.db, one)],
        *await excluded_lines(ctx, one),
        _(
            "Who takes it: `attend {number}`. When it is settled: `settle {number}` and"
            " what came of it.",
            number=one.item,
        ),
    ]
    return await care_team.IncidentTeam(None, fresh, kind).tell(
        ctx, lines, one.item, besides=ctx.who
    )


async def _admit(ctx: Context, one: Incident, found: set[UserId]) -> Answer:
    """Let people read it. Only the reporter may admit those whom the reporter left out."""
    mine = one.about is None and one.mark == await person_hash.hash_person(ctx.db, ctx.who)
    apart = await incident_store.excluded_marks(ctx.db, one.item)
    those = {who: await person_hash.hash_person(ctx.db, who) for who in found}
    if not mine and {*those.values()} & apart:
        raise UserError(_("Only who told it can say that these people may read it."))
    ctx.confirm(
        _(
            "Then incident {number} is read by: {who}",
            number=one.item,
            who=tuple(Person(who, full=True) for who in found),
        )
    )
    before = {*(await care_team.team_for(ctx, one)).people}
    await incident_store.admit_readers(ctx.db, one.item, those.values())
    after = await care_team.team_for(ctx, one)
    fresh = [who for who in those if who in after.people and who not in before]
    if not fresh:
        return await current_readers(ctx, one)
    lines = (
        _("You may read incident {number} now.", number=one.item),
        *[_("“{text}”", text=text) for text in await incident_store.texts_of(ctx.db, one)],
    )
    effects = await care_team.IncidentTeam(None, tuple(fresh), after.kind).tell(
        ctx, lines, one.item
    )
    if not mine and one.reporter is not None:
        told = _(
            "{who} says that incident {number} is not about: {people}. They read it now.",
            who=Person(ctx.who),
            number=one.item,
            people=tuple(Person(who) for who in fresh),
        )
        effects.append(Say((told,), to=one.reporter, loud=True, item=one.item))
    return [*await current_readers(ctx, one), *effects]


async def current_readers(ctx: Context, one: Incident) -> list[Line]:
    """Say who reads it and who does not."""
    if await incident_store.get_incident(ctx.db, one.item) is None:
        return []
    reads = tuple(
        Person(who) for who in (await care_team.team_for(ctx, one)).people if who != ctx.who
    )
    lines = [_("It is read by: {who}.", who=reads)] if reads else []
    return [*lines, *await excluded_lines(ctx, one)]


async def excluded_lines(ctx: Context, one: Incident) -> list[Line]:
    """Return lines that say which possible readers do not read an incident."""
    apart = await care_team.excluded_readers(
        ctx, one, await care_team.appealed_room(ctx, one.about)
    )
    those = [who for who in apart if who != ctx.who]
    if not those:
        return []
    return [
        *not_shown_lines(those),
        _("If it is not about them: `incident {number} with @name`", number=one.item),
    ]


def not_shown_lines(those: Sequence[UserId]) -> list[Line]:
    """Return the line that names the people to whom an incident is not shown; no line if there are
    none."""
    if not those:
        return []
    return [_("It is not shown to: {who}.", who=tuple(Person(one) for one in those))]
