"""The asker's side of a contact: another network is asked, without the asker's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    FINAL,
    REACH_AUTHOR,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Person,
    Say,
    SendRaw,
    UserError,
    UserId,
    _,
    is_in,
    items,
)
from commands.links import store
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState
from commands.shares import share_store
from commands.shares.contact import contact_messages, sealed_address
from commands.shares.contact import store as contact_store
from commands.shares.contact.sealed_address import ContactBinding, UnsealError
from commands.shares.contact.store import ContactRow, ContactState
from commands.shares.declaration import CONTACT_JOB, NEVER_JOB, feature
from commands.shares.share_store import Fate, ReceivedShare

DAY = timedelta(days=1)
MOST_A_DAY = 5
"""How many requests one person may send in a day."""
MOST_OF_NETWORK = 20
"""How many requests one network gets from all of ours in a day; it would ignore more."""


@feature.offers(REACH_AUTHOR)
async def request_contact(
    ctx: Context, item: Number, lead: tuple[Line, ...], note: str
) -> list[Line | Effect] | None:
    """Explain how a contact with a person of another network works, and send the request after a
    yes.

    Returns None after a no. Raises `UserError` if nobody can be asked, or for too many requests.
    """
    copy, link, peer = await _share_behind(ctx, item)
    await _require_not_asked(ctx, copy, peer)
    lines = [*lead]
    if note:
        lines.append(
            _("These words go along, and all networks in that link read them: “{text}”", text=note)
        )
    answer = ctx.ask(
        "want",
        FINAL,
        *lines,
        _(
            "I ask {network}, whose bot asks whoever wrote it, in private. Your name does not go"
            " along.",
            network=peer.name,
        ),
        _(
            "If they say yes, each of you gets the other's Matrix address, in private and sealed on"
            " its way."
        ),
        _("Do you want that? `yes` or `no`"),
    )
    if answer != "yes":
        return None
    return await _ask(ctx, copy, link, peer, note)


async def _share_behind(ctx: Context, item: Number) -> tuple[ReceivedShare, NetworkLink, Peer]:
    """Return the share behind the copy, its link and its network.

    Raises `UserError` if nobody could be asked.
    """
    copy = await share_store.received_by_copy(ctx.db, item)
    link = await store.get_link(ctx.db, copy.link) if copy else None
    peer = await store.get_peer(ctx.db, copy.link, copy.bot) if copy else None
    if copy is None or link is None or peer is None or copy.fate is Fate.WITHDRAWN:
        raise UserError(_("{number} is no longer shared with us.", number=item))
    if peer.state is not PeerState.LINKED or link.room is None or peer.key is None:
        raise UserError(
            _("{network} is not linked with us any more, so I can't ask it.", network=peer.name)
        )
    return copy, link, peer


async def _require_not_asked(ctx: Context, copy: ReceivedShare, peer: Peer) -> None:
    """Raise `UserError` if this was asked before, or too much was asked today."""
    number, day = copy.copy or Number(0), ctx.now - DAY
    for one in await contact_store.contacts_about(ctx.db, number):
        if one.person == ctx.who and one.said is ContactState.OPEN:
            raise UserError(_("I asked already about {number}. You hear from me.", number=number))
        if one.person == ctx.who:
            raise UserError(_("I asked about {number}, and it was answered.", number=number))
    if ctx.defaults.unlimited:
        return
    if await contact_store.count_contacts_of(ctx.db, ctx.who, True, day) >= MOST_A_DAY:
        raise UserError(
            _(
                "You asked other networks {count} times in a day; please go on tomorrow.",
                count=MOST_A_DAY,
            )
        )
    if await contact_store.count_contacts_with(ctx.db, peer.bot, True, day) >= MOST_OF_NETWORK:
        raise UserError(
            _("{network} was asked very often today; please try again tomorrow.", network=peer.name)
        )


async def _ask(
    ctx: Context, copy: ReceivedShare, link: NetworkLink, peer: Peer, note: str
) -> list[Line | Effect]:
    own, public = sealed_address.new_key()
    number = copy.copy or Number(0)
    one = ContactRow(
        link.item,
        peer.bot,
        outbound.new_id(),
        True,
        number,
        copy.id,
        ctx.who,
        "",
        own,
        public,
        "",
        ContactState.OPEN,
        ctx.now.timestamp(),
    )
    await contact_store.put_contact(ctx.db, one)
    await schedule_end(ctx, one)
    body = contact_messages.ContactRequest(to=peer.key or "", thing=copy.id, key=public, note=note)
    return [
        _(
            "Noted. I asked {network}, without your name. What comes of it I tell you in private.",
            network=peer.name,
        ),
        _(
            "If nothing comes within {count} days, I forget it.",
            count=contact_messages.ANSWER_TIME.days,
        ),
        await outbound.send_message(ctx, link, "ask", body.model_dump(exclude_none=True), one.id),
    ]


async def schedule_end(ctx: Context, one: ContactRow) -> None:
    """Schedule the end of a request for contact that its author has not answered."""
    await ctx.schedule(
        CONTACT_JOB,
        ctx.now + contact_messages.ANSWER_TIME,
        item=one.link,
        bot=one.bot,
        about=one.id,
    )


# --- their answer ---------------------------------------------------------------------------------


@inbound.handles("answer", of=feature)
async def receive_reply(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Handle the author's answer to a request for contact, from the network that was asked only,
    and once. Return what to say, if anything.

    Raises `InvalidMessage` if it was not sealed for this contact.
    """
    reply = one.parse_body(contact_messages.ContactReply)
    row = await contact_store.get_contact(ctx.db, link.item, peer.bot, one.id)
    if (
        reply.to != ctx.signer.public
        or row is None
        or not row.own
        or row.said is not ContactState.OPEN
    ):
        return None
    contact = contact_binding(ctx, link, peer, replace(row, author_key=reply.key))
    try:
        theirs = sealed_address.unseal_address(
            row.secret or b"", reply.key, contact, contact.author, reply.sealed
        )
    except UnsealError as error:
        raise InvalidMessage("sealed for somebody else") from error
    address = contact_messages.parse_address(theirs) if theirs else None
    return await _finish_request(ctx, link, peer, row, contact, address)


