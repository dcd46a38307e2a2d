"""`!export verifier`: the page that checks results, as a file."""

from __future__ import annotations

from bot.api import EXPORT_THEME, Answer, Context, SendFile, _, fold, words
from commands.verify_page import page
from commands.verify_page.declaration import feature

VERIFIER = words(
    "verificador",
    "verificador",
    "verifier",
    "verificar, comprobador | conferir, verificar | verify, checker, verify.html",
)
"""What follows `!export` to get the page."""
FILE_NAME = "minga-verify.html"


@feature.offers(EXPORT_THEME)
async def send_page(ctx: Context, text: str) -> Answer:
    """Send the page where it was asked for; None if something else was."""
    if fold(text.strip(" .:¿?¡!\"'")) not in {fold(word) for word in VERIFIER}:
        return None
    return SendFile(
        FILE_NAME,
        "text/html",
        page.build_page(),
        caption=(
            _("The page that checks results: open it in your browser, also without a network."),
            _(
                "Give it the signed file of a decision (`!export {number}`), and your receipt.",
                number=12,
            ),
        ),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
    )
