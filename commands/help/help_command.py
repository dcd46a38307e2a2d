"""`!help`: what can be done here, one subject, or one command with its example."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    NOTHING,
    Answer,
    Behind,
    Command,
    Context,
    ItemAccess,
    Line,
    Reach,
    Rest,
    SubCommand,
    Topic,
    UserError,
    _,
    fold,
    words,
)
from commands.help.declaration import HELP, PAGE_LINES, feature, may_use
from commands.help.index import ALL, index
from commands.help.overviews import overview


@feature.command(
    words(
        "ayuda",
        "ajuda",
        "help",
        "menú, comandos, ?, ayudar, quién eres, cómo funciona, cómo funciona esto, qué "
        "puedo hacer, qué puedes hacer, qué podés hacer, qué haces, qué puedo hacer acá, "
        "qué puedo hacer aquí, cómo funciona esta sala | "
        "menu, comandos, ?, ajudar, quem é você, como funciona, como funciona isso, o que"
        " posso fazer, o que você faz, o que dá para fazer, o que posso fazer aqui, como "
        "isso funciona, como funciona isto | "
        "menu, commands, ?, who are you, how does this work, what can you do",
    ),
    help=_("what can be done here"),
    example=_("For example: `!help` or `!help polls`"),
    topic=HELP,
    begins_calls=("ayuda", "ajuda", "help", "ayudar", "ajudar"),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    behind=Behind.SUBJECT,
)
async def show_help(ctx: Context, *, topic: Rest = NOTHING) -> Answer:
    """Show all topics, the commands of one topic, or one command with its example. Return the
    answer."""
    commands = [c for c in ctx.registry.commands if await may_use(ctx, c)]
    if not topic:
        return await overview(ctx)
    wanted = fold(topic.lstrip("!"))
    if any(fold(word) == wanted for word in ALL):
        return await index(ctx)
    for heading in ctx.registry.topics():
        if any(fold(word) == wanted for word in heading.name):
            found = ctx.registry.find_command(wanted)
            named = found[0] if found and found[1] and found[0] in commands else None
            own = [c for c in commands if c.topic == heading]
            return await _topic_help(ctx, heading, own, named)
    for place in (m.start() for m in re.finditer(r"[^\s!]+", topic)):
        found = ctx.registry.find_command(topic[place:])
        if found is not None and found[0] in commands:
            return await _command_help(ctx, found[0], found[2])
    if lines := _part(ctx, commands, wanted):
        return lines
    raise UserError(
        _("I have no help about “{topic}”.", topic=topic[:40]), _("All there is: `!help all`")
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


async def _topic_help(
    ctx: Context, heading: Topic, commands: list[Command], named: Command | None
) -> Answer:
    """List a topic's commands. `named` is a command of another topic with the same name."""
    lines = [_("**{title}:**", title=heading.title)]
    lines += [_("`!{word}`: {what}", word=c.name, what=c.help) for c in commands[:PAGE_LINES]]
    if commands[PAGE_LINES:]:
        lines.append(
            _(
                "Also: {words}",
                words=tuple(_("`!{word}`", word=c.name) for c in commands[PAGE_LINES:]),
            )
        )
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
