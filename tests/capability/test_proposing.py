"""A capability has a room decide: the services `propose` and `withdraw`, and who hears the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import (
    Answer,
    Callback,
    Context,
    Feature,
    Job,
    Line,
    Number,
    Proposal,
    Say,
    Topic,
    _,
    verbatim,
    words,
)
from bot.capability.data import erasure
from bot.capability.services import PROPOSE, WITHDRAW
from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from bot.types import UserId
from commands.doors.tests.test_ballots import DAYS as VOTE
from commands.doors.tests.test_ballots import asked, voting_door
from commands.doors.tests.test_doors import DOOR, DORA, acts
from storage.files import restores

DAYS = timedelta(days=2)


def council(folder: Path) -> Feature:
    """`!pide KIND MAJORITY QUORUM` has the room decide on item 1; the end is told as it comes."""
    feature = Feature("council", folder)
    topic = Topic("council", words("concejo", "conselho", "council"), _("for this test"))

    @feature.command(
        words("pide", "pede", "beg"),
        help=_("for this test"),
        example=_("for this test"),
        topic=topic,
    )
    async def beg(ctx: Context, *, text: str = "") -> Answer:
        kind, majority, quorum = (text + " - - -").split()[:3]
        about = await ctx.add_item("law", "a law")
        wanted = Proposal(
            ROOM,
            _("Poll {number}: {question}", number=99, question="¿ley?"),
            ctx.said_at + DAYS,
            Callback("council", "ended", about),
            (verbatim("Lo pide el concejo."),),
            kind.strip("-") or "majority",
            majority.strip("-"),
            quorum.strip("-"),
        )
        _number, effects = await ctx.registry.offers(PROPOSE)[0](ctx, wanted)
        return list(effects)

    @feature.command(
        words("desiste", "desiste", "renounce"),
        help=_("for this test"),
        example=_("for this test"),
        topic=topic,
    )
    async def renounce(ctx: Context, number: int) -> Answer:
        why = verbatim("el concejo desiste.")
        return list(await ctx.registry.offers(WITHDRAW)[0](ctx, Number(number), why))

    @feature.runs(feature.job("ended"))
    async def ended(ctx: Context, job: Job) -> Answer:
        told = Line("LEY {item}: {result} {poll}", {"item": job.item, **job.payload})
        return Say((told,), room=ctx.room)

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, council(tmp_path / "council")]


async def heard(talk: Talk) -> str:
    return "\n".join(post.plain for post in await talk.said())


async def ends(talk: Talk, *lines: tuple[str, str], ask: str = "!pide") -> str:
    await talk.says("ana", ask)
    for who, what in lines:
        await talk.says(who, what)
    await talk.said()
    await talk.wait(DAYS)
    return await heard(talk)


async def test_it_is_a_proposal_like_any_other_in_the_bots_name(talk: Talk) -> None:
    said = await talk.answer("ana", "!pide consentimiento")
    assert said.startswith("Lo pide el concejo.\nPropuesta 2: Encuesta 99: ¿ley?")
    assert "me aparto" in said
    assert "No puedes cerrar" in await talk.answer("bea", "!cerrar 2")
    assert "2" in await talk.answer("bea", "!pendientes")


@pytest.mark.parametrize(
    ("ask", "votes", "result"),
    [
        ("!pide", [("bea", "!votar 2 a favor")], "passed"),
        ("!pide", [("bea", "!votar 2 en contra")], "failed"),
        ("!pide", [], "open"),
        ("!pide majority - 100%", [("bea", "!votar 2 a favor")], "open"),
        ("!pide majority 2/3", [("bea", "!votar 2 sí"), ("ana", "!votar 2 no")], "failed"),
        ("!pide consent", [("bea", "!votar 2 a favor"), ("ana", "!votar 2 en contra")], "passed"),
        ("!pide consent", [("bea", '!votar 2 bloqueo "no hay plata"')], "failed"),
    ],
)
async def test_its_end_is_told_once(
    talk: Talk, ask: str, votes: list[tuple[str, str]], result: str
) -> None:
    said = await ends(talk, *votes, ask=ask)
    assert said.count("LEY 1:") == 1 and f"LEY 1: {result} 2" in said
    await talk.restart()
    await talk.wait(DAYS)
    assert "LEY" not in await heard(talk)


async def test_no_such_rule_is_a_bug_and_no_vote(talk: Talk) -> None:
    for ask in ("!pide ranked", "!pide majority mucha", "!pide majority - nadie"):
        assert "referencia" in await talk.answer("ana", ask)
    assert "2" not in await talk.answer("ana", "!pendientes")


async def test_cancelled_by_a_moderator_it_is_told_too(talk: Talk) -> None:
    await talk.says("ana", "!pide")
    await talk.says("ana", "!cancelar 2")
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    assert "LEY 1: cancelled 2" in await heard(talk)


async def test_withdrawn_it_ends_without_a_word_to_who_withdrew_it(talk: Talk) -> None:
    await talk.says("ana", "!pide")
    await talk.said()
    said = await talk.answer("ana", "!desiste 2")
    assert "La propuesta 2, “Encuesta 99: ¿ley?”, termina sin resultado: el concejo" in said
    await talk.answer("ana", "!desiste 2")
    await talk.wait(DAYS)
    assert await heard(talk) == ""


async def test_a_result_turned_round_by_a_late_vote_says_what_is_done_already(talk: Talk) -> None:
    await talk.says("ana", "!pide")
    await talk.says("bea", "!votar 2 a favor")
    sent = talk.clock.at + timedelta(hours=1)
    await talk.said()
    await talk.wait(DAYS)
    assert "LEY 1: passed 2" in await heard(talk)
    for who in ("ana", "carla"):
        await talk.says(who, "!votar 2 en contra", at=sent, late=True)
    await talk.wait(timedelta(minutes=2))
    said = await heard(talk)
    assert "no aprobada" in said and "ya se cumplió" in said and "LEY" not in said


async def test_what_a_restored_copy_cannot_count_is_told_as_cancelled(talk: Talk) -> None:
    await talk.says("ana", "!pide")
    await talk.says("bea", "!votar 2 a favor")
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, talk.clock.at)
    await talk.restart(DAYS + timedelta(hours=1))
    await talk.wait(timedelta(0))
    said = await heard(talk)
    assert "termina sin resultado" in said and "!extender 2" not in said
    assert "LEY 1: cancelled 2" in said
    await talk.says("ana", "!extender 2 hasta mañana 18h")
    assert "se canceló" in await heard(talk)


# --- at the door ---------------------------------------------------------------------------------


async def test_a_forgotten_person_leaves_no_trace_in_the_record(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "minga.db", [*features(), forgetter(tmp_path / "forgetter")])
    await voting_door(talk)
    await asked(talk)
    await talk.says("ana", "!olvida")
    await talk.restart()
    await talk.wait(timedelta(0))
    assert "ya no espera" in "\n".join(post.plain for post in await talk.said(DOOR))
    async with talk.machine.db.reading() as tx:
        for table in (
            "item",
            "poll_book_poll",
            "poll_book_asked",
            "doors_request",
            "job",
            "letter",
        ):
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert not [row for row in rows if "dora" in str(tuple(row)).casefold()], table
    await talk.wait(VOTE)
    said = [post.plain for post in await talk.said() if "m.new_content" not in post.content]
    assert acts(talk, "invite") == [] and said == []
    await talk.close()


def forgetter(folder: Path) -> Feature:
    """A capability whose one command has Dora forgotten."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), _("for this test")),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        await erasure.forget_person(ctx, UserId(DORA))
        return None

    return feature
