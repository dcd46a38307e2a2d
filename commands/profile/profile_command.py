"""`!profile`: one's own profile in private, or what somebody else shows."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.api import (
    TEXT,
    Answer,
    Context,
    Line,
    People,
    Switch,
    Unfit,
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
from commands.profile.profile_parts import PARTS, Part, Seen
from commands.profile.request_parser import Verb, Wish


@feature.command(
    words("perfil", "perfil", "profile", "mi perfil | meu perfil | my profile"),
    help=_("what you say of yourself, by choice, and who sees each part"),
    example=EXAMPLE,
    topic=PROFILE,
)
async def profile(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Show or change one's own profile, always in private; or show another's where it was asked."""
    others = [person for person in people if person != ctx.who]
    if others:
        return await _of(ctx, others[0])
    ctx.discreet = not ctx.private
    wish = request_parser.read("" if people else text)
    return await _DO[wish.verb](ctx, wish)


async def _of(ctx: Context, person: UserId) -> Answer:
    if ctx.private:
        return texts.of(person, await visibility.shown(ctx, person, ctx.who))
    lines = texts.of(person, await visibility.shown_in(ctx, person, ctx.room))
    return [*lines, _("Here I tell only what all of this room may see.")]


async def _look(ctx: Context, _wish: Wish) -> Answer:
    greets = await profile_store.greets(ctx.db, ctx.who)
    return texts.own(await profile_store.every(ctx.db, ctx.who), greets=greets)


async def _write(ctx: Context, wish: Wish) -> Answer:
    assert wish.part is not None
    typed = wish.value or ctx.ask("value", TEXT, texts.question(wish.part), _("To stop: `cancel`"))
    held = await profile_store.put(
        ctx.db, ctx.who, wish.part, profile_parts.value(wish.part, typed)
    )
    return texts.written(held, greets=await profile_store.greets(ctx.db, ctx.who))


async def _show(ctx: Context, wish: Wish) -> Answer:
    """Set who sees one part or all of them."""
    held = await _meant(ctx, wish)
    seen = wish.seen or _asked_who(ctx)
    if len(held) > 1 and seen is not Seen.NOBODY:
        told = tuple(PARTS[one.part] for one in held)
        ctx.confirm(_("All of this will be seen: {parts}", parts=told), texts.seen_by(seen))
    for one in held:
        await profile_store.show(ctx.db, ctx.who, one.part, seen)
    shown = tuple(PARTS[one.part] for one in held)
    return [_("Noted. Who sees it from now on ({parts}):", parts=shown), texts.seen_by(seen)]


def _asked_who(ctx: Context) -> Seen:
    return guided_setup.audience(ctx.ask("seen", guided_setup.WHO, *guided_setup.who_may()))


async def _meant(ctx: Context, wish: Wish) -> list[profile_store.Held]:
    """Return the parts that the request names. Raises `UserError` if there are none."""
    held = await profile_store.every(ctx.db, ctx.who)
    if not held:
        raise UserError(_("There is nothing in your profile yet."), EXAMPLE)
    if wish.part is None and not wish.whole and len(held) > 1:
        raise UserError(_("Which part: {parts}, or all?", parts=_names(held)))
    found = [one for one in held if wish.part in (None, one.part)]
    if not found:
        raise UserError(_("That is not in your profile. There is: {parts}", parts=_names(held)))
    return found


def _names(held: list[profile_store.Held]) -> tuple[object, ...]:
    return tuple(PARTS[one.part] for one in held)


async def _remove(ctx: Context, wish: Wish) -> Answer:
    held = await _meant(ctx, wish)
    if wish.part is None:
        ctx.confirm(_("I delete all of it: {parts}", parts=_names(held)), final=True)
    for one in held:
        await profile_store.take_out(ctx.db, ctx.who, one.part)
    return [_("Deleted: {parts}", parts=_names(held)), _("What is left: `!profile`")]


async def _greet(ctx: Context, wish: Wish) -> Answer:
    """Choose whether the bot greets the person by name in private."""
    try:
        wanted = Switch().read(wish.value or "yes") == "yes"
    except Unfit:
        raise UserError(_("`!profile greeting yes` or `!profile greeting no`")) from None
    if wanted and await profile_store.get(ctx.db, ctx.who, Part.NAME) is None:
        raise UserError(_("First the name: `!profile name Lua`"))
    await profile_store.greet(ctx.db, ctx.who, wanted=wanted)
    if wanted:
        return _("From now on I greet you by your name, only in private.")
    return _("I don't greet you by your name any more.")


async def _steps(ctx: Context, _wish: Wish) -> Answer:
    if not await guided_setup.begin(ctx):
        return [_("Your profile has all its parts: `!profile`")]
    return [_("One thing at a time. `skip` goes on to the next, `cancel` stops.")]


async def _unknown(_ctx: Context, wish: Wish) -> Answer:
    typed = wish.value[:40]
    lines: list[Line] = [_("I didn't understand “{typed}”. A profile has: {parts}", typed=typed,
                           parts=tuple(PARTS.values()))]  # fmt: skip
    heard = {fold(name): name for names in PARTS.values() for name in names}
    first = fold(typed.split()[0])
    near = process.extractOne(first, list(heard), scorer=fuzz.ratio, score_cutoff=75)
    if near:
        lines.append(_("Is it `{name}`? {example}", name=heard[near[0]], example=EXAMPLE))
    lines.append(_("To see what somebody shows: `!profile @name:server`"))
    raise UserError(*lines)


_DO = {
    Verb.LOOK: _look,
    Verb.WRITE: _write,
    Verb.SHOW: _show,
    Verb.REMOVE: _remove,
    Verb.GREET: _greet,
    Verb.STEPS: _steps,
    Verb.UNKNOWN: _unknown,
}
