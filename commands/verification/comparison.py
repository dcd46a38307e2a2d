"""The person compares the emoji; then each side checks that the other vouches for its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.api import YES_NO, Answer, Context, Job, Say, UserId, _
from commands.verification import verification_store
from commands.verification.agreement import Mismatch
from commands.verification.code_scan import done_line
from commands.verification.declaration import EXPIRE_JOB, PATIENCE, feature
from commands.verification.emoji import emoji_line
from commands.verification.sent_steps import (
    Sent,
    end_verification,
    mismatch_lines,
    require_same_keys,
    send_step,
    shared_secret,
    too_late_lines,
)
from commands.verification.verification_store import Verification


@feature.dialogue("compare")
async def compare(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask whether both sides show the same emoji, and vouch for our keys only after a yes. Return
    what to say, if anything."""
    one = await verification_store.get_verification(ctx.db, ctx.who)
    if one is None or one.request != payload["request"] or one.step != "comparing":
        return None
    shared = shared_secret(ctx, one)
    answer = ctx.ask(
        "same",
        YES_NO,
        _("Your app shows seven pictures. These are mine, in order:"),
        emoji_line(shared.emoji(we_started=one.starts)),
        _("Are they the same? Tap it in your app too, and answer me: `yes` or `no`"),
        patience=PATIENCE,
    )
    if answer != "yes":
        return await end_verification(
            ctx, one, "m.mismatched_sas", mismatch_lines("m.mismatched_sas")
        )
    own = ctx.fetched.devices(ctx.me)
    keys = {f"ed25519:{name}": key for name, key in own.keys.items()}
    if own.master:
        keys[f"ed25519:{own.master}"] = own.master
    one = replace(one, step="confirmed")
    await verification_store.put_verification(ctx.db, one)
    sent = send_step(one, "mac", shared.our_macs(keys))
    if one.macs is None:
        return [*sent, _("Now tap in your app that they match.")]
    try:
        return [*sent, *await finish(ctx, one)]
    except Mismatch as wrong:
        return [*sent, *await end_verification(ctx, one, wrong.code, mismatch_lines(wrong.code))]


async def finish(ctx: Context, one: Verification) -> Sent:
    """Check the other side's authentication codes against their keys, as they were at the request
    and are now. Return what to send. Raises `Mismatch`."""
    require_same_keys(ctx, one)
    shared_secret(ctx, one).check_macs(one.macs or {}, one.known_keys())
    await verification_store.delete_verification(ctx.db, one.person)
    return [*send_step(one, "done", {}), done_line()]


@feature.runs(EXPIRE_JOB)
async def expire(ctx: Context, job: Job) -> Answer:
    """End a verification that took longer than `PATIENCE`. Return what to say, if anything."""
    one = await verification_store.get_verification(ctx.db, UserId(job.person or ""))
    if one is None or ctx.now < one.asked + PATIENCE:
        return None
    await verification_store.delete_verification(ctx.db, one.person)
    await ctx.end_own_question(one.person)
    channel = one.channel()
    cancelled = [channel.cancel("m.timeout")] if channel else []
    return [*cancelled, Say(tuple(too_late_lines()), to=one.person)]
