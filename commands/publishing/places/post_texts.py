"""What the public room reads: in each of the network's languages, the main things and a link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice

from bot.api import Context, Line, public_services, verbatim
from commands.public_site import paths
from commands.public_site.published import documents
from commands.publishing import preview
from commands.publishing.places.site_profile import network_languages

MOST_LINES = 6
"""Lines of one item, in each language."""
MOST_LETTERS = 5_000
"""Letters of one language: an event holds 64 kB with all of them, plain and marked up."""
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
posts = public_services.public_posts


async def render_post(
    ctx: Context, shown: Sequence[documents.PublicDocument]
) -> tuple[posts.RenderedText, str]:
    """Return what a post says of these items, and its hash. Several get a line and a link each."""
    plain, marked = [], []
    for language in await network_languages(ctx):
        lines = [
            line
            for document in shown
            for line in _lines(ctx, document, language, MOST_LINES if len(shown) == 1 else 1)
        ]
        said = ctx.renderer.render_lines(
            lines, public_services.Reader(language, ctx.defaults.zone, "!", _LONG_AGO)
        )
        plain.append(said.plain)
        marked.append(said.html)
    words = posts.RenderedText("\n\n".join(plain), "<br><br>".join(marked))
    return words, sha256(words.html.encode()).hexdigest()


def _lines(
    ctx: Context, document: documents.PublicDocument, language: str, most: int
) -> Iterator[Line]:
    """Yield the first lines of a document, and where all of it stands."""
    letters = 0
    for line in islice(preview.document_lines(document, language), most):
        letters += sum(len(str(value)) for value in line.values.values())
        if letters > MOST_LETTERS // most:
            break
        yield line
    if ctx.defaults.public.address:
        page = paths.item_page(document.kind, document.number)
        yield verbatim(f"{ctx.defaults.public.address.rstrip('/')}/{language}/{page}")
