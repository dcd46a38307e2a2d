"""`!help`, `!pending` and `!cancel`: what a person can do here, what is open, and taking it
back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bot.api import (
    CANCEL,
    PENDING,
    Answer,
    AnswerNeeded,
    Command,
    Context,
    Effect,
    Feature,
    ItemAccess,
    Line,
    MissingArgument,
    Need,
    Reach,
    SubCommand,
    Topic,
    UserError,
    _,
    answer_parts,
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
_SEVERAL_NUMBERS = re.compile(
    r"\s*#?\d{1,9}(?:[\s,;&+]+(?:(?:y|e|and)\s+)?#?\d{1,9}\b(?![\d:/.\-]))+", re.IGNORECASE
)
"""Several numbers that are no date: `2 3`, `2, 3 y 4`."""
_WORDS_BEFORE_NUMBER = re.compile(r"^(?:[^\W\d]+\s+){1,2}(?=#?\d+\s*$)")
"""One or two words before a number: `el 5`, `el recordatorio 5`."""
PAGE_LINES = 15
"""Lines that fit on a phone's screen."""
COMMANDS_SHOWN = 3
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
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_help(ctx: Context, *, topic: str = "") -> Answer:
    """Show all topics, the commands of one topic, or one command with its example."""
    # A topic, a command, a word behind one or a setting, whatever fits first.
    commands = [c for c in ctx.registry.commands if await _is_allowed(ctx, c)]
    if not topic:
        return _overview(ctx, commands)
    wanted = fold(topic.strip().lstrip("!"))
    for heading in ctx.registry.topics():
        if any(fold(word) == wanted for word in heading.name):
            found = ctx.registry.find_command(wanted)
            named = found[0] if found and found[0] in commands else None
            own = [c for c in commands if c.topic == heading]
            return await _topic_help(ctx, heading, own, named)
    for place in (m.start() for m in re.finditer(r"[^\s!]+", topic)):
        found = ctx.registry.find_command(topic[place:])
        if found is not None and found[0] in commands:
            return await _command_help(ctx, found[0], found[2])
    if lines := _part(ctx, commands, wanted):
        return lines
    raise UserError(
        _("I have no help about “{topic}”.", topic=topic[:40]), _("All there is: `!help`")
    )


def _part(ctx: Context, commands: list[Command], wanted: str) -> list[Line]:
    """What is no command: a word that stands behind one (`secret`), or a setting."""
    lines: list[Line] = []
    for command in commands:
        behind = command.subs.find(wanted)
        if behind is not None and not behind[1]:
            lines.append(_sub_line(command, behind[0]))
        for arg in command.args:
            if any(fold(word) == wanted for word in arg.name):
                how = _("`!{word} … {arg}`") if arg.flag else _("`!{word} … {arg}: …`")
                lines.append(replace(how, values={"word": command.name, "arg": arg.name}))
                lines.append(_("`!{word}`: {what}", word=command.name, what=command.help))
    setting = ctx.registry.setting_named(wanted)
    if setting is not None and ctx.registry.find_command("config") is not None:
        lines.append(_("{name}: {what}", name=setting.name, what=setting.help))
        lines.append(_("It is a setting: `!config {name}`", name=setting.name))
    return lines[:PAGE_LINES]


def _overview(ctx: Context, commands: list[Command]) -> Answer:
    """One line for each topic: its word, and some of its commands."""
    lines = [_("Help, a line for each subject. All of one: `!help` and how its line begins.")]
    for heading in ctx.registry.topics():
        own = [c for c in commands if c.topic == heading]
        some = _as_typed(own[:COMMANDS_SHOWN])
        if len(own) > COMMANDS_SHOWN:
            lines.append(_("{topic}: {commands} …", topic=heading.name, commands=some))
        elif own:
            lines.append(_("{topic}: {commands}", topic=heading.name, commands=some))
    lines.append(_("The words work in Spanish, Portuguese and English alike."))
    if ctx.registry.find_command("incident") is not None:
        lines.append(_("To tell what happened, in private: `incident` and the words"))
    if ctx.registry.find_command("panic") is not None:
        lines.append(_("In danger: `panic`, in private, and I call people until one answers."))
    lines.append(_("In danger or need of help: write to the moderators; they are people."))
    return lines


def _as_typed(commands: list[Command]) -> tuple[Line, ...]:
    return tuple(_("`!{word}`", word=c.name) for c in commands)


