"""`python -m tests.clients FOLDER [guides | verify]`: a built web client, looked at.

`make clients WEB=FOLDER` checks it; with `guides` the pictures in the guides are taken anew, with
`verify` Element Web verifies the bot.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients import guide_pictures, verification
from tests.clients.browser import browsing
from tests.clients.cinny import Cinny
from tests.clients.element_web import ElementWeb
from tests.clients.page import ClientPage
from tests.clients.scene import play
from tests.clients.served import served
from tests.clients.stage import SERVER_NAME, stage

CLIENTS: tuple[type[ClientPage], ...] = (Cinny, ElementWeb)
DOCS = Path(__file__).parents[2] / "docs"
PICTURES, SCREENS = DOCS / "pictures", DOCS / "screens"
"""What is checked in each client, and what the guides show."""


def recognise(folder: Path) -> tuple[type[ClientPage], str]:
    """Which client a build is, and its version. Raises `SystemExit` if none that we know."""
    for client in CLIENTS:
        try:
            return client, client.version(folder)
        except (OSError, ValueError):
            continue
    names = ", ".join(client.name for client in CLIENTS)
    raise SystemExit(f"{folder} is no build of these: {names}")


async def look(folder: Path) -> int:
    """Play the scene, keep the pictures and what was checked; how many checks failed."""
    client, version = recognise(folder)
    kept = PICTURES / f"{client.name}-{version}"
    with TemporaryDirectory() as scratch:
        async with stage(Path(scratch)) as on_stage, browsing() as browser:
            config = client.config(on_stage.server.url, SERVER_NAME)
            with served(folder, config) as address:

                async def new_device() -> ClientPage:
                    context = await browser.new_context(
                        locale="es-CO", timezone_id="America/Bogota"
                    )
                    return client(await context.new_page(), address)

                report = await play(on_stage, await new_device(), new_device, kept)
    (kept / "version.txt").write_text(f"{client.name} {version}\n\n{report.page()}", "utf-8")
    return report.failed


async def look_at_verification(folder: Path) -> int:
    """Verify the bot in Element Web, begun by either; how many checks failed."""
    version = ElementWeb.version(folder)
    kept = PICTURES / f"{ElementWeb.name}-{version}"
    with TemporaryDirectory() as scratch:
        async with stage(Path(scratch)) as on_stage, browsing() as browser:
            config = ElementWeb.config(on_stage.server.url, SERVER_NAME)
            with served(folder, config) as address:
                context = await browser.new_context(locale="es-CO", timezone_id="America/Bogota")
                page = ElementWeb(await context.new_page(), address)
                report = await verification.verify(on_stage, page, kept)
    return report.failed


async def draw_guides(folder: Path, languages: Sequence[str]) -> None:
    """Take the pictures in the guides, in these languages."""
    client, _version = recognise(folder)
    for language in languages:
        with TemporaryDirectory() as scratch:
            async with stage(Path(scratch), language) as on_stage, browsing() as browser:
                config = client.config(on_stage.server.url, SERVER_NAME)
                with served(folder, config) as address:
                    context = await browser.new_context(timezone_id="America/Bogota")
                    page = client(await context.new_page(), address)
                    await guide_pictures.draw(on_stage, page, language, SCREENS)


if __name__ == "__main__":
    if sys.argv[2:3] == ["guides"]:
        asyncio.run(draw_guides(Path(sys.argv[1]), sys.argv[3:] or [*guide_pictures.SCRIPTS]))
    elif sys.argv[2:3] == ["verify"]:
        sys.exit(asyncio.run(look_at_verification(Path(sys.argv[1]))) > 0)
    else:
        sys.exit(asyncio.run(look(Path(sys.argv[1]))) > 0)
