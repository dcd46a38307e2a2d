"""`!accompany`: offer to accompany newcomers, and take that back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Line,
    Number,
    Person,
    Say,
    UserError,
    _,
    fold_answer,
    n_,
    rooms,
    words,
)
from commands.onboarding import yes_or_no
from commands.onboarding.declaration import NEWCOMERS
from commands.welcome import store as arrivals
from commands.welcome.companions import answers, languages, store, turns
from commands.welcome.declaration import feature

SHOWN = 20
_NUMBER = re.compile(r"#?(\d{1,9})\b")


@feature.command(
    words("acompañar", "acompanhar", "accompany", "acompaño | acompanho |"),
    help=_("offer to be there for those who are new"),
    example=_("For example: `!accompany yes`, `!accompany Spanish, English` or `!accompany no`"),
    topic=NEWCOMERS,
)
async def accompany(ctx: Context, *, text: str = "") -> Answer:
    """Show the person's offer to accompany newcomers, or offer it (`yes`), or stop (`no`); with a
    number, for one only. Return the answer.

    Languages say for whom: who reads one of them. Raises `UserError` for people in no room, for
    other words, and for a number that is not theirs.
    """
    # A number and a yes or no, in any order.
    if not await rooms.shares_chat_room(ctx.db, ctx.who):
        raise UserError(_("We share no room yet. Ask the moderators of your network."))
    number, word = _NUMBER.search(text), _NUMBER.sub(" ", text).strip()
    word, spoken = languages.take_languages(word)
    yes = yes_or_no.parse(word)
    if spoken and not word:
        yes = True
    if (yes is None and word and fold_answer(word)) or (yes is False and spoken):
        raise UserError(
            _("I didn't understand “{typed}”.", typed=word[:40]),
            _("For example: `!accompany yes`, `!accompany Spanish, English` or `!accompany no`"),
        )
    if number is not None:
        return _in_private(ctx, await _turn_of_number(ctx, Number(int(number[1])), yes))
    if yes is None:
        return _in_private(ctx, await _offer_lines(ctx))
    return await (_start_offering(ctx, spoken) if yes else _stop_offering(ctx))


def _in_private(ctx: Context, answer: Sequence[Line | Effect]) -> Answer:
    """Answer in private, since who accompanies whom is for the two alone."""
    if ctx.is_private:
        return answer
    lines = tuple(one for one in answer if isinstance(one, Line))
    others = [one for one in answer if not isinstance(one, Line)]
    return [_("I wrote to you in private."), Say(lines, to=ctx.who, loud=True), *others]


async def _turn_of_number(
    ctx: Context, number: Number, yes: bool | None
) -> Sequence[Line | Effect]:
    pair = await answers.find_own_turn(ctx, number)
    if pair is None:
        raise UserError(_("There is no number {number} here.", number=number))
    if yes is not None:
        return await answers.carry_out_answer(ctx, pair, yes=yes)
    if pair.newcomer == ctx.who:
        return [turns.companion_line(pair), turns.refusal_help(pair)]
    return [answers.turn_line(pair), _("If you can't: `I can't {number}`", number=number)]


async def _offer_lines(ctx: Context) -> list[Line]:
    lines = (
        [
            _("You offer to be there for those who are new. To stop: `!accompany no`"),
            await _languages_line(ctx),
        ]
        if await store.has_offered(ctx.db, ctx.who)
        else [_("Whoever is new likes to have somebody to ask. To offer it: `!accompany yes`")]
    )
    pairs = await store.open_turns_of(ctx.db, ctx.who)
    lines += [answers.turn_line(pair) for pair in pairs[:SHOWN]]
    if pairs:
        lines.append(_("If you can't: `I can't {number}`", number=pairs[0].item))
    everybody = await store.all_companions(ctx.db)
    if ctx.who in ctx.defaults.moderators and everybody:
        names = tuple(Person(one) for one in everybody[:SHOWN])
        lines.append(
            n_(
                "{count} person offers it: {people}",
                "{count} people offer it: {people}",
                len(everybody),
                people=names,
            )
        )
    return lines


async def _languages_line(ctx: Context) -> Line:
    spoken = languages.language_names(await languages.languages_of(ctx, ctx.who))
    return _(
        "First for who reads: {languages}. To change that: `!accompany Spanish, Portuguese`",
        languages=spoken,
    )


async def _start_offering(ctx: Context, spoken: Sequence[str]) -> Answer:
    first = await store.add_offer(ctx.db, ctx.who, ctx.said_at)
    if spoken:
        await store.set_languages(ctx.db, ctx.who, spoken)
    newcomer = await arrivals.get_newcomer(ctx.db, ctx.who)
    came = newcomer.since if newcomer is not None else None
    since = came + turns.SETTLED if came else ctx.now
    later = [_("As you are new yourself, your turn comes from {day} on.", day=Day(since))]
    return [
        _("Noted. When it is your turn I write to you in private, and you can say no each time.")
        if first
        else _("You offer it already."),
        *(later if since > ctx.now else ()),
        await _languages_line(ctx),
        _("To stop: `!accompany no`"),
    ]


async def _stop_offering(ctx: Context) -> Answer:
    """Stop offering. Turns pass on unless the newcomer knows of them already."""
    if not await store.remove_offer(ctx.db, ctx.who):
        return [_("You don't offer it now. To offer it: `!accompany yes`")]
    pairs = await store.open_turns_of(ctx.db, ctx.who)
    effects = [e for one in pairs if one.told_at is None for e in await turns.pass_turn(ctx, one)]
    still = [one for one in pairs if one.told_at is not None]
    said = [_("Noted: I ask you no more. To offer it again: `!accompany yes`")]
    if not still:
        return [*said, *effects]
    kept = (
        _("These count on you still. If you can't: `I can't {number}`", number=still[0].item),
        *(answers.turn_line(one) for one in still[:SHOWN]),
    )
    return [*said, Say(kept, to=ctx.who, loud=True), *effects]
