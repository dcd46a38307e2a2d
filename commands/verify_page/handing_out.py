"""`!export verifier`: the page that checks results, as a file."""

from __future__ import annotations

from bot.api import EXPORT_THEME, Answer, Context, SendFile, _, fold, names_only, words
from commands.verify_page import page
from commands.verify_page.declaration import feature

VERIFIER = words(
    "verificador",
    "verificador",
    "verifier",
    "verificar, verificación, comprobador, comprobar, verify | conferir, verificação, conferência"
    " | verify, checker, check, verify.html",
)
"""What follows `!export` to get the page."""
BESIDE = frozenset(
    (
        *("a", "con", "de", "del", "el", "html", "la", "o", "of", "os", "page", "pagina"),
        *("para", "resultados", "results", "the", "to", "un", "uma", "una"),
    )
)
"""Words that people write beside it. Folded."""
FILE_NAME = "minga-verify.html"
_NAMES = frozenset(map(fold, VERIFIER))


def asks_for_page(text: str) -> bool:
    """Return whether the words behind `!export` name the page for checking results, and nothing
    else."""
    return names_only(text, _NAMES, BESIDE)


@feature.offers(EXPORT_THEME)
async def send_page(ctx: Context, text: str) -> Answer:
    """Send the HTML page for checking results; return None if the words ask for another file."""
    if not asks_for_page(text):
        return None
    return SendFile(
        FILE_NAME,
        "text/html",
        page.build_page(),
        caption=(
            _("The page that checks results: open it in your browser, also without a network."),
            _(
                "Give it the signed file of a decision (`!export {number}`)"
                " or the ZIP of `!export published`, and your receipt.",
                number=12,
            ),
            _(
                "If you doubt me, compare its code with another bot's of my version: {code}",
                code=page.page_fingerprint(),
            ),
        ),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
    )
