"""How long a draft may be, and how many versions it may have."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import MissingArgument, UserError, _
from commands.drafts import paragraphs
from commands.drafts.declaration import DRAFT_EXAMPLE, MOST_VERSIONS
from commands.drafts.lookup import MeantDraft
from commands.drafts.paragraphs import (
    LONGEST_DRAFT,
    LONGEST_PARAGRAPH,
    MOST_PARAGRAPHS,
    Body,
    Paragraph,
)


def checked_body(body: Body, new: Sequence[str], key: int) -> Body:
    """Return a draft's paragraphs with new ones at the end. Raises `UserError` if they get too
    long."""
    if not new:
        raise MissingArgument("text", _("its text, one paragraph a line"))
    added = (Paragraph(key + n, text) for n, text in enumerate(new))
    return require_fit((*body, *added))


def require_fit(body: Body) -> Body:
    """Return a draft's paragraphs unchanged. Raises `UserError` if they, or one of them, are too
    long or empty."""
    for n, one in enumerate(body, start=1):
        if len(one.text) > LONGEST_PARAGRAPH:
            raise UserError(
                _(
                    "Paragraph {number} has more than {most} letters.",
                    number=n,
                    most=LONGEST_PARAGRAPH,
                ),
                _("Cut it into two: a paragraph is what one amendment changes."),
            )
    if not body:
        raise UserError(_("A draft needs one paragraph at least."), DRAFT_EXAMPLE)
    length = len(paragraphs.write_out(body))
    if len(body) > MOST_PARAGRAPHS or length > LONGEST_DRAFT:
        raise UserError(
            _(
                "A draft has up to {most} paragraphs and {letters} letters; this has {count} and"
                " {length}.",
                most=MOST_PARAGRAPHS,
                letters=LONGEST_DRAFT,
                count=len(body),
                length=length,
            ),
            _("A longer text can be two drafts, each with a name and a vote of its own."),
        )
    return body


def require_version_left(meant: MeantDraft) -> None:
    """Raise `UserError` if the draft has as many versions as are stored of one."""
    if meant.draft.version >= MOST_VERSIONS:
        raise UserError(
            _(
                "“{name}” has {count} versions; that is all I keep.",
                name=meant.draft.name,
                count=MOST_VERSIONS,
            ),
        )
