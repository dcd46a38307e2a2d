"""The file of a joint decision as it becomes public: the same bytes in every network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from bot.api import Context, Item, Moment, UserError, _, rooms, strip_hidden
from bot.api import public_services as public
from commands.joint_decisions import proof_check
from commands.joint_decisions import store as joint_store
from commands.joint_decisions.statement import JointStatement, work_out_statement
from commands.joint_decisions.steps import COMPARED_AFTER
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import Final, JointTerms, TermsAnswer
from commands.joint_publication.store import AgreedFile
from commands.links.protocol.envelope import NetworkEnvelope

COUNTING_KINDS = ("commit", "open", "quit", "reveal", "seen")
"""Kinds of words on which the result depends, besides each yes and the signatures under it."""


def digest(content: bytes) -> str:
    """Return the hash by which networks agree on a joint decision's public file."""
    return sha256(content).hexdigest()


async def require_decision(ctx: Context, item: Item) -> JointDecision:
    """Return a joint decision that has a result. Raises `UserError`."""
    one = await joint_store.get_decision(ctx.db, item.number)
    if one is not None and one.told in joint_store.ENDINGS_WITHOUT_RESULT:
        raise UserError(
            _("Joint decision {number} came to nothing: it has no result.", number=item.number)
        )
    if one is None or one.told is None:
        raise UserError(_("Joint decision {number} has not ended yet.", number=item.number))
    return one


async def make_file(ctx: Context, item: Item) -> AgreedFile:
    """Return a joint decision's public file as it would be published now.

    It holds the words on which the result depends, and no more: not who declined, nor who knows
    whom on another's word. Raises `UserError` while it can still change, and if it can't be public.
    """
    one = await require_decision(ctx, item)
    words = {
        kind: await joint_store.words_of_kind(ctx.db, item.number, kind)
        for kind in joint_store.WORD_KINDS
    }
    found = work_out_statement(joint_store.make_board(one.terms, words))
    finals = _same_finals(words["final"].values(), found)
    over = datetime.fromtimestamp(one.terms.over_by, UTC) + COMPARED_AFTER
    is_whole = {part.key for part in found.parts} <= {final.network for final in finals}
    if ctx.now < over and not is_whole:
        raise UserError(
            _("Words of other networks can still change joint decision {number}.", number=one.item),
            _(
                "Once each network has told the same result, or from {moment} on:"
                " `!publish {number}`",
                moment=Moment(over),
                number=one.item,
            ),
        )
    part = {one.key for one in found.parts}
    kept = [
        *(word for kind in COUNTING_KINDS for word in words[kind].values() if word.network in part),
        *(word for word in words["open"].values() if word.network not in part),
        *finals,
        *(word for word in words["sign"].values() if word.parse_body(TermsAnswer).answer == "yes"),
    ]
    kept.sort(key=lambda word: (word.kind, word.network))
    if one.told != found.hash or any(proof_check.find_faults(one.terms, kept)):
        raise UserError(
            _(
                "Something in joint decision {number} does not fit: `!export {number}`",
                number=one.item,
            )
        )
    await _require_no_address(ctx, item, one.terms)
    return AgreedFile(found.hash, proof_check.write_proof(one.terms, kept))


def _same_finals(words: Iterable[NetworkEnvelope], found: JointStatement) -> list[NetworkEnvelope]:
    """Return the signatures under this result."""
    return [one for one in words if one.parse_body(Final).statement == found.hash]


async def find_named(
    ctx: Context, item: Item, terms: JointTerms, *, unseen: bool = False
) -> list[str]:
    """Return the words that people wrote which are names of people of our room, too.

    `unseen`: nobody reads them before we say yes.
    """
    texts = _typed_texts(terms)
    return await public.typed_names.find_name_words(ctx, item.room, texts, unseen=unseen)


def _typed_texts(terms: JointTerms) -> tuple[str, ...]:
    return (terms.title, terms.about, *terms.options, *(one.name for one in terms.networks))


async def _require_no_address(ctx: Context, item: Item, terms: JointTerms) -> None:
    """Raise `UserError` if what people wrote names somebody: what is signed can't be changed."""
    members = await rooms.member_names(ctx.db, item.room)
    write = public.typed_text(ctx, public.PublicNames({}, members))
    if any(write(text).text != strip_hidden(text) for text in _typed_texts(terms)):
        raise UserError(
            _(
                "The words of joint decision {number} name a person, and all networks signed them.",
                number=item.number,
            ),
            _("So it can't become public."),
        )
