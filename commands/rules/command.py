"""`!rules` shows or changes the network's rules; `I agree` accepts them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    Context,
    Item,
    Line,
    Moment,
    Number,
    Rest,
    RoomId,
    Say,
    Sentence,
    SubCommands,
    UserError,
    _,
    can_reach,
    carry_out,
    find_help_kind,
    fold,
    fold_answer,
    items,
    n_,
    network_only,
    shorten_line,
    strip_hidden,
    words,
)
from commands.onboarding.declaration import NEWCOMERS
from commands.rules import acceptance_requests, gate, store
from commands.rules.declaration import feature
from commands.rules.store import Rules

LONGEST = 4000
"""Letters of the rules."""
SET = words("cambiar", "mudar", "set", "poner, escribir, pôr, escrever, change")
RULES = SubCommands()
feature.stands_for(
    words(
        "estas son las reglas",
        "estas são as regras",
        "set the rules",
        "pon las reglas, cambia las reglas, escribe las reglas, cambiar las reglas"
        " | muda as regras, coloca as regras, escreve as regras, mudar as regras"
        " | change the rules, write the rules, these are the rules, set the rules to",
    ),
    "rules set",
)
_RULES_ARE = re.compile(
    r"(?:las |nuestras |as |nossas |the |our )(?:reglas|normas|regras|rules) (?:son|sao|are)"
    r"(?:\s*:\s*|\s+)((?:\S+\s+){3}\S[\s\S]*)"
)
feature.sentences.append(
    Sentence(_RULES_ARE, "rules set {}", only_if=lambda text: find_help_kind(text) is None)
)
NEWEST = _("The newest rules: `!rules`. Answer that message with `I agree`.")
NO_RULES = (_("This network has not written its rules yet."),)


@feature.command(
    words(
        "reglas",
        "regras",
        "rules",
        "normas, cuáles son las reglas, qué reglas hay | "
        "normas, quais são as regras | "
        "normas, what are the rules",
    ),
    help=_("the network's rules, and whether you accepted them"),
    example=_("For example: `!rules`, or to write them: `!rules set` and the text"),
    topic=NEWCOMERS,
    subs=RULES,
)
async def rules(ctx: Context, *, words: Rest = NOTHING) -> Answer:
    """Show the network's rules. Return the answer. Raises `UserError` for other words."""
    if re.search(r"\w", words):
        raise UserError(
            _("I didn't understand “{typed}”.", typed=words[:40]),
            _("To read the rules: `!rules`. To write them: `!rules set` and the text"),
        )
    found = await store.current_rules(ctx.db)
    if found is None:
        return NO_RULES
    lines = (*gate.rules_lines(ctx, found), *await _acceptance_lines(ctx, found))
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=found.item)


@RULES.sub(SET, help=_("write the rules, for the network's moderators"))
async def set_rules(ctx: Context, *, words: Rest = NOTHING) -> Answer:
    """Write a new version of the network's rules. Return the answer. Raises `UserError` without the
    right, and for an unfit text."""
    return await _change(ctx, words)


async def _acceptance_lines(ctx: Context, found: Rules) -> list[Line]:
    """Return how the person can accept, or when they did. A room does not read who accepted."""
    if not ctx.is_private:
        return [_("To accept them, write to me in private or answer this message: `I agree`")]
    when = await store.acceptance_time(ctx.db, found.version, ctx.who)
    if when is None:
        return [_("To accept them: `I agree`")]
    return [_("You accepted this version: {moment}.", moment=Moment(when))]


async def _change(ctx: Context, text: str) -> Answer:
    if ctx.who not in ctx.defaults.moderators:
        raise network_only(ctx.defaults.moderators)
    text = strip_hidden(text).strip().strip('"“”').strip()
    if not re.search(r"\w", text):
        raise UserError(
            _("Missing: the text of the rules. For example: `!rules set We listen to each other.`")
        )
    if len(text) > LONGEST:
        raise UserError(
            _(
                "The rules have up to {most} letters; these have {count}.",
                most=LONGEST,
                count=len(text),
            )
        )
    before = await store.current_rules(ctx.db)
    if before is not None and before.text == text:
        raise UserError(_("They say so already."))
    people = await acceptance_requests.network_members(ctx)
    ctx.confirm(
        n_(
            "I ask {count} person in private to accept the new rules.",
            "I ask {count} people in private to accept the new rules.",
            len(people),
        ),
        _("It holds for the whole network."),
    )
    room = await ctx.moderators_room() or ctx.room
    what = _("the network's rules, a new version: “{text}”", text=shorten_line(text))
    return await carry_out(ctx, ActRequest("agreement", room, what, {"text": text}, entitled=True))


feature.log_line("rules", _("wrote version {version} of the network's rules"))


