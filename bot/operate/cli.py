"""The `minga` command. An operator's mistake is reported in one plain line."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _, verbatim
from bot.operate.click_words import COMMAND, OPTIONS, teach_click
from bot.operate.config_option import with_config
from bot.operate.first_login import refuse_destroyed
from bot.operate.operator_errors import BUG, Stop, stop_for
from bot.operate.operator_words import in_words, tell
from bot.run.free_memory import share_one_arena
from bot.run.optional_libraries import without_authorities

if TYPE_CHECKING:
    from bot.operate.config import Config
    from bot.operate.watch.service_manager import ServiceManager
    from storage.encryption.keys import Keys

teach_click()

COMMANDS: Mapping[str, str] = {
    "init": "bot.operate.init",
    "recover": "bot.operate.recover",
    "recovery-key": "bot.operate.recovery_key",
    "change-key": "bot.operate.change_key.command",
    "backup": "bot.operate.backups.backup_command",
    "backup-key": "bot.operate.backups.backup_key",
    "restore": "bot.operate.backups.restore_command",
    "rollback": "bot.operate.rollback",
    "split": "bot.operate.split.command",
    "ready": "bot.operate.watch.ready_command",
}
"""The module of each command that has one of its own. The bot that runs loads none of them."""


class Program(click.Group):
    """The core's commands and the tools of the capabilities."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of our commands and of the capabilities' tools, in order."""
        from bot.capability.discovery import features

        tools = (tool for feature in features() for tool in feature.tools)
        return sorted({*super().list_commands(ctx), *COMMANDS, *tools})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command or the capability's tool of that name, or None."""
        if name in COMMANDS:
            module = importlib.import_module(COMMANDS[name])
            found: click.Command | None = getattr(module, name.replace("-", "_"))
        else:
            found = super().get_command(ctx, name)
        if found is None:  # what a health check starts each half minute imports no capability
            from bot.operate.capability_tools import find_tool

            found = find_tool(name)
        if found is not None:
            found.options_metavar = in_words(OPTIONS)
        return found


@click.group(
    cls=Program,
    options_metavar=in_words(OPTIONS),
    subcommand_metavar=in_words(COMMAND),
    help=in_words(_("Minga: a Matrix bot that a network of people hosts for itself.")),
)
@click.version_option(package_name="minga", prog_name="minga")
def main() -> None:
    """Minga: a Matrix bot that a network of people hosts for itself."""


@main.command(help=in_words(_("Run the bot until it is told to stop (SIGTERM, Ctrl-C).")))
@with_config
@click.option(
    "--take-over", is_flag=True, help=in_words(_("Go on though another bot took over; it stops."))
)
def run(path: Path, take_over: bool) -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl-C)."""
    share_one_arena()
    from bot.operate.watch.service_manager import ServiceManager
    from storage.files.disk import hand_over_folder

    config = _load(path)
    _set_up_log(config)
    service = ServiceManager.from_environment()
    try:
        _run_until_stopped(
            lambda: _run_app(config, service, take_over=take_over), service.announce_stop
        )
    finally:
        hand_over_folder(config.storage.data_dir)


@main.command(
    help=in_words(
        _("Say what is wrong, a line for each check. Exit status 0 only when all is well.")
    )
)
@with_config
@click.option("--json", "for_program", is_flag=True, help=in_words(_("For a program to read.")))
def doctor(path: Path, for_program: bool) -> None:
    """Say what is wrong, a line for each check. Exit status 0 only when all is well."""
    from bot.operate.doctor.checks import run_checks
    from bot.operate.doctor.findings import as_json

    _harden()
    findings = asyncio.run(run_checks(path))
    for line in [as_json(findings)] if for_program else findings:
        click.echo(line)
    if not all(finding.is_fine for finding in findings):
        sys.exit(1)


@main.command(help=in_words(_("Try it: a homeserver, the bot and a chat, all on this machine.")))
@click.option("--scripted", is_flag=True, help=in_words(_("Play the tour even in a terminal.")))
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-data"),
    show_default=True,
    help=in_words(_("Where the demo keeps its homeserver and its data.")),
)
def demo(scripted: bool, folder: Path) -> None:
    """Try it: a homeserver, the bot and a chat, all on this machine."""
    from bot.demo import run_demo

    sys.exit(run_demo(folder, scripted=scripted or not sys.stdin.isatty()))


# --- what the commands share -------------------------------------------------------------------


def _load(path: Path) -> Config:
    from bot.operate.config import ConfigError, load_config

    _harden()
    try:
        return load_config(path)
    except ConfigError as error:
        raise Stop(*error.lines) from None


def _harden() -> None:
    from storage.encryption.keys import harden

    harden()


def _unlock(config: Config, *, create: bool = False) -> Keys:
    from storage.encryption.root_key import unlock
    from storage.encryption.secret_files import make_private_folder

    where = config.storage
    refuse_destroyed(config)
    fresh = create and not where.passphrase_file and not where.key_file.exists()
    try:
        keys = unlock(
            where.data_dir,
            key_file=where.key_file,
            passphrase_file=where.passphrase_file,
            create=create,
        )
        make_private_folder(where.data_dir)
    except OSError as error:
        raise stop_for(error) or Stop(verbatim(f"{error.filename}: {error.strerror}")) from None
    if fresh:
        tell(_("Made a new key: {file}. Keep a copy elsewhere.", file=where.key_file), err=True)
    return keys


def _set_up_log(config: Config) -> None:
    from bot.operate import log_redaction

    log_redaction.set_up_logging(config.log.level, config.log.format)


async def _run_app(config: Config, service: ServiceManager, *, take_over: bool) -> None:
    from bot.distress import vocabulary

    vocabulary.prepare()  # before all else is loaded, which then takes the memory that this needed
    with without_authorities():
        from bot.run import app
    from bot.operate.change_key.steps import finish_at_start
    from storage.files import lock

    async with service.extending_start():
        refuse_destroyed(config)
        lock.refuse_if_held(config.storage.data_dir)
        await finish_at_start(config)
        if not config.storage.has_data:
            await app.check_account(config, service)
        keys = _unlock(config, create=True)
        with lock.hold(config.storage.data_dir):
            await app.run(config, keys, service, take_over=take_over)


def _run_until_stopped(
    work: Callable[[], Coroutine[Any, Any, None]], on_signal: Callable[[], None] = lambda: None
) -> None:
    """Run until done or told to stop by a signal, which is a clean exit with status 0."""
    import importlib.metadata

    import structlog

    log = structlog.get_logger("minga")
    log.info("starting", version=importlib.metadata.version("minga"))
    try:
        asyncio.run(_cancelled_by_signals(work, on_signal))
    except Exception as error:
        for stop in filter(None, map(stop_for, _flat_errors(error))):
            raise stop from None
        log.critical("stopped by a bug", exc_info=True)
        sys.exit(BUG)
    log.info("stopped")


def _flat_errors(error: BaseException) -> Iterator[BaseException]:
    """Yield the error itself, or the members of an exception group."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _flat_errors(inner)
    else:
        yield error


async def _cancelled_by_signals(
    work: Callable[[], Coroutine[Any, Any, None]], on_signal: Callable[[], None]
) -> None:
    task = asyncio.ensure_future(work())
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        on_signal()
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task
        return
    if not told:
        raise RuntimeError("the bot was cancelled from inside")
