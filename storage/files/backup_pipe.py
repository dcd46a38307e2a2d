"""Gives a backup to a command at its standard input: restic, borg, rclone, ssh, what there is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.i18n import _
from storage.encryption.keys import Keys
from storage.files.backup import SealedBackup, make_backup
from storage.files.backup_folder import backup_name
from storage.files.backup_format import BackupInfo, Sealing
from storage.files.backup_records import BackupError, note_backup

PATIENCE = timedelta(minutes=15)
"""How long a command may take no byte, and how long it may go on after the last one."""


async def pipe_backup(
    data: Path,
    keys: Keys,
    command: Sequence[str],
    sealing: Sealing,
    *,
    patience: timedelta = PATIENCE,
) -> BackupInfo:
    """Run a command without a shell, with a backup as its input; `{name}` in it is the file's name.
    Return what its header says.

    Raises `BackupError` if it can't be started, ends before it has read all, fails or hangs. Then
    it is ended, with the processes that it started.
    """
    async with make_backup(data, keys, sealing) as made:
        name = backup_name(made.info.made)
        process = await _start([word.replace("{name}", name) for word in command])
        try:
            await _feed(process, made, command[0], patience.total_seconds())
        finally:
            await _end(process)
    note_backup(data)
    return made.info


async def _start(words: Sequence[str]) -> Process:
    """Start the command. What it prints as an error goes where the bot's errors go."""
    try:
        return await asyncio.create_subprocess_exec(
            *words, stdin=PIPE, stdout=DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise BackupError(
            _(
                "The command {name} can't be started ({why}): look at backup.command.",
                name=words[0],
                why=error.strerror,
            )
        ) from None


async def _feed(process: Process, made: SealedBackup, name: str, seconds: float) -> None:
    if process.stdin is None:
        raise ValueError("the command has no input")
    is_whole = True
    try:
        while (piece := await asyncio.to_thread(next, made.pieces, None)) is not None:
            process.stdin.write(piece)
            async with asyncio.timeout(seconds):
                await process.stdin.drain()
        process.stdin.close()
        async with asyncio.timeout(seconds):
            await process.stdin.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        is_whole = False
    except TimeoutError:
        raise _hanging(name, seconds) from None
    try:
        async with asyncio.timeout(seconds):
            status = await process.wait()
    except TimeoutError:
        raise _hanging(name, seconds) from None
    if status != 0:
        raise BackupError(
            _(
                "The command {name} failed (exit status {status}): its reason stands in the log.",
                name=name,
                status=status,
            )
        )
    if not is_whole:
        raise BackupError(
            _(
                "The command {name} ended before it had read the whole backup: look at"
                " backup.command.",
                name=name,
            )
        )


def _hanging(name: str, seconds: float) -> BackupError:
    return BackupError(
        _(
            "The command {name} did nothing for {minutes} minutes and was ended: try it by hand.",
            name=name,
            minutes=round(seconds / 60),
        )
    )


async def _end(process: Process) -> None:
    """End the command and all that it started, if it has not ended."""
    if process.stdin is not None:
        pipe = process.stdin.transport
        if pipe.get_write_buffer_size() > 0:
            pipe.abort()  # else a child that left the group and holds the pipe is waited for
        else:
            pipe.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
