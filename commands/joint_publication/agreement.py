"""Our network's yes to being named in public, and taking it back: by the rules of our home room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    RoomId,
    UserError,
    _,
    carry_out,
    items,
    may_act,
    public_changes,
    public_services,
    words,
)
from commands.joint_decisions import question
from commands.joint_decisions.exclusions import first_names
from commands.joint_decisions.proof_check import network_names
from commands.joint_decisions.store import JointDecision
from commands.joint_publication import public_file, store
from commands.joint_publication.declaration import (
    AGREE_ACT,
    SILENCE_JOB,
    TAKE_BACK_ACT,
    WORD_KIND,
    PublishWord,
    feature,
)
from commands.joint_publication.store import SaidWord
from commands.links import store as link_store
from commands.links.declaration import may_decide_for_network, require_network_decider
from commands.links.protocol import outbound

SILENT_AFTER = timedelta(days=7)
"""When who asked is told which networks have not answered."""
feature.log_line(
    "agreed", _("let the network be named in what is public of joint decision {number}")
)
feature.log_line("refused", _("did not let joint decision {number} become public"))


def named(one: JointDecision) -> dict[str, object]:
    """Return the name by which sentences call a joint decision."""
    return {"number": one.item, "title": question.title(one.terms)}


def missing_names(
    one: JointDecision, said: Mapping[str, SaidWord], file: str
) -> tuple[str | Line, ...]:
    """Return the networks named in a joint decision's public file that did not say yes to it."""
    names = network_names(one.terms)
    return first_names(
        [
            names[key]
            for key in one.terms.keys
            if key not in said or not said[key].is_yes or said[key].file != file
        ]
    )


def what_lines(one: JointDecision) -> tuple[Line, ...]:
    """Return lines that say what a yes to making a joint decision public means."""
    names = network_names(one.terms)
    return (
        _(
            "With it: what came out, each network's sums, and the names: {names}.",
            names=tuple(names.values()),
        ),
        _("Whoever keeps a copy keeps it, even if you withdraw it later."),
    )


@feature.offers(public_services.BEFORE_PUBLISHING.of("joint"))
async def ask_others(ctx: Context, item: Item) -> Answer:
    """Ask our moderators for our network's yes to a public file, which asks the others too; None
    once all said yes."""
    one = await public_file.require_decision(ctx, item)
    said, file = (
        await store.words_about(ctx.db, item.number),
        await store.get_file(ctx.db, item.number),
    )
    own = said.get(ctx.signer.public)
    if own is None or not own.is_yes or file is None or file.statement != one.told:
        return await _agree(ctx, item, one)
    missing = missing_names(one, said, own.file)
    if missing:
        raise UserError(
            _("{number} waits for the yes of: {names}.", number=one.item, names=missing),
            _("Until then nothing of it is public."),
        )
    return None


async def _agree(ctx: Context, item: Item, one: JointDecision) -> Answer:
    """Say yes for our network, as its home room's rules have it, after a confirmation."""
    file = public_file.digest((await public_file.make_file(ctx, item)).content)
    await require_link(ctx, one)
    home = await ctx.moderators_room() or item.room
    if not await may_act(ctx, AGREE_ACT, home):
        raise UserError(
            _("This names our network in public: it is for the network's moderators."),
        )
    ctx.confirm(
        _(
            "“{title}” ({number}) was decided by several networks. Each of them must agree.",
            **named(one),
        ),
        *what_lines(one),
        *public_services.typed_names.name_word_lines(
            await public_file.find_named(ctx, item, one.terms)
        ),
        _("I ask the others. Only when all say yes can anybody make it public."),
        final=True,
        to=file,
    )
    return await request_yes(ctx, home, one, file)


async def request_yes(
    ctx: Context, home: RoomId, one: JointDecision, file: str, *, entitled: bool = False
) -> Answer:
    """Say our network's yes to this file, or start what the rules of its home room ask for.

    `entitled`: whoever asks may where a moderator alone would do. Raises `UserError`.
    """
    what = _("our name in joint decision {number}, “{title}”, becomes public", **named(one))
    payload = {"number": one.item, "file": file}
    return await carry_out(ctx, ActRequest(AGREE_ACT, home, what, payload, entitled=entitled))


async def require_link(ctx: Context, one: JointDecision) -> None:
    link = await link_store.get_link(ctx.db, one.link)
    if link is None or not await outbound.is_in_room(ctx, link):
        raise UserError(
            _("We are not linked with those networks any more, so I can't ask them."),
            _("Without the yes of each of them it does not become public."),
        )


async def _say(
    ctx: Context, one: JointDecision, answer: str, file: str
) -> tuple[list[Effect], bool]:
    """Store our word; return the effect that sends it, and whether the others can hear it."""
    said = PublishWord.model_validate({"terms": one.terms.hash, "file": file, "answer": answer})
    await store.put_word(ctx.db, one.item, ctx.signer.public, said)
    link = await link_store.get_link(ctx.db, one.link)
    if link is None or not await outbound.is_in_room(ctx, link):
        return [], False
    body = said.model_dump()
    return [await outbound.send_message(ctx, link, WORD_KIND, body, one.terms.id)], True


