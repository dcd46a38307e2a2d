"""`!language` and `!timezone`: a person's own language and time zone."""

from __future__ import annotations

from bot.api import (
    LANGUAGE_CHOSEN,
    LANGUAGE_WORDS,
    NOTHING,
    Answer,
    Context,
    Language,
    Line,
    Moment,
    Rest,
    UnfitValue,
    UserError,
    _,
    choice_of,
    dates,
    settings,
    words,
)
from commands.rooms.declaration import YOURS, feature


@feature.command(
    words(
        "idioma",
        "idioma",
        "language",
        "lengua, háblame en, escríbeme en, habla en | "
        "língua, fala comigo em, fale comigo em, escreve em | "
        "lang, speak to me in",
    ),
    help=_("your own language"),
    example=_("For example: `!language es`"),
    topic=YOURS,
)
async def language(ctx: Context, *, name: Rest = NOTHING) -> Answer:
    """Show or choose the language in which the bot writes to this person in private. Return the
    answer."""
    own, _zone = await settings.person_settings(ctx.db, ctx.who)
    if not name:
        now = Language().show(own or ctx.defaults.language)
        change = _("To change it: `!language es`, `!language pt` or `!language en`")
        return [
            _("I write to you in {language} in private.", language=now),
            change,
            *_room_language_hint(ctx),
        ]
    try:
        chosen = Language().read(name)
    except UnfitValue:
        raise UserError(
            _(
                "I don't speak “{language}” yet. I speak: {all}",
                language=name[:40],
                all=tuple(LANGUAGE_WORDS.values()),
            ),
            _("For example: `!language es`"),
        ) from None
    await settings.set_language(ctx.db, ctx.who, chosen)
    said = _(
        "From now on I write to you in {language} in private.", language=Language().show(chosen)
    )
    waits = [line for offer in ctx.registry.offers(LANGUAGE_CHOSEN) for line in await offer(ctx)]
    return [said, *_room_language_hint(ctx), *waits]


def _room_language_hint(ctx: Context) -> list[Line]:
    """In a room, say that the answer follows the room's language."""
    if ctx.is_private:
        return []
    return [_("This room keeps its own language; the moderators choose it: `!config language`")]


@feature.command(
    words("zona", "fuso", "timezone", "huso, tz | horário, tz | tz"),
    help=_("your own time zone, by city"),
    example=_("For example: `!timezone Bogotá`"),
    topic=YOURS,
)
async def timezone(ctx: Context, *, place: Rest = NOTHING) -> Answer:
    """Show or choose this person's time zone. Return the answer."""
    _language, own = await settings.person_settings(ctx.db, ctx.who)
    if not place:
        now = Moment(ctx.said_at, own or ctx.defaults.zone)
        lines = [_("Your clock: {moment}", moment=now), _("To change it: `!timezone Bogotá`")]
        return [*lines, *_profile_hint(ctx, own or ctx.defaults.zone)]
    chosen = _choose_zone(ctx, place)
    await settings.set_zone(ctx.db, ctx.who, chosen)
    lines = [_("Your clock from now on: {moment}", moment=Moment(ctx.said_at, chosen))]
    if not ctx.is_private:
        lines.append(_("It counts in private. This room keeps its own clock: `!config timezone`"))
    return lines


def _profile_hint(ctx: Context, now: str) -> list[Line]:
    """Offer the zone of the person's profile (MSC4175) if it is another one. Never take it.

    In private only: it says where somebody is.
    """
    shown = ctx.fetched.zone(ctx.who) if ctx.is_private else None
    if shown is None or shown == now:
        return []
    return [
        _(
            "Your app's profile says {moment}. To take that clock: `!timezone {place}`",
            moment=Moment(ctx.said_at, shown),
            place=dates.zone_label(shown, "es"),
        )
    ]


def _choose_zone(ctx: Context, text: str) -> str:
    found = dates.find_zone(text)
    if found is None:
        raise UserError(
            _("I don't know a place called “{place}”. Write a big city near it.", place=text[:40]),
            _("For example: `!timezone Bogotá`"),
        )
    if isinstance(found, str):
        return found
    options = [
        _("{n}) {place}: {moment}", n=n, place=zone, moment=Moment(ctx.said_at, zone))
        for n, zone in enumerate(found, start=1)
    ]
    asked = _("Which one do you mean?")
    answer = ctx.ask(
        "zone", choice_of(len(found), names=found), asked, *options, _("Answer with the number.")
    )
    return found[int(answer) - 1]
