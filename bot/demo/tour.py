"""Plays the scripted tour."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence

import click

from bot.demo.member import DemoMember, RoomEvent
from bot.demo.stage import WAIT_SECONDS, DemoError, Stage
from bot.demo.tour_script import NEAR_NETWORK, TOUR
from bot.demo.tour_step import (
    DOOR_LINE,
    FOLDER,
    JOIN_PREFIX,
    KNOCK_LINE,
    PRIVATE,
    PUBLIC,
    ROOM,
    VOTE_PREFIX,
    TourStep,
)
from bot.demo.transcript import Transcript
from bot.types import RoomId

LOOKS = 300
"""How often a file is looked for while it is waited for."""


async def play_tour(
    stage: Stage, features: Iterable[str], near: Stage, steps: Sequence[TourStep] = TOUR
) -> None:
    """Play and print the tour. Raises `DemoError` if an expected answer does not come."""
    found = set(features)
    transcripts = [Transcript(stage), Transcript(near, mark=f" ({NEAR_NETWORK})")]
    for transcript in transcripts:
        transcript.catch_up()
    known: dict[str, str] = {"near": near.minga}
    for step in steps:
        if step.needs in found:
            try:
                scene = near if step.who in near.people else stage
                known |= await _play_step(scene, step, known)
            finally:
                for transcript in transcripts:
                    transcript.catch_up()


async def _play_step(stage: Stage, step: TourStep, known: dict[str, str]) -> dict[str, str]:
    """Play one step: write the line, wait until it is seen, wait for the answer."""
    member, line = stage.people[step.who], fill_names(step.line, known)
    if step.place == FOLDER:
        await _read_file(stage, line, re.compile(fill_names(step.expected, known)))
        return {}
    if step.place == PUBLIC and line:
        stage.public = await member.join(line.removeprefix(JOIN_PREFIX))
        return {}
    if step.place == PRIVATE:
        room = await stage.private_room(step.who)
    else:
        room = stage.public if step.place == PUBLIC and stage.public else stage.room
    hearer = stage.lead if step.place == ROOM else step.who
    since = len(stage.people[hearer].events) if line else 0
    if event := await _perform(member, room, line):
        await stage.expect_event(
            lambda said: said.event == event, f"la línea «{line}»", since, by=hearer
        )
    if not step.expected:
        return {}
    pattern = re.compile(fill_names(step.expected, known))
    asked = f"«{pattern.pattern}» después de «{line}»"
    said = await stage.expect(room, lambda said: pattern.search(said.text), asked, since, by=hearer)
    match = pattern.search(said.text)
    return match.groupdict() if match else {}


async def _read_file(stage: Stage, path: str, expected: re.Pattern[str]) -> None:
    """Print what a file of the public folder says, once the bot has written it so.

    Raises `DemoError` if it has not in time. A folder is looked into; it reports nothing.
    """
    file = stage.public_folder / path
    for _look in range(LOOKS):
        written = file.read_text("utf-8") if file.exists() else ""
        if (found := expected.search(written)) is not None:
            click.echo(f"[en la carpeta pública] {path}: … {found[0]} …")
            return
        await asyncio.sleep(WAIT_SECONDS / LOOKS)
    raise DemoError(f"No está en la carpeta pública: {path}.")


async def _perform(member: DemoMember, room: RoomId, line: str) -> str:
    """Write the line or do what its prefix means. Return the event id, or ''."""
    if line.startswith(VOTE_PREFIX):
        option = line.removeprefix(VOTE_PREFIX)
        return await member.vote(await _find_poll(member, option), option)
    if line.startswith(JOIN_PREFIX):
        await member.join(await _find_invitation(member, line.removeprefix(JOIN_PREFIX)))
        return ""
    if line in (DOOR_LINE, KNOCK_LINE):
        await (member.make_door(room) if line == DOOR_LINE else member.knock(room))
        return ""
    return await member.say(room, line) if line else ""


def fill_names(text: str, known: Mapping[str, str]) -> str:
    """Return `text` with each `{name}` replaced by the value that an earlier answer of the bot
    gave."""
    return re.sub(r"\{([a-z]+)\}", lambda found: known[found[1]], text)


async def _find_poll(voter: DemoMember, option: str) -> RoomEvent:
    """Return the native poll with that option, as the voter sees it."""
    try:
        return await voter.wait_for(lambda said: option in said.options, WAIT_SECONDS)
    except TimeoutError:
        raise DemoError(f"No llegó la encuesta en que se toca «{option}».") from None


async def _find_invitation(member: DemoMember, name: str) -> RoomId:
    """Return the room of that name to which the member is invited."""
    try:
        return (await member.wait_for(lambda said: name in said.invites_to, WAIT_SECONDS)).room
    except TimeoutError:
        raise DemoError(f"No llegó la invitación a «{name}».") from None
