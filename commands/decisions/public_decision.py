"""What becomes public of a decision: its rule, its result, what comes out of each chamber.

How each person voted is not in it, nor who opened it, recorded a count or gave a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.api import (
    Context,
    Item,
    Line,
    Moment,
    TranslatedText,
    UserError,
    UserId,
    _,
    public_services,
    verbatim,
)
from bot.api import public_document as documents
from commands.ballot_secrecy.declaration import SHRED_JOB
from commands.decisions import public_result, rule_text
from commands.decisions.declaration import feature
from commands.poll_book import poll_store, requested_proposals, texts
from commands.poll_book.poll import Electorate, Option, Poll
from commands.polls import outcome, result_texts
from commands.polls.declaration import FINAL_JOB
from commands.polls.outcome import OptionShare, PollOutcome

VOTERS = {
    Electorate.HERE: _("whoever was in the room when it opened"),
    Electorate.ORGANISATIONS: _("organisations, each by who speaks for it"),
    Electorate.NAMED: _("the people of a list"),
}


@dataclass(frozen=True, slots=True)
class _Writers:
    """What makes texts public: `tell` a sentence of the bot's, `typed` what somebody wrote."""

    tell: Callable[[Line], documents.PublicText]
    typed: Callable[[str], documents.PublicText]

    def clean(self, text: str) -> str:
        """Return typed words as they may stand in public, with their translations."""
        return _as_text(self.typed(text))