async def _finish_request(
    ctx: Context,
    link: NetworkLink,
    peer: Peer,
    row: ContactRow,
    contact: ContactBinding,
    address: UserId | None,
) -> list[Effect]:
    """Send the asker's address after a yes, and tell the asker.

    An asker who has left the room meanwhile is told nothing and not named.
    """
    item = await items.get(ctx.db, row.item)
    room = item.room if item else None
    here = room and await is_in(ctx, room, row.person)
    own = row.person if here and address else ""
    sealed = sealed_address.seal_address(
        row.secret or b"", contact.author_key, contact, contact.asker, own
    )
    said = ContactState.YES if address else ContactState.NO
    await contact_store.put_contact(ctx.db, replace(row, said=said, secret=None))
    body = contact_messages.ContactAddress(to=peer.key or "", sealed=sealed).model_dump()
    effects: list[Effect] = [await outbound.send_message(ctx, link, "contact", body, row.id)]
    if here and address:
        effects.append(address_message(ctx, row, item, peer, address))
    elif here:
        effects.append(Say(tuple(declined_lines(row, item, peer)), to=row.person))
    return effects


def contact_binding(ctx: Context, link: NetworkLink, peer: Peer, row: ContactRow) -> ContactBinding:
    """Return what identifies a contact: the link, the contact and the shared thing by id, and for
    the asker and the author their network's key and the one made for this contact. An address
    sealed with it can be opened for no other contact."""
    ours, theirs = ctx.signer.public, peer.key or ""
    asker, author = (ours, theirs) if row.own else (theirs, ours)
    return ContactBinding(
        link.name, row.id, row.thing, asker, row.asker_key, author, row.author_key
    )


