"""The room's vote on a draft or an amendment: what is frozen, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    TEXT_TO_DECIDE,
    Answer,
    Callback,
    Context,
    DecidableText,
    DecisionResult,
    Job,
    Line,
    Number,
    Say,
    UserError,
    _,
    shorten_line,
)
from commands.drafts import (
    acceptance,
    adoption,
    amending,
    amendment_store,
    lookup,
    paragraphs,
    texts,
)
from commands.drafts.amendments import Amendment, AmendmentState
from commands.drafts.declaration import ADOPT_JOB, AMEND_JOB, feature
from commands.drafts.lookup import MeantDraft
from commands.library.content.typed_entries import LONGEST_NAME

DIGEST_SHOWN = 16
"""How many letters of the SHA-256 stand in the question; above it stands the whole."""
_LEAD = frozenset(
    [
        "borrador",
        "rascunho",
        "draft",
        "enmienda",
        "emenda",
        "amendment",
        "amend",
        "el",
        "la",
        "o",
        "a",
        "the",
        "de",
        "del",
        "do",
        "da",
        "of",
    ]
)


@feature.offers(TEXT_TO_DECIDE)
async def text_to_decide(ctx: Context, typed: str) -> DecidableText | None:
    """Return the draft or the amendment of which the words are the name or number, or None.

    Raises `UserError` if the room can't vote on it now.
    """
    named = typed.split()
    while len(named) > 1 and named[0].casefold() in _LEAD:
        named.pop(0)
    if len(named) != 1:
        return None
    name = named[0].strip(".,;:#")
    if name.isdigit() and (found := await lookup.find_amendment(ctx, Number(int(name[:9])))):
        return await _amendment_text(ctx, *found)
    if not any(map(str.isalnum, name)) or len(name) > LONGEST_NAME:
        return None
    meant = await lookup.find_draft(ctx, name)
    return await _draft_text(ctx, meant) if meant else None


async def _draft_text(ctx: Context, meant: MeantDraft) -> DecidableText:
    """Freeze the version that holds now, and post its file."""
    _require_here(ctx, meant)
    await lookup.require_changeable(ctx, meant)
    draft, digest = meant.draft, paragraphs.digest(meant.body)
    waiting = await amendment_store.open_amendments(ctx.db, draft.item)
    for one in waiting:
        await amending.require_no_vote(ctx, one.item)
    title = _(
        "{name}, version {version} (SHA-256 {digest}…)",
        name=draft.name,
        version=draft.version,
        digest=digest[:DIGEST_SHOWN],
    )
    first: list[Line] = [
        texts.digest_line(draft, meant.body),
        _("It stays as it is until the vote ends. To read it: `!draft {name}`", name=draft.name),
    ]
    if waiting:
        numbers = tuple(str(one.item) for one in waiting)
        first.append(_("Amendments that nobody accepted are not in it: {numbers}", numbers=numbers))
    caption = _("“{name}”, version {version}", name=draft.name, version=draft.version)
    file = texts.version_file(draft, meant.body, caption, room=ctx.place)
    return DecidableText(title, Callback.of(ADOPT_JOB, draft.item), tuple(first), (file,))


async def _amendment_text(ctx: Context, one: Amendment, meant: MeantDraft) -> DecidableText:
    """Return the question on an amendment, below what it takes out and puts in."""
    _require_here(ctx, meant)
    amending.require_open(one)
    await lookup.require_changeable(ctx, meant)
    await amending.require_no_vote(ctx, one.item)
    await acceptance.require_fitting(ctx, one, meant)
    number = paragraphs.number_of(meant.body, one.change.paragraph)
    what = {"number": one.item, "name": meant.draft.name, "paragraph": number}
    words = shorten_line(one.change.text)
    title = (
        _("Amendment {number} to {name}, paragraph {paragraph}: {words}", words=words, **what)
        if words and number
        else _("Amendment {number} to {name}: {words}", words=words, **what)
        if words
        else _("Amendment {number} to {name}: without paragraph {paragraph}", **what)
    )
    lines = texts.change_lines(one.change, await amending.base_body(ctx, one))
    return DecidableText(title, Callback.of(AMEND_JOB, one.item), tuple(lines))


def _require_here(ctx: Context, meant: MeantDraft) -> None:
    """Raise `UserError` if the room that is to decide is not that of the draft."""
    if meant.item.room != ctx.place:
        raise UserError(
            _("“{name}” is a draft of another room, which decides on it.", name=meant.draft.name)
        )


def _result(job: Job) -> DecisionResult:
    return DecisionResult(str(job.payload["result"]))


@feature.runs(ADOPT_JOB)
async def end_draft_vote(ctx: Context, job: Job) -> Answer:
    """Put the text of a draft that the room adopted into the library; else say that it can be
    amended. Return what to say, if anything."""
    meant = await lookup.load_for_job(ctx, job)
    if meant is None:
        return None
    poll = Number(int(job.payload["poll"]))
    if _result(job) is DecisionResult.PASSED:
        return await adoption.adopt(ctx, meant, poll)
    told = _(
        "“{name}” is not adopted by proposal {poll}. It is a draft as before, version {version}.",
        name=meant.draft.name,
        poll=poll,
        version=meant.draft.version,
    )
    how = _("To change it: `!amend {name} 3: new text`", name=meant.draft.name)
    return _tell(meant, (told, how))


@feature.runs(AMEND_JOB)
async def end_amendment_vote(ctx: Context, job: Job) -> Answer:
    """Accept or reject an amendment as the room voted; it stays open if nothing was decided. Return
    what to say, if anything."""
    one = await amendment_store.get_amendment(ctx.db, job.item) if job.item is not None else None
    meant = await lookup.load_for_job(ctx, job, one.draft) if one else None
    if one is None or meant is None or one.state is not AmendmentState.OPEN:
        return None
    if _result(job) is DecisionResult.PASSED:
        return await acceptance.carry_out_vote(ctx, one, meant)
    if _result(job) is DecisionResult.FAILED:
        return await acceptance.note_refusal(ctx, one, meant)
    told = _("Nothing was decided on amendment {number}: it waits on.", number=one.item)
    return _tell(meant, (told,))


def _tell(meant: MeantDraft, lines: Sequence[Line]) -> Answer:
    return [Say(tuple(lines), room=meant.item.room, item=meant.draft.item)]