@feature.offers(public_services.PUBLISH_ITEM.of("poll"))
async def publish_decision(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of a decision. Raises `UserError` before it is final."""
    kept = await poll_store.get_poll(ctx.db, item.number)
    await _require_public(ctx, item, kept)
    write = _Writers(
        public_services.public_line(ctx, names), public_services.typed_text(ctx, names)
    )
    options = await _public_options(ctx, kept, names, write)
    poll = replace(kept, title=write.clean(kept.title), options=options)
    found = _without_people(await outcome.current_outcome(ctx.db, poll), write)
    files = await public_result.result_files(ctx, item, kept, found, names, write.tell)
    document = documents.PublicDocument(
        kind="decision",
        number=item.number,
        title=write.typed(poll.title),
        at=int((poll.ended or item.at).timestamp()),
        facts=tuple(
            documents.PublicFact(name=write.tell(name), value=write.tell(value))
            for name, value in _facts(found, item)
        ),
        paragraphs=tuple(map(write.tell, (*await _notes(ctx, found), *files.notes))),
        rows=tuple(_row(poll, one, write) for one in outcome.option_shares(found)),
        files=files.described,
    )
    return public_services.Publication(document, files.content)


async def _require_public(ctx: Context, item: Item, poll: Poll) -> None:
    """Raise `UserError` if nothing of it can be public, or not yet."""
    named = {"number": poll.number}
    if poll.cancelled:
        raise UserError(texts.already_over_line(poll))
    if poll.is_show_of_hands:
        raise UserError(_("{number} is a show of hands: it decides nothing.", **named))
    for part_of in ctx.registry.offers(public_services.PART_OF):
        if (whole := await part_of(ctx, item)) is not None:
            raise UserError(
                _("{number} is our part of joint decision {whole}.", **named, whole=whole),
                _("What can become public is the whole: `!publish {whole}`", whole=whole),
            )
    if item.author == ctx.me:
        raise UserError(
            _("{number} is about what is done here, perhaps to somebody: it stays here.", **named)
        )
    if poll.ended is None:
        raise UserError(_("{number} is still open: only what is final becomes public.", **named))
    due = await ctx.job_due(item.number, SHRED_JOB if poll.rule.secret else FINAL_JOB)
    if due is not None:
        raise UserError(*_later_lines(poll, due))


def _later_lines(poll: Poll, due: datetime) -> tuple[Line, Line]:
    """Say why it is not final yet, and when it will be."""
    named = {"number": poll.number}
    why = (
        _("Whoever voted in {number} can still check it and object.", **named)
        if poll.rule.secret
        else _("Votes that were sent in time can still change decision {number}.", **named)
    )
    return why, _("From {moment} on: `!publish {number}`", moment=Moment(due), **named)


# --- without people ------------------------------------------------------------------------------


async def _public_options(
    ctx: Context, poll: Poll, names: public_services.PublicNames, write: _Writers
) -> tuple[Option, ...]:
    """Return the options. Candidates who did not agree have their place instead of their name."""
    if poll.rule.kind not in public_result.PEOPLE_KINDS:
        return tuple(replace(one, label=write.clean(one.label)) for one in poll.options)
    people = await public_result.people_on_ballot(ctx, poll.number)
    found = []
    for place, option in enumerate(poll.options, start=1):
        person = people.get(place)
        is_named = person is not None and names.may_name([person])
        name = names.agreed[person] if is_named and person else _candidate(place, write)
        found.append(replace(option, label=name))
    return tuple(found)


def _candidate(place: int, write: _Writers) -> str:
    return _as_text(write.tell(_("candidate {place}", place=place)))


def _without_people(found: PollOutcome, write: _Writers) -> PollOutcome:
    """Return the outcome without reasons and proxies, and with numbers for who counted hands."""
    return replace(
        found,
        reasons=(),
        held=(),
        assemblies=tuple(
            replace(one, person=UserId("1"), confirmed=_numbers(len(one.confirmed)))
            for one in found.assemblies
        ),
        chambers=tuple(
            (replace(one, name=write.clean(one.name)), result) for one, result in found.chambers
        ),
    )


def _numbers(count: int) -> tuple[UserId, ...]:
    """Return marks that tell as many people from each other, and from who recorded a count."""
    return tuple(UserId(str(n)) for n in range(2, count + 2))


# --- the parts of the document -------------------------------------------------------------------


def _facts(found: PollOutcome, item: Item) -> Iterator[tuple[Line, Line]]:
    """Yield what there is to know, with its name: first what came out, which short posts show."""
    poll = found.poll
    yield _("outcome"), result_texts.headline(found)
    yield _("voted"), _("{turnout} of {size}", turnout=poll.turnout, size=poll.roll)
    yield _("rule"), rule_text.describe_rule(poll, names_kind=False)
    yield _("decided"), Line("{at}", {"at": Moment(poll.ended or item.at)})
    yield _("opened"), Line("{at}", {"at": Moment(item.at)})
    yield _("who could vote"), VOTERS[poll.rule.voters]
    for one in found.assemblies:
        yield _("in an assembly"), verbatim(str(one.people))
    if poll.needed:
        yield _("votes needed"), verbatim(str(poll.needed))


async def _notes(ctx: Context, found: PollOutcome) -> list[Line]:
    """Return what is said of the result besides its facts."""
    poll = found.poll
    lines = await requested_proposals.joint_vote_notice(ctx.db, poll.number)
    if found.result.why is not None and found.is_quorate and not found.hidden:
        lines.append(found.result.why)
    if poll.picked is not None:
        lines.append(_("Picked: {date}.", date=poll.options[poll.picked - 1].label))
    return [*lines, *result_texts.chamber_lines(found)]


def _row(poll: Poll, one: OptionShare, write: _Writers) -> documents.PublicRow:
    own = [option.label for option in poll.options if one.label == verbatim(option.label)]
    return documents.PublicRow(
        label=write.typed(own[0]) if own else write.tell(one.label),
        votes=one.votes,
        maybe=one.maybe,
        percent=int(one.percent.removesuffix("%")) if one.percent else None,
        won=one.won,
    )


def _as_text(one: documents.PublicText) -> str:
    """Return a public text as the kinds of decisions know texts."""
    if not one.translations:
        return one.text
    return TranslatedText(one.text, one.language, dict(one.translations.items()))
