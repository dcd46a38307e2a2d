"""A result as files: a spreadsheet table, and a signed result that anyone can check."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.api import (
    EXPORT_ITEM,
    EXPORT_THEME,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Reach,
    SendFile,
    UserError,
    _,
    words,
)
from commands.ballot_secrecy import ballot_end_store
from commands.ballot_secrecy.files import signed_words
from commands.decisions import open_result, result_sheet
from commands.decisions.declaration import feature
from commands.poll_book import texts
from commands.poll_book.poll import Poll
from commands.polls import outcome, result_visibility
from commands.polls.declaration import DECISIONS
from commands.polls.result_picture import FILE_STEM


@feature.command(
    words("exportar", "exportar", "export", "descargar | baixar | download"),
    help=_("a result, a theme (`#theme`) or the `library`, as files"),
    example=_("For example: `!export {number}`", number=12),
    topic=DECISIONS,
    of=("poll",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def export_result(ctx: Context, *, text: str = "") -> Answer:
    """Send the files of a decision's result to the room, or in private if others may not see the
    decision. Return the answer.

    Numbers of other things, and themes, are passed to the capability that exports them.
    """
    # Themes and the library are other capabilities' words.
    for offer in ctx.registry.offers(EXPORT_THEME):
        themed = await offer(ctx, text)
        if themed is not None:
            return themed
    meant, _rest = await ctx.parse_item(text)
    for export in ctx.registry.offers(EXPORT_ITEM.of(meant.kind)):
        return await export(ctx, meant)
    item, poll = await result_visibility.get_ended_poll(ctx, text)
    to = result_visibility.private_reader(ctx, item)
    files = await (
        _secret_result_files(ctx, poll) if poll.rule.secret else _open_result_files(ctx, item, poll)
    )
    place = await (ctx.policy_of_person(to) if to else ctx.policy_of_room(ctx.room))
    stem = f"{FILE_STEM.in_language(place.language)}-{item.number}"
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


async def _open_result_files(ctx: Context, item: Item, poll: Poll) -> list[SendFile]:
    """Return the files of an open vote, made anew each time since it may still change."""
    found = await outcome.current_outcome(ctx.db, poll)
    signed = await open_result.sign_open_result(
        ctx.db, item, found, ctx.now, ctx.signer, signed_words.teller(ctx.renderer)
    )
    return [
        SendFile(
            "csv",
            "text/csv",
            partial(result_sheet.make_sheet, found, item, ctx.signer.public),
            caption=(
                _(
                    "{number}, “{question}”: the result as a table, for a spreadsheet.",
                    number=poll.number,
                    question=texts.short_question(poll.title),
                ),
            ),
        ),
        SendFile(
            "json", "application/json", signed.to_json().encode(), caption=_file_caption(ctx, poll)
        ),
    ]


async def _secret_result_files(ctx: Context, poll: Poll) -> list[SendFile]:
    """Return the signed file of a secret ballot, exactly as it was made at its end."""
    kept = await ballot_end_store.get_bundle(ctx.db, poll.number)
    if kept is None:
        raise UserError(_("Of poll {number} I have no signed result.", number=poll.number))
    file = kept.to_json().encode()
    return [SendFile("json", "application/json", file, caption=_file_caption(ctx, poll))]


def _file_caption(ctx: Context, poll: Poll) -> tuple[Line, ...]:
    """Explain what a signed file is for."""
    return (
        _(
            "{number}, “{question}”: the signed result. It holds no names of who voted what.",
            number=poll.number,
            question=texts.short_question(poll.title),
        ),
        _("Anyone can check it without a network: `minga verify-result` and the file."),
        _("On a phone: `!export verifier` is a page that checks it in the browser."),
        _("Signed with the key {key}, as `!status` shows it.", key=ctx.signer.public),
    )
