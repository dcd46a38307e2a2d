"""Accounts for people who have none: `!code press with account`, by the homeserver's own tokens."""

from __future__ import annotations

import re
from datetime import datetime

from bot.api import (
    Answer,
    Callback,
    Context,
    Effect,
    Job,
    Line,
    Number,
    OfferAccounts,
    Say,
    UserError,
    UserId,
    WithdrawAccounts,
    _,
    items,
)
from commands.codes import code_syntax, store
from commands.codes.declaration import OFFERED_JOB, WITHDRAW_JOB, feature

MOST_ACCOUNTS = 50
"""How many accounts one code can give."""
_WITH_ACCOUNT = re.compile(
    r"(?:^|\s)(?:con|com|with)[\s-]*(?:an?\s|una\s|uma\s)?(?:cuentas?|contas?|accounts?)(?!\w)",
    re.IGNORECASE,
)
STAY = _("Accounts that were made with it stay.")
APP = "https://app.element.io"

feature.log_line("code_accounts", _("had the server give {uses} accounts with code {number}"))


def split_account(text: str) -> tuple[str, bool]:
    """Return the text without `with account`, and whether it held that."""
    found = _WITH_ACCOUNT.search(text)
    return (text, False) if found is None else (_WITH_ACCOUNT.sub(" ", text).strip(), True)


def require_accounts(ctx: Context, uses: int) -> None:
    """Raise `UserError` unless the person, the number and the homeserver allow invitation codes
    with accounts.

    The accounts are the whole server's, so only the network's moderators give them.
    """
    if ctx.who not in ctx.defaults.moderators:
        raise UserError(
            _("A code with accounts is for those who moderate the whole network."),
            _("For people who have an account already: `!code press`"),
        )
    if uses > MOST_ACCOUNTS:
        raise UserError(_("That is more accounts than one code gives: {most}.", most=MOST_ACCOUNTS))
    trouble = ctx.fetched.account_trouble()
    if trouble is not None:
        raise UserError(*_trouble_lines(trouble, server_of(ctx.me)))


def _trouble_lines(trouble: str, server: str) -> list[Line]:
    """Return why no accounts can be given, and what the operator must do."""
    if trouble == "away":
        return [
            _("{server} does not say now whether it gives accounts.", server=server),
            _("Please try again in a while."),
        ]
    if trouble == "closed":
        why = _("Nobody can register at {server} with a code now.", server=server)
    elif trouble == "refused":
        why = _("{server} refuses the right that I was given for accounts.", server=server)
    else:
        why = _("I have no right to give accounts of {server}.", server=server)
    return [
        why,
        _("Whoever runs me can change it: docs/operating.md, “Accounts for people who have none”."),
        _("For people who have an account already: `!code press`"),
    ]


def server_of(bot: UserId) -> str:
    """Return the homeserver's name as people type it in their app."""
    return bot.partition(":")[2]


async def offer_accounts(
    ctx: Context, number: Number, uses: int, until: datetime, card: bytes | None = None
) -> OfferAccounts:
    """Store a new registration token for an invitation code or card, and return the effect that
    creates it."""
    token = code_syntax.new_account_token()
    await store.add_account_token(ctx.db, number, token, card)
    return OfferAccounts(token, uses, until, Callback.of(OFFERED_JOB, number))


def step_lines(bot: UserId, token: Line | str, code: Line | str) -> list[Line]:
    """Return the three steps for a person without an account: app, homeserver, token."""
    return [
        _("1. Install Element, or open {app}.", app=APP),
        _(
            "2. Create an account at the server `{server}`, with the registration code `{token}`.",
            server=server_of(bot),
            token=token,
        ),
        _("3. Write to {me} in private: `{code}`", me=bot, code=code),
    ]


def card_steps(bot: UserId, token: str) -> tuple[str, ...]:
    """Return the steps to an account as an invitation card shows them, in no language."""
    return ("1  Element: app.element.io", f"2  {server_of(bot)}  {token}", "3  QR + code:")


@feature.runs(OFFERED_JOB)
async def report_offer(ctx: Context, job: Job) -> Answer:
    """Tell who made the invitation code if the homeserver gives no accounts after all. Return what
    to say, if anything.

    The token is taken back all the same: of a lost answer nobody knows whether it was made.
    """
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if not job.payload["code"] or item is None:
        return None
    if not await end_offer(ctx, item.number):
        return None  # of another card of the sheet it was told already
    lines = (
        _(
            "The server gave no accounts for code {number}; the code itself lets people in who have"
            " one.",
            number=item.number,
        ),
        _("Whoever runs me can change it: docs/operating.md, “Accounts for people who have none”."),
    )
    return Say(lines, to=item.author, loud=True, item=item.number)


async def end_offer(ctx: Context, number: Number, card: bytes | None = None) -> bool:
    """Schedule that the homeserver withdraws the registration tokens that go with invitation code
    `number`, or with one `card` of it only. Return whether there were any."""
    tokens = await store.take_account_tokens(ctx.db, number, card)
    item = await items.get(ctx.db, number)
    if tokens:
        author = item.author if item is not None else None
        await ctx.schedule(WITHDRAW_JOB, ctx.now, author=author, tokens=tokens)
    return bool(tokens)


@feature.runs(WITHDRAW_JOB)
async def withdraw(_ctx: Context, job: Job) -> list[Effect]:
    """Return the effects that delete registration tokens at the homeserver. Who made their code
    hears if that is refused."""
    told = job.payload
    tokens = tuple(told["tokens"]) if "tokens" in told else (str(told["token"]),)
    return [WithdrawAccounts(tokens, told.get("author"))]