async def _decision(ctx: Context, payload: Mapping[str, Any]) -> tuple[Item, JointDecision]:
    item = await items.get(ctx.db, Number(int(payload["number"])))
    if item is None:
        raise UserError(_("There is no number {number} here.", number=payload["number"]))
    return item, await public_file.require_decision(ctx, item)


@feature.act(
    AGREE_ACT,
    words("nombrar la red", "nomear a rede", "name the network"),
    _("let the network be named in public, with others"),
    urgent=False,
)
async def carry_out_agreement(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Send our network's yes to the public file that was shown. Raises `UserError` if it has
    changed.

    Nothing becomes public by that until every network named in it has said yes.
    """
    item, one = await _decision(ctx, payload)
    file = await public_file.make_file(ctx, item)
    digest = public_file.digest(file.content)
    if digest != payload["file"]:
        raise UserError(
            _("{number} has changed since it was shown, so I said nothing.", number=one.item),
            _("To see it as it is now: `!publish {number}`", number=one.item),
        )
    await require_link(ctx, one)
    await store.put_file(ctx.db, one.item, file)
    effects, _heard = await _say(ctx, one, "yes", digest)
    await ctx.log("agreed", {"number": one.item}, room=room)
    missing = missing_names(one, await store.words_about(ctx.db, one.item), digest)
    if not missing:
        return [*effects, *await tell_agreed(ctx, item, one)]
    await ctx.schedule(SILENCE_JOB, ctx.now + SILENT_AFTER, item=one.item)
    return [
        *effects,
        _("Asked: {names}. I tell when they have answered.", names=missing),
        _("Until all say yes, nothing of it is public."),
    ]


async def tell_agreed(ctx: Context, item: Item, one: JointDecision) -> list[Line]:
    """Say that nothing is missing any more, unless it becomes public by itself now."""
    await public_changes.note_decided(ctx, one.item)
    if await public_changes.becomes_public(ctx, item):
        return []
    line = _(
        "All networks agree that “{title}” becomes public. To make it so here: `!publish {number}`",
        **named(one),
    )
    return [line]


# --- no, and no more ------------------------------------------------------------------------------


async def find_asker(ctx: Context, number: Number) -> str | None:
    """Return the key of a network that asks about the very public file that we have; None if none
    does.

    Nobody asks any more once we have answered, with a yes or a no to this file.
    """
    said, item = await store.words_about(ctx.db, number), await items.get(ctx.db, number)
    if item is None or not said:
        return None
    try:
        own = public_file.digest((await public_file.make_file(ctx, item)).content)
    except UserError:  # it can still change
        return None
    mine = said.get(ctx.signer.public)
    if mine is not None and mine.file == own:
        return None
    return next((key for key, word in said.items() if word.is_yes and word.file == own), None)


async def answer_question(ctx: Context, number: Number, *, yes: bool) -> Answer:
    """Answer a network that asks whether a joint decision may be public. A no needs no
    confirmation."""
    item, one = await _decision(ctx, {"number": number})
    if yes:
        return await _agree(ctx, item, one)
    await require_network_decider(ctx)
    file = public_file.digest((await public_file.make_file(ctx, item)).content)
    effects, _heard = await _say(ctx, one, "no", file)
    await ctx.log("refused", {"number": number})
    return [
        *effects,
        _("Nothing of it becomes public. They read that we say no, and not who said so."),
    ]


@feature.offers(public_services.BEFORE_WITHDRAWING.of("joint"))
async def take_back(ctx: Context, item: Item) -> Answer:
    """Take our yes to a public file back, by the rules of our home room; return None if we gave
    none, or it is not for this person.

    Who moderates the home room may do it at once, as with anything that is withdrawn. Who moderates
    another room takes it out of what we hand out, and no more.
    """
    own = (await store.words_about(ctx.db, item.number)).get(ctx.signer.public)
    if own is None or not own.is_yes:
        return None
    home = await ctx.moderators_room() or item.room
    entitled = await may_decide_for_network(ctx)
    if not (entitled or await may_act(ctx, TAKE_BACK_ACT, home)):
        return None
    one = await public_file.require_decision(ctx, item)
    what = _("withdraw joint decision {number}, “{title}”, from what is public", **named(one))
    request = ActRequest(TAKE_BACK_ACT, home, what, {"number": item.number}, entitled=entitled)
    return await carry_out(ctx, request)


@feature.act(
    TAKE_BACK_ACT,
    words("no nombrar la red", "não nomear a rede", "unname the network"),
    _("take back that the network is named in public"),
    like=AGREE_ACT,
    protects=True,
)
async def carry_out_taking_back(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Take our yes to a public file back, here and in the other networks."""
    _item, one = await _decision(ctx, payload)
    own = (await store.words_about(ctx.db, one.item)).get(ctx.signer.public)
    if own is None or not own.is_yes:
        raise UserError(_("Our network gave no yes to {number}.", number=one.item))
    effects, is_heard = await _say(ctx, one, "no", own.file)
    await public_changes.note_consent_gone(ctx, one.item)
    await ctx.log("refused", {"number": one.item}, room=room)
    told = (
        _("I tell the other networks: their bots hand it out no more, too.")
        if is_heard
        else _("We are not linked with the others any more: write to their moderators.")
    )
    head = _("I hand out “{title}” ({number}) no more.", **named(one))
    return [*effects, head, told, _("Whoever has it keeps it: I can't take it from them.")]
