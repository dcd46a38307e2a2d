"""A result as files: a spreadsheet table, and a signed result that anyone can check."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.api import (
    Answer,
    Context,
    Does,
    Item,
    Line,
    Reach,
    SendFile,
    UserError,
    _,
    words,
)
from commands.polls import texts
from commands.polls.declaration import DECISIONS, feature
from commands.polls.poll_store import Poll
from commands.polls.records import open_result, outcome, result_sheet, result_visibility
from commands.polls.records.result_picture import NAME
from commands.polls.secret import ballot_end_store


@feature.command(
    words("exportar", "exportar", "export", "descargar | baixar | download"),
    help=_("a result, a theme (`#theme`) or the `library`, as files"),
    example=_("For example: `!export {number}`", number=12),
    topic=DECISIONS,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def export(ctx: Context, *, text: str = "") -> Answer:
    """Send the files of a result to the room, or in private if others may not see the decision.

    Numbers of other things, and themes, are passed to the capability that exports them.
    """
    for offer in ctx.registry.services("export_theme"):
        themed: Answer = await offer(ctx, text)
        if themed is not None:
            return themed
    meant, _rest = await ctx.item(text)
    for offer in ctx.registry.services(f"export:{meant.kind}"):
        given: Answer = await offer(ctx, meant)
        return given
    item, poll = await result_visibility.ended(ctx, text)
    to = result_visibility.reader(ctx, item)
    files = await (_secret(ctx, poll) if poll.rule.secret else _open(ctx, item, poll))
    place = await (ctx.for_person(to) if to else ctx.for_room(ctx.room))
    stem = f"{NAME.in_language(place.language)}-{item.number}"
    return [
        replace(
            file,
            name=f"{stem}.{file.name}",
            to=to,
            reply_to=None if to else ctx.origin.event,
            thread=ctx.origin.thread,
            item=item.number,
        )
        for file in files
    ]


async def _open(ctx: Context, item: Item, poll: Poll) -> list[SendFile]:
    """Return the files of an open vote, made anew each time since it may still change."""
    found = await outcome.of(ctx.db, poll)
    signed = await open_result.of(ctx.db, item, found, ctx.read, ctx.signer)
    return [
        SendFile(
            "csv",
            "text/csv",
            partial(result_sheet.made, found, item, ctx.signer.public),
            caption=(
                _(
                    "{number}, “{question}”: the result as a table, for a spreadsheet.",
                    number=poll.number,
                    question=texts.short(poll.title),
                ),
            ),
        ),
        SendFile("json", "application/json", signed.text().encode(), caption=_checked(ctx, poll)),
    ]


async def _secret(ctx: Context, poll: Poll) -> list[SendFile]:
    """Return the signed file of a secret ballot, exactly as it was made at its end."""
    kept = await ballot_end_store.bundle(ctx.db, poll.number)
    if kept is None:
        raise UserError(_("Of poll {number} I have no signed result.", number=poll.number))
    file = kept.text().encode()
    return [SendFile("json", "application/json", file, caption=_checked(ctx, poll))]


def _checked(ctx: Context, poll: Poll) -> tuple[Line, ...]:
    """Explain what a signed file is for."""
    return (
        _(
            "{number}, “{question}”: the signed result. It holds no names of who voted what.",
            number=poll.number,
            question=texts.short(poll.title),
        ),
        _("Anyone can check it without a network: `minga verify-result` and the file."),
        _("Signed with the key {key}, as `!status` shows it.", key=ctx.signer.public),
    )
