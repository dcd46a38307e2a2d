"""The files that go with a published decision: its table, and the signed result.

A file that would name somebody who did not agree, or hold the reasons of those who voted, is made
without them; one that was signed as it is can't be, and stays in the room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.api import (
    Context,
    Item,
    Line,
    Number,
    TranslatedText,
    UserId,
    _,
    public_services,
)
from bot.api import public_document as documents
from commands.ballot_secrecy import ballot_end_store
from commands.ballot_secrecy.files import signed_words
from commands.ballot_secrecy.files.result import Bundle
from commands.decisions import open_result, result_sheet
from commands.poll_book.extensions import BALLOT_PEOPLE
from commands.poll_book.poll import Poll
from commands.polls.outcome import PollOutcome

Tell = Callable[[Line], documents.PublicText]
NOBODY = UserId("")
PEOPLE_KINDS = frozenset(("seats", "stv"))
"""The kinds that choose people: each option is somebody's name."""


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """The files as the document describes them, their bytes by name, and what is said of them."""

    described: tuple[documents.PublicFile, ...]
    content: Mapping[str, bytes]
    notes: tuple[Line, ...] = field(default=())


async def result_files(
    ctx: Context,
    item: Item,
    kept: Poll,
    found: PollOutcome,
    names: public_services.PublicNames,
    tell: Tell,
) -> ResultFiles:
    """Return the public files of a final result. `found` has no names but those of
    `names.agreed`."""
    stem, language = f"decision-{item.number}", ctx.defaults.language
    table = result_sheet.make_sheet(
        found, item, ctx.signer.public, lambda line: tell(line).in_language(language)
    )
    every = [(f"{stem}.csv", "text/csv", table.data, _("the result as a table, for a spreadsheet"))]
    signed = await (
        _secret_file(ctx, kept, names) if kept.rule.secret else _open_file(ctx, item, found)
    )
    if signed is not None:
        checks = _("the signed result: give this one to verify.html, or to minga verify-result")
        every.append((f"{stem}.json", "application/json", signed, checks))
    return ResultFiles(
        tuple(
            documents.describe_file(name, mime, data, tell(about))
            for name, mime, data, about in every
        ),
        {name: data for name, _mime, data, _about in every},
        () if signed is not None else (_stays_line(),),
    )


def _stays_line() -> Line:
    return _("The signed file stays in the room: it holds names or reasons that are not public.")


async def _open_file(ctx: Context, item: Item, found: PollOutcome) -> bytes:
    """Return the signed result of an open vote, made anew without reasons: the same each time."""
    language, poll = ctx.defaults.language, found.poll
    # Candidates' names have no translations, and a file signs none of what stands in their place.
    flat = tuple(replace(one, label=_in_language(one.label, language)) for one in poll.options)
    if poll.rule.kind in PEOPLE_KINDS:
        found = replace(found, poll=replace(poll, options=flat))
    ended = poll.ended or item.at
    tell = signed_words.teller(ctx.renderer)
    signed = await open_result.sign_open_result(ctx.db, item, found, ended, ctx.signer, tell)
    return signed.model_copy(update={"reasons": ()}).sign(ctx.signer).to_json().encode()


def _in_language(text: str, language: str) -> str:
    return text.in_language(language) if isinstance(text, TranslatedText) else text


async def _secret_file(
    ctx: Context, poll: Poll, names: public_services.PublicNames
) -> bytes | None:
    """Return the file of a secret ballot as it was signed, or None if it can't become public.

    Who voted stands beside what is signed, and is left out of it.
    """
    bundle = await ballot_end_store.get_bundle(ctx.db, poll.number)
    if bundle is None or bundle.result.reasons:
        return None
    typed = public_services.typed_text(ctx, names)
    if any(typed(text).text != text for text in _texts(bundle)):
        return None
    if poll.rule.kind in PEOPLE_KINDS and not await _agreed(ctx, bundle, names):
        return None
    return bundle.model_copy(update={"people": ()}).to_json().encode()


async def _agreed(ctx: Context, bundle: Bundle, names: public_services.PublicNames) -> bool:
    """Return whether each candidate agreed to the name that stands in the signed file."""
    people = await people_on_ballot(ctx, Number(bundle.manifest.number))
    every = bundle.manifest.options
    return all(
        names.agreed.get(people.get(place, NOBODY)) == name for place, name in enumerate(every, 1)
    )


def _texts(bundle: Bundle) -> Iterator[str]:
    """Yield all that people typed and the file holds."""
    manifest = bundle.manifest
    yield from (manifest.question, *manifest.options)
    for every in (manifest.translations, bundle.result.translations):
        for one in (every or {}).values():
            yield from (*([one.question] if one.question else []), *one.options)


async def people_on_ballot(ctx: Context, poll: Number) -> Mapping[int, UserId]:
    """Return the people among whom a poll chooses, by the place of their option; none if it does
    not choose people."""
    for offer in ctx.registry.offers(BALLOT_PEOPLE):
        return await offer(ctx, poll)
    return {}