def address_message(
    ctx: Context, row: ContactRow, item: Item | None, peer: Peer, address: UserId
) -> Say:
    """Return the private message that gives a person the address of another network's person.

    It is for `row.person`, who asked for the contact or was asked, once both said yes.
    """
    lines = [
        _(
            "Both said yes, {number}, “{title}”: {person}, of {network}.",
            number=row.item,
            title=item_title(item),
            person=Person(address, full=True),
            network=peer.name,
        ),
        _(
            "Write to each other. Whose address it is, {network} says: meet with care.",
            network=peer.name,
        ),
    ]
    settled = ctx.registry.find_command("solved")
    if settled is not None and not row.own:
        typed = _("`!{word} {number}`", word=settled[0].name, number=row.item)
        lines.append(_("When it is settled: {command}", command=typed))
    return Say(tuple(lines), to=row.person, loud=True)


def declined_lines(row: ContactRow, item: Item | None, peer: Peer) -> list[Line]:
    """Return the lines that say that nothing comes of a contact, without who or why."""
    return [
        _(
            "It did not come about this time: {number}, “{title}”, of {network}.",
            number=row.item,
            title=item_title(item),
            network=peer.name,
        ),
        _("Your name went nowhere."),
    ]


def item_title(item: Item | None) -> str:
    """Return the item's title for a message, cut to 120 letters."""
    return item.title[:120] if item else "–"


# --- no answer ------------------------------------------------------------------------------------


async def send_give_up(ctx: Context, link: NetworkLink, peer: Peer, name: str) -> SendRaw:
    """Tell the other network that the asker no longer wants the contact, so their author need not
    be asked. Return the message."""
    gone = contact_messages.ContactAddress(to=peer.key or "").model_dump(exclude_none=True)
    return await outbound.send_message(ctx, link, "contact", gone, name)


async def end_unanswered(
    ctx: Context, link: NetworkLink, peer: Peer, row: ContactRow
) -> list[Effect]:
    """End a request for contact that nobody answered in time. Return what to send. The asker is
    told and can ask again."""
    item = await items.get(ctx.db, row.item)
    lines = (
        _(
            "No answer came from {network} in {count} days: {number}, “{title}”.",
            network=peer.name,
            count=contact_messages.ANSWER_TIME.days,
            number=row.item,
            title=item_title(item),
        ),
        _("I forgot it; your name went nowhere."),
    )
    await contact_store.drop_contact(ctx.db, row)
    return [await send_give_up(ctx, link, peer, row.id), Say(lines, to=row.person)]


@feature.runs(CONTACT_JOB)
async def end_overdue(ctx: Context, job: Job) -> Answer:
    """End a contact between people of two networks whose time is over, on either side. Return what
    to say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    bot = UserId(job.payload["bot"])
    row = (
        await contact_store.get_contact(ctx.db, link.item, bot, job.payload["about"])
        if link
        else None
    )
    peer = await store.get_peer(ctx.db, link.item, bot) if link else None
    if link is None or row is None or peer is None:
        return None
    if row.own and link.room is not None:
        return await end_unanswered(ctx, link, peer, row) if row.said is ContactState.OPEN else None
    return await end_without_asker(ctx, peer, row)


async def end_without_asker(ctx: Context, peer: Peer, row: ContactRow) -> Answer:
    """End a contact whose asker left or was forgotten. An author who has said yes is told. Return
    what to say, if anything."""
    if row.said is not ContactState.OPEN and row.secret is None:
        return None
    await contact_store.put_contact(
        ctx.db, replace(row, said=ContactState.GONE, secret=None, note="")
    )
    if row.said is ContactState.OPEN:
        return None
    line = _(
        "It did not come about: whoever of {network} asked about {number} is not there any more.",
        network=peer.name,
        number=row.item,
    )
    return Say((line,), to=row.person)


@feature.runs(NEVER_JOB)
async def give_up_for_forgotten(ctx: Context, job: Job) -> Answer:
    """Tell the other network that the forgotten asker of a contact waits no more. Return what to
    say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    peer = await store.get_peer(ctx.db, link.item, UserId(job.payload["bot"])) if link else None
    if link is None or link.room is None or peer is None or peer.state is not PeerState.LINKED:
        return None
    return await send_give_up(ctx, link, peer, job.payload["about"])
