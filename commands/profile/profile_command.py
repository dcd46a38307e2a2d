"""`!profile`: one's own profile in private, or what somebody else shows."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.api import (
    NOTHING,
    TEXT,
    Answer,
    Context,
    Line,
    People,
    Rest,
    SubCommands,
    Switch,
    UnfitValue,
    UserError,
    UserId,
    _,
    fold,
    words,
)
from commands.profile import (
    guided_setup,
    profile_parts,
    profile_store,
    request_parser,
    texts,
    visibility,
)
from commands.profile.declaration import EXAMPLE, PROFILE, feature
from commands.profile.profile_parts import PART_NAMES, ProfilePart, ProfileVisibility
from commands.profile.request_parser import ProfileRequest, ProfileVerb

SUBS = SubCommands()


@feature.command(
    words("perfil", "perfil", "profile", "mi perfil | meu perfil | my profile"),
    help=_("what you say of yourself, by choice, and who sees each part"),
    example=EXAMPLE,
    topic=PROFILE,
    subs=SUBS,
)
async def profile(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Show or change one's own profile, always in private; or show another person's where it was
    asked. Return the answer."""
    # What one says of oneself is said in many ways: `my name is Lua`, `place: Cali`.
    return await _run(ctx, people, request_parser.read_request("" if people else text))


@SUBS.sub(request_parser.VERB_NAMES[ProfileVerb.SHOW], help=_("who may see a part, or all of it"))
async def show(ctx: Context, people: People = (), *, part: Rest = NOTHING) -> Answer:
    """Set who sees a part of the asker's profile, or show somebody's profile. Return the answer."""
    return await _run(ctx, people, request_parser.read_verb(ProfileVerb.SHOW, part))


@SUBS.sub(request_parser.VERB_NAMES[ProfileVerb.HIDE], help=_("keep a part, seen by you alone"))
async def hide(ctx: Context, people: People = (), *, part: Rest = NOTHING) -> Answer:
    """Set that nobody else sees a part of the asker's profile. Return the answer."""
    return await _run(ctx, people, request_parser.read_verb(ProfileVerb.HIDE, part))


@SUBS.sub(
    request_parser.VERB_NAMES[ProfileVerb.REMOVE], help=_("delete a part, or all"), suggested=False
)
async def remove(ctx: Context, people: People = (), *, part: Rest = NOTHING) -> Answer:
    """Delete a part of the asker's profile, or all of it after a confirmation. Return the
    answer."""
    return await _run(ctx, people, request_parser.read_verb(ProfileVerb.REMOVE, part))


@SUBS.sub(
    request_parser.VERB_NAMES[ProfileVerb.GREET],
    help=_("whether I greet you by your name"),
    example=_("`!profile greeting yes` or `!profile greeting no`"),
)
async def greet(ctx: Context, people: People = (), *, answer: Rest = NOTHING) -> Answer:
    """Set whether the bot greets the person by name. Return the answer."""
    return await _run(ctx, people, request_parser.read_verb(ProfileVerb.GREET, answer))


@SUBS.sub(request_parser.VERB_NAMES[ProfileVerb.STEPS], help=_("I ask you for one part at a time"))
async def fill_in_steps(ctx: Context, people: People = (), *, rest: Rest = NOTHING) -> Answer:
    """Ask the person for the parts of their profile one by one. Return the answer."""
    return await _run(ctx, people, request_parser.read_verb(ProfileVerb.STEPS, rest))


async def _run(ctx: Context, people: People, wish: ProfileRequest) -> Answer:
    """Show somebody else's profile if one is named, else do what is wished with one's own."""
    others = [person for person in people if person != ctx.who]
    if others:
        return await _show_other(ctx, others[0])
    ctx.discreet = not ctx.is_private
    return await _HANDLERS[ProfileVerb.LOOK if people else wish.verb](ctx, wish)


async def _show_other(ctx: Context, person: UserId) -> Answer:
    if ctx.is_private:
        return texts.profile_lines(person, await visibility.visible_to(ctx, person, ctx.who))
    lines = texts.profile_lines(person, await visibility.visible_in_room(ctx, person, ctx.room))
    return [*lines, _("Here I tell only what all of this room may see.")]


async def _show_own(ctx: Context, _wish: ProfileRequest) -> Answer:
    greets = await profile_store.wants_greeting(ctx.db, ctx.who)
    return texts.own_profile_lines(await profile_store.all_parts(ctx.db, ctx.who), greets=greets)


