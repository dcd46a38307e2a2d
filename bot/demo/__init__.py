"""The demo (`make demo`): an embedded homeserver and a chat in the terminal."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.demo.synapse import Homeserver

FAILED = 1
INTERRUPTED = 130


def run_demo(folder: Path, *, scripted: bool) -> int:
    """Play the demo in `folder` and return the exit status. Raises `operator_errors.Stop`."""
    from bot.demo.stage import LOG, emptied_folder
    from bot.operate import log_redaction
    from storage.encryption.keys import harden

    harden()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with emptied_folder(folder) as place, (place / LOG).open("a", encoding="utf-8") as log:
        log_redaction.set_up_logging("info", "json", log)
        try:
            _run(place, scripted=scripted)
        except KeyboardInterrupt:
            return INTERRUPTED
        except Exception as error:
            click.echo(_error_sentence(error, place / LOG), err=True)
            return FAILED
    return 0


def _run(folder: Path, *, scripted: bool) -> None:
    """Run everything between the start and the end of the homeservers."""
    from bot.demo.synapse import Homeserver

    click.echo("Preparo el servidor, el bot y una sala cifrada…")
    server = Homeserver(folder / "synapse", federating=scripted)
    near = [Homeserver(folder / "near" / "synapse", federating=True)] if scripted else []
    with ExitStack() as stack:
        for one in (server, *near):
            stack.callback(one.stop)
        with ThreadPoolExecutor() as both:
            for started in [both.submit(one.start) for one in (server, *near)]:
                started.result()
        asyncio.run(_tour(folder, server, *near) if near else _chat(folder, server))


async def _chat(folder: Path, server: Homeserver) -> None:
    from bot.demo.chat import run_chat
    from bot.demo.stage import open_stage

    async with open_stage(folder, server) as stage:
        await stage.set_up()
        await run_chat(stage)


async def _tour(folder: Path, server: Homeserver, near: Homeserver) -> None:
    """Play the tour with a second network that links to the first."""
    from bot.demo import tour, tour_script
    from bot.demo.stage import NAMES, OUTSIDE, open_stage
    from bot.run import app

    async with (
        open_stage(folder, server, names=(*NAMES, OUTSIDE)) as stage,
        open_stage(folder / "near", near, tour_script.NEAR_NETWORK, ["dora"]) as other,
    ):
        await asyncio.gather(stage.set_up(), other.set_up())
        await tour.play_tour(stage, [feature.name for feature in app.features()], other)
        click.echo("Eso es todo. En una terminal, `make demo` abre una charla.")


def _error_sentence(error: BaseException, log: Path) -> str:
    """Return a plain sentence about what ended the demo; the details are in its log."""
    import structlog

    from bot.demo.stage import DemoError
    from bot.demo.synapse import HomeserverError
    from bot.operate.operator_errors import stop_for

    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, DemoError):
        return str(error)
    structlog.get_logger("minga.demo").critical("the demo failed", exc_info=error)
    if isinstance(error, HomeserverError):
        return f"El servidor de la demostración no arrancó o no respondió. {error}"
    stop = stop_for(error)
    why = stop.words() if stop else f"La demostración se detuvo ({type(error).__name__})."
    return f"{why} Más está en {log}"