@feature.act(
    "agreement",
    words("reglas-de-la-red", "regras-da-rede", "network-rules"),
    _("change the network's rules"),
    value=True,
)
async def publish_rules(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Put a new version of the network's rules in force, and ask all members to accept it. Return
    what to say, if anything."""
    before, text = await store.current_rules(ctx.db), str(payload["text"])
    number = await ctx.add_item("rules", "", room)
    version = before.version + 1 if before else 1
    await store.add_rules(ctx.db, Rules(version, number, text, ctx.said_at))
    await ctx.log("rules", {"version": version}, room=room, undo={"version": version})
    await acceptance_requests.ask_for_acceptance(
        ctx, await acceptance_requests.network_members(ctx)
    )
    return [
        _("The rules are version {version} now.", version=version),
        _("Who has not accepted them: `!requests`. It stands in `!log`. To go back: `!undo`"),
    ]


@feature.undo("rules")
async def undo_rules(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Put the version before of the network's rules in force again, for `!undo`. Acceptances of
    that version still count. Return what to say, if anything.

    Raises `UserError` without the right, and if there is a newer version.
    """
    if ctx.who not in {ctx.me, *ctx.defaults.moderators}:  # the bot: if a vote decided it
        raise network_only(ctx.defaults.moderators)
    newest = await store.current_rules(ctx.db)
    if newest is None or not await store.withdraw_rules(ctx.db, int(kept["version"])):
        raise UserError(_("There are newer rules meanwhile."))
    await items.close(ctx.db, newest.item)
    return None


YES = words(
    "acepto",
    "aceito",
    "I agree",
    "de acuerdo, acepto las reglas, acepto las normas, sí acepto, yo acepto |"
    " concordo, aceito as regras, aceito as normas, sim aceito, eu aceito |"
    " agree, I agree to the rules, yes I agree, I accept, I accept the rules",
)
"""The words that accept the rules."""


@feature.reply("rules")
async def accept_by_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Accept the network's rules by a reply to them, in a room too. Return None for any other
    reply."""
    found = await store.current_rules(ctx.db)
    if found is None or fold_answer(text) not in {fold(word) for word in YES}:
        return None
    if item.number != found.item:
        return [NEWEST]
    return await _accept(ctx, found)


_NUMBER = re.compile(r"#?(\d{1,9})[\s.!]*")


@feature.command(
    YES,
    help=_("accept the network's rules"),
    example=_("For example: `I agree`"),
    topic=NEWCOMERS,
)
async def agree(ctx: Context, *, text: str = "") -> Answer:
    """Accept the network's rules, in private or in reply to them; date and version are stored.
    Return the answer.

    About another thing (a proposal, say) the word goes to the capability of that thing.
    """
    # A number or whatever is replied to may be another capability's.
    number, about = _NUMBER.fullmatch(text.strip()), await _item_meant(ctx, text)
    if about is not None and about.kind != "rules":
        return await _hand_over(ctx, about)
    if number is not None and about is None:
        return _no_such_number(Number(int(number[1])))
    found = await store.current_rules(ctx.db)
    if found is None:
        return NO_RULES
    if not ctx.is_private and (about is None or about.number != found.item):
        return [NEWEST]
    if re.search(r"\w", text) and about is None:
        return [_("To accept the rules write just: `I agree`")]
    return await _accept(ctx, found)


async def _accept(ctx: Context, found: Rules) -> Answer:
    first = await store.add_acceptance(ctx.db, found.version, ctx.who, ctx.said_at)
    when = await store.acceptance_time(ctx.db, found.version, ctx.who) or ctx.said_at
    said = (
        _(
            "Noted: you accepted version {version} of the rules, {moment}.",
            version=found.version,
            moment=Moment(when),
        )
        if first
        else _("You accepted this version: {moment}.", moment=Moment(when))
    )
    if ctx.is_private and (coming := await gate.invite_held(ctx, ctx.who, said)):
        return coming
    return [said, *await gate.invite_held(ctx, ctx.who)]


def _no_such_number(number: Number) -> Answer:
    return [_("There is no number {number} here.", number=number)]


async def _item_meant(ctx: Context, text: str) -> Item | None:
    """Return what the word is about: by its number (`de acuerdo 57`), else what is replied to."""
    number = _NUMBER.fullmatch(text.strip())
    if number is not None:
        return await items.get(ctx.db, Number(int(number[1])))
    return await items.item_about(ctx.db, ctx.origin.reply_to) if ctx.origin.reply_to else None


async def _hand_over(ctx: Context, item: Item) -> Answer:
    """Hand the word over to the capability of the thing that it is about."""
    feature_of = ctx.registry.features.get(item.feature)
    handler = feature_of.reply_handlers.get(item.kind) if feature_of else None
    if feature_of is None or handler is None:
        return _no_such_number(item.number)
    ctx.does, _reach = feature_of.reply_access[item.kind]
    if not await can_reach(ctx, item):
        return _no_such_number(item.number)
    ctx.feature = item.feature
    return await handler(ctx, item, re.sub(r"(?<!\s)\s*#?\d{1,9}[\s.!]*$", "", ctx.text))