async def _write_part(ctx: Context, wish: ProfileRequest) -> Answer:
    assert wish.part is not None
    typed = wish.value or ctx.ask(
        "value", TEXT, texts.part_question(wish.part), _("To stop: `cancel`")
    )
    held = await profile_store.put_part(
        ctx.db, ctx.who, wish.part, profile_parts.read_value(wish.part, typed)
    )
    return texts.changed_lines(held, greets=await profile_store.wants_greeting(ctx.db, ctx.who))


async def _set_visibility(ctx: Context, wish: ProfileRequest) -> Answer:
    """Set who sees one part or all of them."""
    held = await _parts_meant(ctx, wish)
    seen = wish.seen or _ask_visibility(ctx)
    if len(held) > 1 and seen is not ProfileVisibility.NOBODY:
        told = tuple(PART_NAMES[one.part] for one in held)
        ctx.confirm(_("All of this will be seen: {parts}", parts=told), texts.visibility_line(seen))
    for one in held:
        await profile_store.set_visibility(ctx.db, ctx.who, one.part, seen)
    shown = tuple(PART_NAMES[one.part] for one in held)
    return [
        _("Noted. Who sees it from now on ({parts}):", parts=shown),
        texts.visibility_line(seen),
    ]


def _ask_visibility(ctx: Context) -> ProfileVisibility:
    return guided_setup.chosen_visibility(
        ctx.ask("seen", guided_setup.VISIBILITY_CHOICE, *guided_setup.visibility_question())
    )


async def _parts_meant(ctx: Context, wish: ProfileRequest) -> list[profile_store.ProfileEntry]:
    """Return the parts that the request names. Raises `UserError` if there are none."""
    held = await profile_store.all_parts(ctx.db, ctx.who)
    if not held:
        raise UserError(_("There is nothing in your profile yet."), EXAMPLE)
    if wish.part is None and not wish.whole and len(held) > 1:
        raise UserError(_("Which part: {parts}, or all?", parts=_part_names(held)))
    found = [one for one in held if wish.part in (None, one.part)]
    if not found:
        raise UserError(
            _("That is not in your profile. There is: {parts}", parts=_part_names(held))
        )
    return found


def _part_names(held: list[profile_store.ProfileEntry]) -> tuple[object, ...]:
    return tuple(PART_NAMES[one.part] for one in held)


async def _remove_parts(ctx: Context, wish: ProfileRequest) -> Answer:
    held = await _parts_meant(ctx, wish)
    if wish.part is None:
        ctx.confirm(_("I delete all of it: {parts}", parts=_part_names(held)), final=True)
    for one in held:
        await profile_store.delete_part(ctx.db, ctx.who, one.part)
    return [_("Deleted: {parts}", parts=_part_names(held)), _("What is left: `!profile`")]


async def _set_greeting(ctx: Context, wish: ProfileRequest) -> Answer:
    """Choose whether the bot greets the person by name in private."""
    try:
        wanted = Switch().read(wish.value or "yes") == "yes"
    except UnfitValue:
        raise UserError(_("`!profile greeting yes` or `!profile greeting no`")) from None
    if wanted and await profile_store.get_part(ctx.db, ctx.who, ProfilePart.NAME) is None:
        raise UserError(_("First the name: `!profile name Lua`"))
    await profile_store.set_greeting(ctx.db, ctx.who, wanted=wanted)
    if wanted:
        return _("From now on I greet you by your name, only in private.")
    return _("I don't greet you by your name any more.")


async def _start_steps(ctx: Context, _wish: ProfileRequest) -> Answer:
    if not await guided_setup.begin_setup(ctx):
        return [_("Your profile has all its parts: `!profile`")]
    return [_("One thing at a time. `skip` goes on to the next, `cancel` stops.")]


async def _report_unknown(_ctx: Context, wish: ProfileRequest) -> Answer:
    typed = wish.value[:40]
    lines: list[Line] = [
        _(
            "I didn't understand “{typed}”. A profile has: {parts}",
            typed=typed,
            parts=tuple(PART_NAMES.values()),
        )
    ]
    heard = {fold(name): name for names in PART_NAMES.values() for name in names}
    first = fold(typed.split()[0])
    near = process.extractOne(first, list(heard), scorer=fuzz.ratio, score_cutoff=75)
    if near:
        lines.append(_("Is it `{name}`? {example}", name=heard[near[0]], example=EXAMPLE))
    lines.append(_("To see what somebody shows: `!profile @name:server`"))
    raise UserError(*lines)


_HANDLERS = {
    ProfileVerb.LOOK: _show_own,
    ProfileVerb.WRITE: _write_part,
    ProfileVerb.SHOW: _set_visibility,
    ProfileVerb.REMOVE: _remove_parts,
    ProfileVerb.GREET: _set_greeting,
    ProfileVerb.STEPS: _start_steps,
    ProfileVerb.UNKNOWN: _report_unknown,
}
