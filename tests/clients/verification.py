"""Verification in a client, as a person does it: tap Verify, compare, done."""

from __future__ import annotations

import re
from pathlib import Path

from commands.verification.emoji import EMOJI
from tests.clients.checks import Report
from tests.clients.element_web import ElementWeb
from tests.clients.scene import STOPPED, Scene
from tests.clients.stage import Stage

SAME = "¿Son iguales?"
LOOKED_AT = Path("dist")
"""Where the pictures go: to look at, not for a guide."""
DONE = "te avisa si alguien toma mi lugar"


async def verify(stage: Stage, client: ElementWeb, folder: Path) -> Report:
    """Gina verifies the bot, then the bot asks her to. Pictures go to `LOOKED_AT`."""
    scene = Scene(stage, client, folder)
    try:
        await scene.comes_in()
        await client.say("!verificar")
        await client.accept("Minga")
        await client.hears("escríbeme en privado")
        await client.begin_verification("Minga")
        await _compare(scene, client, "verify-tapped")
        await client.say("verificar")
        await client.accept_verification()
        await _compare(scene, client, "verify-asked")
    except BaseException:
        await client.page.screenshot(path=STOPPED)
        print(f"It stopped where {STOPPED} shows.")  # noqa: T201
        raise
    return scene.report


async def _compare(scene: Scene, client: ElementWeb, name: str) -> None:
    """Compare what both show, say yes to both, and see that the client counts it."""
    shown = await client.shown_emoji()
    await client.hears(SAME)
    (words,) = (await client.bodies())[-1:]
    known = "|".join(sign for sign, _word in EMOJI)
    said = re.findall(known, words)
    scene.report.note(
        "both show the same seven pictures", " ".join(said), ok=said == shown and len(shown) == 7
    )
    await client.page.screenshot(path=LOOKED_AT / f"{name}.png")
    await client.emoji_match()
    await client.say("sí")
    await client.hears(DONE)
    verified = await client.counts_as_verified()
    scene.report.note("the client counts the bot as verified", str(verified), ok=verified)
