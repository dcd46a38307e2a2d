"""What becomes public of a text that a room wrote together: as it was adopted, and nothing else."""

from __future__ import annotations

from bot.api import Context, Item, Line, UserError, _, public_services, verbatim
from bot.api import public_document as documents
from commands.drafts import draft_store, paragraphs
from commands.drafts.declaration import feature
from commands.drafts.draft_store import DraftVersion
from commands.poll_book import requested_proposals


@feature.offers(public_services.PUBLISH_ITEM.of("draft"))
async def publish_draft(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of a draft: the version that was adopted last, without authors.

    Raises `UserError` for one that was never adopted.
    """
    draft = await draft_store.get_draft(ctx.db, item.number)
    adopted = draft.adopted if draft is not None else None
    version = await draft_store.get_version(ctx.db, item.number, adopted) if adopted else None
    if draft is None or version is None:
        raise UserError(
            _("{number} is a draft: it can become public once it is adopted.", number=item.number)
        )
    tell = public_services.public_line(ctx, names)
    typed = public_services.typed_text(ctx, names)
    poll = await requested_proposals.passed_poll_about(ctx.db, feature.name, item.number)
    facts: list[tuple[Line, Line]] = [(_("version"), verbatim(str(version.version)))]
    if poll is not None:
        facts.append((_("adopted by"), _("proposal {number}", number=poll)))
    written = [typed(f"{n}. {one.text}") for n, one in enumerate(version.body, start=1)]
    file = _file(version, [one.text for one in written])
    name = f"text-{item.number}.txt"
    about = tell(_("the text as it was adopted, with the SHA-256 that the room knows"))
    return public_services.Publication(
        documents.PublicDocument(
            kind="text",
            number=item.number,
            title=typed(draft.name),
            at=int(version.at.timestamp()),
            facts=tuple(
                documents.PublicFact(name=tell(what), value=tell(value)) for what, value in facts
            ),
            paragraphs=tuple(written),
            files=(documents.describe_file(name, "text/plain", file, about),) if file else (),
        ),
        {name: file} if file else {},
    )


def _file(version: DraftVersion, written: list[str]) -> bytes | None:
    """Return the file of a version as it was hashed, or None if it names who did not agree."""
    same = "\n\n".join(written) + "\n" == paragraphs.write_out(version.body)
    return paragraphs.file_content(version.body) if same else None
