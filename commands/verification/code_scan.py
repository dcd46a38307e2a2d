"""Verification by a picture: the bot shows a QR code, and the person's app scans it.

Spec §QR codes, mode 0: the code holds the keys of both as the bot knows them, so that the app
compares them itself, and a secret by which the bot learns that it was this code that was scanned.
"""

from __future__ import annotations

import base64
import hmac
import io
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.api import YES_NO, Answer, Context, FileContent, Line, SendFile, _
from commands.verification import verification_store
from commands.verification.agreement import Mismatch
from commands.verification.declaration import PATIENCE, feature
from commands.verification.sent_steps import (
    Sent,
    ask_in_private,
    end_verification,
    mismatch_lines,
    require_same_keys,
    require_step,
    send_step,
)
from commands.verification.verification_store import Verification

HEAD = b"MATRIX\x02\x00"
"""Version 2, and the mode in which two people verify each other."""
CODE_BYTES = 16
DOT, QUIET = 6, 4
"""Pixels of a module, and modules of white around all (ISO/IEC 18004)."""


def code_bytes(request: str, own: str, theirs: str, secret: bytes) -> bytes:
    """Return the bytes of a verification's QR code: `own` and `theirs` are the public master
    keys."""
    name = request.encode()
    keys = b"".join(base64.b64decode(f"{key}=", validate=True) for key in (own, theirs))
    assert len(keys) == 64
    return HEAD + len(name).to_bytes(2, "big") + name + keys + secret


def draw_code(data: bytes) -> FileContent:
    """Return a verification's QR code with these bytes as a PNG."""
    import segno  # only now, as few ever need it

    code = segno.make_qr(data, error="m", mode="byte")
    out = io.BytesIO()
    code.save(out, kind="png", scale=DOT, border=QUIET)
    width, height = code.symbol_size(scale=DOT, border=QUIET)
    return FileContent(out.getvalue(), (int(width), int(height)))


async def show_code(ctx: Context, one: Verification) -> Sent:
    """Store the secret of a new QR code and show its picture in private. Return what was sent."""
    own = ctx.fetched.devices(ctx.me).master
    if own is None or one.request is None:
        return []
    secret = secrets.token_bytes(CODE_BYTES)
    picture = draw_code(code_bytes(one.request, own, one.master, secret))
    await verification_store.put_verification(ctx.db, replace(one, code=secret))
    caption = (
        _("Is this on one screen and your app on another? Then scan this picture with the app."),
        _("Else choose emoji in the app: I show you mine."),
    )
    sent = SendFile(
        "minga.png", "image/png", picture.data, caption=caption, size=picture.size, to=one.person
    )
    return [sent]


async def take_scan(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """Handle the message of their app that it scanned our QR code. Return what to send. Raises
    `Mismatch` unless it knows its secret."""
    require_step(one, "ready")
    given, meant = content.get("secret"), base64.b64encode(one.code or b"").decode().rstrip("=")
    right = isinstance(given, str) and hmac.compare_digest(
        given.rstrip("=").encode(), meant.encode()
    )
    if one.code is None or not right or content.get("from_device") != one.device:
        raise Mismatch("m.key_mismatch")
    one = replace(one, step="scanned")
    await verification_store.put_verification(ctx.db, one)
    return await ask_in_private(ctx, one, "scanned")


@feature.dialogue("scanned")
async def confirm_scan(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask whether the app shows that all is well after the scan; called again with the answer, end
    the verification as done after a yes, else as a mismatch. Return what to send, if anything."""
    one = await verification_store.get_verification(ctx.db, ctx.who)
    if one is None or one.request != payload["request"] or one.step != "scanned":
        return None
    answer = ctx.ask(
        "well",
        YES_NO,
        _("Your app scanned my picture. Does it show a shield or a tick?"),
        _("Answer me: `yes` or `no`"),
        patience=PATIENCE,
    )
    if answer != "yes":
        return await end_verification(ctx, one, "m.user", mismatch_lines("m.key_mismatch"))
    try:
        require_same_keys(ctx, one)
    except Mismatch as wrong:
        return await end_verification(ctx, one, wrong.code, mismatch_lines(wrong.code))
    await verification_store.delete_verification(ctx.db, one.person)
    return [*send_step(one, "done", {}), done_line()]


def done_line() -> Line:
    """Return the line that says what verifying the bot changes for the person."""
    return _("Done: from now on your app warns you if somebody takes my place.")