async def _topic_help(
    ctx: Context, heading: Topic, commands: list[Command], named: Command | None
) -> Answer:
    """List a topic's commands. `named` is a command of another topic with the same name."""
    lines = [_("{title}:", title=heading.title)]
    lines += [_("`!{word}`: {what}", word=c.name, what=c.help) for c in commands[:PAGE_LINES]]
    if commands[PAGE_LINES:]:
        lines.append(_("Also: {words}", words=_as_typed(commands[PAGE_LINES:])))
    if named is not None and named in commands:
        lines += [_sub_line(named, one) for one in named.subs]
    if commands:
        lines.append(await ctx.example_line(commands[0]))
    if named is not None and named not in commands:
        lines.append(_("`!{word}`: {what}", word=named.name, what=named.help))
    return lines


async def _command_help(ctx: Context, command: Command, rest: str) -> Answer:
    """Explain a command with the words that may stand behind it, or the one that `rest` names."""
    if (found := command.subs.find(rest)) is not None:
        example = replace(command, example=found[0].example or command.example)
        return [_sub_line(command, found[0]), await ctx.example_line(example)]
    lines: list[Line] = [_("`!{word}`: {what}", word=command.name, what=command.help)]
    lines += [_sub_line(command, one) for one in command.subs]
    lines.append(await ctx.example_line(command))
    also = command.name.also_in(ctx.policy.language)
    if also:
        lines.append(_("Also: {words}", words=tuple(_("`!{word}`", word=word) for word in also)))
    lines.append(_("All of this subject: `!help {topic}`", topic=command.topic.name))
    return lines


def _sub_line(command: Command, one: SubCommand) -> Line:
    return _("`!{word} {sub}`: {what}", word=command.name, sub=one.name, what=one.help)


async def _is_allowed(ctx: Context, command: Command) -> bool:
    """Return whether this person may use the command."""
    if command.need is Need.NETWORK:
        return ctx.who in ctx.defaults.moderators
    if command.need is Need.MODERATOR and not ctx.is_private:
        return await ctx.moderates()
    return True


@feature.command(
    words("pendientes", "pendentes", "pending", "abiertas | abertas | open"),
    help=_("what is open and until when"),
    example=_("For example: `!pending`"),
    topic=HELP,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_pending(ctx: Context) -> Answer:
    """List open items of the room; in private, of every room the person shares with the bot."""
    places = (
        await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else [await ctx.choose_room()]
    )
    lines: list[Line] = []
    for place in places:
        found: list[Line] = []
        for offer in ctx.registry.offers(PENDING):
            found += await offer(ctx, place.room)
        if found and ctx.is_private:
            lines.append(_("{room}:", room=place.name or place.room))
        lines += found
    if not lines:
        return _("Nothing is open.")
    more = len(lines) - PAGE_LINES
    return (
        [*lines[:PAGE_LINES], n_("and {count} more", "and {count} more", more)]
        if more > 0
        else lines
    )


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
    does=ItemAccess.TAKES_BACK,
    reach=Reach.ROOM,
)
async def cancel_items(ctx: Context, *, text: str = "") -> Answer:
    """Cancel the item of that number or reply. Of several numbers, cancel all or none."""
    # Several numbers may be named in words: `2, 3 and 4`.
    text = _WORDS_BEFORE_NUMBER.sub("", text)
    numbers = _SEVERAL_NUMBERS.match(text)
    if numbers is None:
        try:
            item, _rest = await ctx.parse_item(text, takes=0)
        except MissingArgument as missing:
            raise MissingArgument("text", missing.label) from None
        return await _cancel_item(ctx, item)
    answers: list[Line | Effect] = []
    for number in dict.fromkeys(re.findall(r"\d+", numbers[0])):
        item, _rest = await ctx.parse_item(number)
        answers += answer_parts(await _cancel_one_of_many(ctx, item))
    return answers


async def _cancel_one_of_many(ctx: Context, item: items.Item) -> Answer:
    """Cancel one of several items, each with its own confirmation."""
    key = f"sure:{item.number}"
    ctx.answers.pop("sure", None)
    if key in ctx.answers:
        ctx.answers["sure"] = ctx.answers[key]
    try:
        return await _cancel_item(ctx, item)
    except AnswerNeeded as asking:
        raise AnswerNeeded(key, asking.wants, asking.lines, patience=asking.patience) from None


feature.log_line("cancelled", _("cancelled {number}"))


async def _cancel_item(ctx: Context, item: items.Item) -> Answer:
    """Have the item's feature cancel it. Its author and the room's moderators may."""
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't cancel {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    last = await log.last_id(ctx.db)
    for offer in ctx.registry.offers(CANCEL.of(item.kind)):
        ctx.feature = item.feature
        answer: Answer = await offer(ctx, item)
        ctx.feature = feature.name
        if not is_author(ctx, item) and await log.last_id(ctx.db) == last:
            await ctx.log("cancelled", {"number": item.number}, room=item.room)
        return answer
    raise UserError(_("{number} can't be cancelled.", number=item.number))
