"""`!forget-me`: delete all that is kept of a person. Totals stay."""

from __future__ import annotations

from typing import Any

from bot.api import (
    ADVICE_LINES,
    Answer,
    CommandPlace,
    Context,
    Line,
    NoteForgotten,
    _,
    forget_person,
    n_,
    rooms,
    words,
)
from commands.rights import message_deletion
from commands.rights.declaration import RIGHTS, feature


@feature.command(
    words(
        "borrarme",
        "me-apague",
        "forget-me",
        "bórrame, borrar mis datos, borra mis datos, olvídame, eliminarme, borrar mi cuenta, "
        "borra mi cuenta, elimina mis datos, eliminar mis datos, eliminar mi cuenta, elimina mi "
        "cuenta, borrar todo lo mío, borra todo lo mío, borra todo lo que "
        "sabes de mí, borra todo lo que tienes de mí, borra todo lo que tienes mío | "
        "apague-me, apagar meus dados, apaga meus dados, apague meus dados, me esqueça, me exclua, "
        "apagar minha conta, apaga minha conta, apague minha conta, deleta minha conta, "
        "exclui minha conta, excluir minha conta, excluir meus dados, apagar tudo sobre mim, "
        "apaga tudo sobre mim, apaga tudo que você tem meu, apaga tudo que você sabe de mim, "
        "apaga tudo o que você tem meu | "
        "delete me, erase me, delete my data, erase my data, forget about me, delete my account, "
        "delete everything about me, erase everything about me, delete everything you have about "
        "me, delete everything you know about me, delete all you have about me",
    ),
    help=_("delete all that I keep of you"),
    example=_("For example: `!forget-me`"),
    topic=RIGHTS,
    where=CommandPlace.PRIVATE,
    beside_call=True,
)
async def forget_me(ctx: Context) -> Answer:
    """Delete the asker's data after a confirmation. Return the answer.

    The deletion runs before the question, which rolls it back: so the question lists exactly what
    goes.
    """
    gone = await forget_person(ctx, ctx.who)
    ctx.confirm(*await warning_lines(ctx, gone), final=True)
    return [
        *await done_lines(ctx),
        *await message_deletion.delete_private_messages(ctx),
        NoteForgotten(ctx.who, ctx.now),
    ]


@feature.offers(ADVICE_LINES.of("forgetting"))
async def forgetting_lines(_ctx: Context) -> list[Line]:
    """Return how somebody has deleted what is kept of them, and where the rest is deleted."""
    return [
        _(
            "To have me delete what I keep of you: `forget-me`. This chat and your messages you"
            " delete in your app."
        )
    ]


async def warning_lines(ctx: Context, gone: list[Line]) -> list[Line]:
    """Return lines that say what `!forget-me` will delete, and what cannot be deleted."""
    what = tuple(gone) or (_("your language, your clock and what I asked you"),)
    lines = [_("I delete all that I keep of you: {what}.", what=what)]
    if ctx.who in ctx.defaults.moderators:
        lines.append(
            _(
                "The configuration names you as a moderator of the network: whoever runs me"
                " can take you out of it."
            )
        )
    return [
        *lines,
        _(
            "What others have on their phones, and copies of me made before, I can't delete."
            " It can't be undone."
        ),
        _(
            "If such a copy of me is ever brought back, I tell you in this room, while you are in"
            " it."
        ),
    ]


async def done_lines(ctx: Context) -> list[Any]:
    """Return the lines after a person's data was deleted, with how many rooms still show them."""
    said = [_("Done: I keep nothing of yours any more. The next backup won't either.")]
    left = len(await rooms.shared_rooms(ctx.db, ctx.who))
    if left:
        said.append(
            n_(
                "You are still in {count} room with me, and its members see you there. To"
                " leave it: `!leave`",
                "You are still in {count} rooms with me, and their members see you there."
                " To leave them: `!leave`",
                left,
            )
        )
    return said
