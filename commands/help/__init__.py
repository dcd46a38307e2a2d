"""Help: what this person can do here, and an example of each."""

from __future__ import annotations

from pathlib import Path

from bot.api import (
    Answer,
    Command,
    Context,
    Feature,
    Line,
    Need,
    Topic,
    UserError,
    _,
    fold,
    items,
    n_,
    rooms,
    words,
)

feature = Feature("help", Path(__file__).parent)

HELP = Topic("help", words("ayuda", "ajuda", "help"), _("Help"))
PAGE = 15
"""Lines that fit on a phone's screen."""


@feature.command(
    words(
        "ayuda",
        "ajuda",
        "help",
        "menú, menu, comandos, commands, ?, necesito ayuda, preciso de ajuda, need help",
    ),
    help=_("what can be done here"),
    example=_("For example: `!help` or `!help polls`"),
    topic=HELP,
)
async def show(ctx: Context, *, topic: str = "") -> Answer:
    """The headings; or the commands of one heading, or one command with its example."""
    commands = [c for c in ctx.registry.commands if await _allowed(ctx, c)]
    if not topic:
        return _overview(ctx, commands)
    wanted = fold(topic.strip().lstrip("!"))
    for heading in ctx.registry.topics():
        if any(fold(word) == wanted for word in heading.name):
            return _heading(heading, [c for c in commands if c.topic == heading])
    found = ctx.registry.find(topic.strip().lstrip("!"))
    if found is not None and found[0] in commands:
        return _one(found[0])
    raise UserError(
        _("I have no help about “{topic}”.", topic=topic[:40]), _("All there is: `!help`")
    )


def _overview(ctx: Context, commands: list[Command]) -> Answer:
    lines = [_("What can be done here. For more: `!help` and the word.")]
    for heading in ctx.registry.topics():
        own = [c for c in commands if c.topic == heading]
        if own:
            names = tuple(_("`!{word}`", word=c.name) for c in own)
            lines.append(_("{title}: {commands}", title=heading.title, commands=names))
    lines.append(_("In danger or need of help: write to the moderators; they are people."))
    return lines


def _heading(heading: Topic, commands: list[Command]) -> Answer:
    lines = [_("{title}:", title=heading.title)]
    lines += [_("`!{word}`: {what}", word=c.name, what=c.help) for c in commands[:PAGE]]
    if commands:
        lines.append(commands[0].example)
    return lines


def _one(command: Command) -> Answer:
    lines: list[Line] = [_("`!{word}`: {what}", word=command.name, what=command.help)]
    lines.append(command.example)
    if command.name.also:
        lines.append(_("Also: {words}", words=command.name.also))
    return lines


async def _allowed(ctx: Context, command: Command) -> bool:
    """Only what this person may do is shown to them."""
    if command.need is Need.NETWORK:
        return ctx.who in ctx.defaults.moderators
    if command.need is Need.MODERATOR and not ctx.private:
        return await ctx.moderates()
    return True


@feature.command(
    words("pendientes", "pendentes", "pending", "abiertas, abertas, open"),
    help=_("what is open and until when"),
    example=_("For example: `!pending`"),
    topic=HELP,
)
async def pending(ctx: Context) -> Answer:
    """Open items of the room; in private, of every room the person shares with the bot."""
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
    words("cancelar", "cancelar", "cancel", "anular, desmarcar"),
    help=_("take back what has that number"),
    example=_("For example: `!cancel 57`"),
    topic=HELP,
)
async def cancel(ctx: Context, item: items.Item) -> Answer:
    """Each capability takes back its own; the author may, and who moderates the room."""
    if item.author != ctx.who and not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't cancel {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    for offer in ctx.registry.services(f"cancel:{item.kind}"):
        ctx.feature = item.feature
        answer: Answer = await offer(ctx, item)
        return answer
    raise UserError(_("{number} can't be cancelled.", number=item.number))
