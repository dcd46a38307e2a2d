"""Changes to the organisations of a room, by moderators and when a delegate leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    DESCRIBE_LOG_ENTRY,
    Answer,
    Context,
    Line,
    Membership,
    MembershipChanged,
    NamedArgument,
    Room,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    fold,
    log,
    n_,
    one_line,
    split_arguments,
)
from commands.organisations import voter_texts
from commands.organisations.declaration import feature
from commands.organisations.organisation_table import COLUMNS, parse_number
from commands.poll_book import voter_store
from commands.poll_book.people import NOBODY_WORDS, Crowd
from commands.poll_book.voter_store import MOST_WEIGHT, Organisation

LONGEST_NAME = 100
SHORT_NAME = 5  # `Este` and `Oeste` differ; longer names one letter apart may be the same
DELEGATE, ALTERNATE, WEIGHT = (
    NamedArgument(COLUMNS[c]) for c in ("delegate", "alternate", "weight")
)
ARGS = (DELEGATE, ALTERNATE, WEIGHT)
EXAMPLE = _('For example: `!voters add "South Co-op" @ana alternate: @beto weight: 20`')
_SPOKEN = re.compile(
    r"(?<!\w)(titular|delegad[oa]|delegate|suplente|alternate|peso|weight)\s+(?=[@\[\d])",
    re.IGNORECASE,
)
"""Matches arguments without colons: `suplente @beto peso 20`."""
_SETTING = re.compile(r"\s([^\W\d_][\w-]{1,20}):\s*\S")
"""Matches what looks like an argument behind the delegate but is unknown."""
_QUOTED = re.compile(r"""^(["'])([^"']*)\1$""")
_MENTION = re.compile(r"(?<!\S)(?=@|\[[^\]]*\]\(https://matrix\.to/)")
Pair = tuple[Organisation | None, Organisation | None]
"""An organisation before and after a change."""


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """A requested change to an organisation, as it was typed. None means unchanged."""

    name: str
    delegate: str | None = None
    alternate: str | None = None
    weight: str | None = None


def clean_name(name: str) -> str:
    """Return an organisation's name on one line. Raises `UserError` if it is empty or too long."""
    name = one_line(name)
    name = _QUOTED.sub(r"\2", name).strip()
    if not re.search(r"\w", name):
        raise UserError(_("The name of the organisation is missing."), EXAMPLE)
    if len(name) > LONGEST_NAME:
        raise UserError(_("The name has more than {most} letters.", most=LONGEST_NAME))
    return name


def apply_change(
    wish: OrganisationChange, before: Organisation | None, crowd: Crowd
) -> Organisation:
    """Return the organisation with the change applied. Raises `UserError` for a change that can't
    be made."""
    after = before or Organisation(None, wish.name)
    if wish.delegate is not None:
        after = replace(after, delegate=_person(crowd, wish.delegate))
    if wish.alternate is not None:
        after = replace(after, alternate=_person(crowd, wish.alternate))
    if wish.weight:
        after = replace(after, weight=_weight(wish.weight))
    if after.delegate and after.delegate == after.alternate:
        raise UserError(_("The delegate and the alternate are the same person."))
    return after


def _person(crowd: Crowd, typed: str) -> UserId | None:
    return None if fold(typed.strip()) in NOBODY_WORDS | {""} else crowd.one(typed)


def _weight(typed: str) -> int:
    found = parse_number(typed)
    if found is None or not 1 <= found <= MOST_WEIGHT:
        raise UserError(
            _(
                "“{typed}” is no weight: it is a whole number from 1 to {most}.",
                typed=typed[:20],
                most=MOST_WEIGHT,
            )
        )
    return found


# --- one organisation -----------------------------------------------------------------------------


async def add_organisation(ctx: Context, room: Room, text: str) -> Answer:
    """Add an organisation, or change the given parts of one. Return what to say, if anything.
    Raises `UserError` for a line that can't be read, a missing name or delegate, an impossible
    weight, and a no."""
    crowd = await Crowd.read(ctx, room.room)
    wish = _parse_change(text, crowd)
    before = await voter_store.get_organisation(ctx.db, room.room, wish.name)
    if before is None:
        if wish.delegate is None:
            raise UserError(_("Missing: who is the delegate of “{name}”.", name=wish.name), EXAMPLE)
        await _confirm_new_name(ctx, room.room, wish.name)
    after = apply_change(wish, before, crowd)
    if after == before:
        return [_("It is so already."), voter_texts.organisation_line(after)]
    rolled = await voter_store.keys_on_open_rolls(ctx.db, room.room)
    await make_changes(ctx, room.room, "change" if before else "add", [(before, after)])
    return [
        voter_texts.change_line(before, after),
        *voter_texts.consequence_lines([after], rolled, set(crowd.names), fresh=before is None),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


def _parse_change(text: str, crowd: Crowd) -> OrganisationChange:
    """Parse `"South Co-op" @ana alternate: @beto weight: 20`. The quotes are optional."""
    parts = split_arguments(_SPOKEN.sub(r"\1: ", text), ARGS, lambda _words: False)
    name, delegate = _name_and_delegate(parts.free, parts.quoted, crowd)
    unknown = (*parts.unknown, *_SETTING.findall(delegate))
    if unknown:
        raise UserError(_("I don't know `{name}:` here.", name=unknown[0]), EXAMPLE)
    named = parts.named
    return OrganisationChange(
        clean_name(name),
        named.get(DELEGATE.key) or delegate or None,
        named.get(ALTERNATE.key),
        named.get(WEIGHT.key),
    )


def _name_and_delegate(free: str, quoted: Sequence[str], crowd: Crowd) -> tuple[str, str]:
    if quoted:
        return quoted[0], free or " ".join(quoted[1:])
    name, *people = _MENTION.split(free, maxsplit=1)
    return (name, people[0]) if people else crowd.split_trailing_name(free)


async def _confirm_new_name(ctx: Context, room: RoomId, name: str) -> None:
    """Ask for confirmation if a new name is close to an existing one."""
    near = await nearest_organisation(ctx, room, name) if len(name) > SHORT_NAME else None
    if near and re.findall(r"\d+", near.name) == re.findall(r"\d+", name):
        ctx.confirm(
            _(
                "There is “{near}” already. “{name}” would be one more organisation.",
                near=near.name,
                name=name,
            )
        )


async def nearest_organisation(ctx: Context, room: RoomId, name: str) -> Organisation | None:
    """Return the organisation whose name is at most two letters off, or None."""
    listed = await voter_store.organisations_in(ctx.db, room)
    every = {voter_store.comparable_name(one.name): one for one in listed}
    wanted = voter_store.comparable_name(name)
    cutoff = 2 if len(wanted) > SHORT_NAME else 1
    found = process.extractOne(
        wanted, list(every), scorer=DamerauLevenshtein.distance, score_cutoff=cutoff
    )
    return every[found[0]] if found else None


async def remove_organisation(ctx: Context, room: Room, text: str) -> Answer:
    """Remove the organisation of this name from the room's list of who votes there. Return what to
    say, if anything. Raises `UserError` if the list has none of that name."""
    name = clean_name(text)
    before = await voter_store.get_organisation(ctx.db, room.room, name)
    if before is None:
        near = await nearest_organisation(ctx, room.room, name)
        raise UserError(
            _("There is no organisation “{name}” here.", name=name),
            _('Is it `!voters remove "{name}"`?', name=near.name)
            if near
            else _("All there are: `!voters`"),
        )
    rolled = before.key in await voter_store.keys_on_open_rolls(ctx.db, room.room)
    await make_changes(ctx, room.room, "remove", [(before, None)])
    return [
        _(
            "“{name}” votes here no more. Before: {parts}",
            name=before.name,
            parts=voter_texts.organisation_parts(before, full=True),
        ),
        *(
            [_("In open polls nobody votes for it from now on; what it voted stays.")]
            if rolled
            else []
        ),
        _("It stands in `!log`. To go back: `!undo`"),
    ]


# --- what every change does -----------------------------------------------------------------------


async def make_changes(ctx: Context, room: RoomId, kind: str, pairs: Sequence[Pair]) -> None:
    """Store changes of organisations with one log entry, which one undo takes back."""
    names = [(one.name, before) for before, after in pairs if (one := after or before)]
    change = await voter_store.store_before(ctx.db, room, names)
    for before, after in pairs:
        if after is not None:
            await voter_store.put_organisation(ctx.db, room, after, ctx.said_at)
        elif before is not None:
            await voter_store.drop_organisation(ctx.db, before)
    facts: dict[str, Any] = {"kind": kind, "count": len(pairs), "name": names[0][0]}
    if len(pairs) == 1:
        before, after = pairs[0]
        facts |= {"weights": [one.weight if one else None for one in (before, after)]}
    await ctx.log("voters", facts, room=room, undo={"change": change})


@feature.undo("voters")
async def undo_changes(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Restore the organisations as they were before a change, for `!undo`. Return what to say, if
    anything."""
    await voter_store.restore_before(ctx.db, int(kept["change"]), ctx.said_at)
    return None


@feature.offers(DESCRIBE_LOG_ENTRY)
async def describe_log_entry(_ctx: Context, entry: log.LogEntry) -> Line | None:
    """Return the line about changed organisations in a room's log. It never names who speaks for
    one.

    So a person can be forgotten without changing the log.
    """
    facts = entry.facts
    if entry.act != "voters":
        return None
    kind, count, name = str(facts.get("kind")), int(facts.get("count", 0)), facts.get("name")
    before, after = facts.get("weights") or (None, None)
    if kind == "change" and before != after:
        return _(
            "organisation “{name}”: weight {before} → {after}",
            name=name,
            before=before,
            after=after,
        )
    one = {
        "add": _("new organisation “{name}”, weight {after}", name=name, after=after),
        "change": _("organisation “{name}”: who speaks for it", name=name),
        "own": _("organisation “{name}”: changed by itself who speaks for it", name=name),
        "remove": _("organisation “{name}” taken out", name=name),
        "leave": _("organisation “{name}”: somebody who spoke for it left", name=name)
        if count == 1
        else _("organisations: {count}; who spoke for them left", count=count),
        "import": n_("{count} organisation imported", "{count} organisations imported", count),
        "export": n_("{count} organisation exported", "{count} organisations exported", count),
    }
    return one.get(kind)


# --- a delegate leaves ----------------------------------------------------------------------------


@feature.on(MembershipChanged)
async def remove_leaver(ctx: Context, moved: MembershipChanged) -> Answer:
    """Remove a person who left the room from its organisations, and from open polls. Return what to
    say, if anything."""
    if moved.after not in (Membership.LEAVE, Membership.BAN):
        return None
    spoken = await voter_store.organisations_of(ctx.db, moved.user, moved.room)
    if not spoken:
        return None
    pairs: list[Pair] = [(one, _without_person(one, moved.user)) for one in spoken]
    await make_changes(ctx, moved.room, "leave", pairs)
    orphans = tuple(one.name for one in spoken if one.delegate == moved.user)
    if not orphans:
        return None
    lines = (
        n_(
            "“{names}” has no delegate any more: who was it left this room.",
            "These have no delegate any more, because who was it left this room: {names}",
            len(orphans),
            names=orphans[:20],
        ),
        _('What was voted stays. A new one: `!voters add "{name}" @name`', name=orphans[0]),
    )
    return Say(lines, room=moved.room)


def _without_person(one: Organisation, person: UserId) -> Organisation:
    return replace(
        one,
        delegate=None if one.delegate == person else one.delegate,
        alternate=None if one.alternate == person else one.alternate,
    )
