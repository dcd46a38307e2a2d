"""`!help`, `!pending` and `!cancel`: what a person can do here, what is open, and taking it
back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.api import (
    Answer,
    Asking,
    Command,
    Context,
    Does,
    Effect,
    Feature,
    Line,
    Missing,
    Need,
    Reach,
    Topic,
    UserError,
    _,
    fold,
    is_author,
    items,
    log,
    n_,
    rooms,
    words,
)

feature = Feature("help", Path(__file__).parent)

HELP = Topic("help", words("ayuda", "ajuda", "help"), _("Help"))
_SEVERAL = re.compile(
    r"\s*#?\d{1,9}(?:[\s,;&+]+(?:(?:y|e|and)\s+)?#?\d{1,9}\b(?![\d:/.\-]))+", re.IGNORECASE
)
"""Several numbers that are no date: `2 3`, `2, 3 y 4`."""
_NAMED = re.compile(r"^(?:[^\W\d]+\s+){1,2}(?=#?\d+\s*$)")
"""One or two words before a number: `el 5`, `el recordatorio 5`."""
PAGE = 15
"""Lines that fit on a phone's screen."""
SOME = 3
"""How many commands the overview shows of each topic."""


@feature.command(
    words(
        "ayuda",
        "ajuda",
        "help",
        "menú, comandos, ?, ayudar | menu, comandos, ?, ajudar | menu, commands, ?",
    ),
    help=_("what can be done here"),
    example=_("For example: `!help` or `!help polls`"),
    topic=HELP,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def show(ctx: Context, *, topic: str = "") -> Answer:
    """Show all topics, the commands of one topic, or one command with its example."""
    commands = [c for c in ctx.registry.commands if await _allowed(ctx, c)]
    if not topic:
        return _overview(ctx, commands)
    wanted = fold(topic.strip().lstrip("!"))
    for heading in ctx.registry.topics():
        if any(fold(word) == wanted for word in heading.name):
            found = ctx.registry.find(wanted)
            named = found[0] if found and found[0] in commands else None
            own = [c for c in commands if c.topic == heading]
            return await _heading(ctx, heading, own, named)
    for place in (m.start() for m in re.finditer(r"[^\s!]+", topic)):
        found = ctx.registry.find(topic[place:])
        if found is not None and found[0] in commands:
            return await _one(ctx, found[0])
    if lines := _part(ctx, commands, wanted):
        return lines
    raise UserError(
        _("I have no help about “{topic}”.", topic=topic[:40]), _("All there is: `!help`")
    )


def _part(ctx: Context, commands: list[Command], wanted: str) -> list[Line]:
    """What is no command: a word that stands behind one (`secret`), or a setting."""
    lines: list[Line] = []
    for command in commands:
        for arg in command.args:
            if any(fold(word) == wanted for word in arg.name):
                how = _("`!{word} … {arg}`") if arg.flag else _("`!{word} … {arg}: …`")
                lines.append(replace(how, values={"word": command.name, "arg": arg.name}))
                lines.append(_("`!{word}`: {what}", word=command.name, what=command.help))
    setting = ctx.registry.setting(wanted)
    if setting is not None and ctx.registry.find("config") is not None:
        lines.append(_("{name}: {what}", name=setting.name, what=setting.help))
        lines.append(_("It is a setting: `!config {name}`", name=setting.name))
    return lines[:PAGE]


def _overview(ctx: Context, commands: list[Command]) -> Answer:
    """One line for each topic: its word, and some of its commands."""
    lines = [_("Help, a line for each subject. All of one: `!help` and how its line begins.")]
    for heading in ctx.registry.topics():
        own = [c for c in commands if c.topic == heading]
        some = _typed(own[:SOME])
        if len(own) > SOME:
            lines.append(_("{topic}: {commands} …", topic=heading.name, commands=some))
        elif own:
            lines.append(_("{topic}: {commands}", topic=heading.name, commands=some))
    lines.append(_("The words work in Spanish, Portuguese and English alike."))
    if ctx.registry.find("incident") is not None:
        lines.append(_("To tell what happened, in private: `incident` and the words"))
    if ctx.registry.find("panic") is not None:
        lines.append(_("In danger: `panic`, in private, and I call people until one answers."))
    lines.append(_("In danger or need of help: write to the moderators; they are people."))
    return lines


def _typed(commands: list[Command]) -> tuple[Line, ...]:
    return tuple(_("`!{word}`", word=c.name) for c in commands)


async def _heading(
    ctx: Context, heading: Topic, commands: list[Command], named: Command | None
) -> Answer:
    """List a topic's commands. `named` is a command of another topic with the same name."""
    lines = [_("{title}:", title=heading.title)]
    lines += [_("`!{word}`: {what}", word=c.name, what=c.help) for c in commands[:PAGE]]
    if commands[PAGE:]:
        lines.append(_("Also: {words}", words=_typed(commands[PAGE:])))
    if commands:
        lines.append(await ctx.example(commands[0]))
    if named is not None and named not in commands:
        lines.append(_("`!{word}`: {what}", word=named.name, what=named.help))
    return lines


async def _one(ctx: Context, command: Command) -> Answer:
    lines: list[Line] = [_("`!{word}`: {what}", word=command.name, what=command.help)]
    lines.append(await ctx.example(command))
    also = command.name.also_in(ctx.policy.language)
    if also:
        lines.append(_("Also: {words}", words=tuple(_("`!{word}`", word=word) for word in also)))
    lines.append(_("All of this subject: `!help {topic}`", topic=command.topic.name))
    return lines


async def _allowed(ctx: Context, command: Command) -> bool:
    """Return whether this person may use the command."""
    if command.need is Need.NETWORK:
        return ctx.who in ctx.defaults.moderators
    if command.need is Need.MODERATOR and not ctx.private:
        return await ctx.moderates()
    return True


@feature.command(
    words("pendientes", "pendentes", "pending", "abiertas | abertas | open"),
    help=_("what is open and until when"),
    example=_("For example: `!pending`"),
    topic=HELP,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def pending(ctx: Context) -> Answer:
    """List open items of the room; in private, of every room the person shares with the bot."""
    places = await rooms.shared_rooms(ctx.db, ctx.who) if ctx.private else [await ctx.place()]
    lines: list[Line] = []
    for place in places:
        found: list[Line] = []
        for offer in ctx.registry.services("pending"):
            found += await offer(ctx, place.room)
        if found and ctx.private:
            lines.append(_("{room}:", room=place.name or place.room))
        lines += found
    if not lines:
        return _("Nothing is open.")
    more = len(lines) - PAGE
    return [*lines[:PAGE], n_("and {count} more", "and {count} more", more)] if more > 0 else lines


@feature.command(
    words(
        "cancelar",
        "cancelar",
        "cancel",
        "anular, quitar, eliminar, borrar, cancela | desmarcar, apagar, excluir, cancela |",
    ),
    help=_("take back what has that number"),
    example=_("For example: `!cancel {number}`", number=57),
    topic=HELP,
    does=Does.TAKES_BACK,
    reach=Reach.ROOM,
)
async def cancel(ctx: Context, *, text: str = "") -> Answer:
    """Cancel the item of that number or reply. Of several numbers, cancel all or none."""
    text = _NAMED.sub("", text)
    numbers = _SEVERAL.match(text)
    if numbers is None:
        try:
            item, _rest = await ctx.item(text, takes=0)
        except Missing as missing:
            raise Missing("text", missing.label) from None
        return await _take_back(ctx, item)
    answers: list[Line | Effect] = []
    for number in dict.fromkeys(re.findall(r"\d+", numbers[0])):
        item, _rest = await ctx.item(number)
        answers += _each(await _asked(ctx, item))
    return answers


async def _asked(ctx: Context, item: items.Item) -> Answer:
    """Cancel one of several items, each with its own confirmation."""
    key = f"sure:{item.number}"
    ctx.known.pop("sure", None)
    if key in ctx.known:
        ctx.known["sure"] = ctx.known[key]
    try:
        return await _take_back(ctx, item)
    except Asking as asking:
        raise Asking(key, asking.wants, asking.lines, patience=asking.patience) from None


def _each(answer: Answer) -> Iterable[Line | Effect]:
    if answer is None:
        return ()
    return answer if isinstance(answer, Iterable) else (answer,)


async def _take_back(ctx: Context, item: items.Item) -> Answer:
    """Have the item's feature cancel it. Its author and the room's moderators may."""
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't cancel {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    last = await log.last(ctx.db)
    for offer in ctx.registry.services(f"cancel:{item.kind}"):
        ctx.feature = item.feature
        answer: Answer = await offer(ctx, item)
        ctx.feature = feature.name
        if not is_author(ctx, item) and await log.last(ctx.db) == last:
            await ctx.log("cancelled", {"number": item.number}, room=item.room)
        return answer
    raise UserError(_("{number} can't be cancelled.", number=item.number))


@feature.service("describe")
async def describe(_ctx: Context, entry: log.Entry) -> Line | None:
    """Describe a cancellation by a moderator that its feature does not describe itself."""
    return _("cancelled {number}", number=entry.facts["number"])
