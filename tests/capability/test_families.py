"""Capabilities that were one: each thing is answered for by one of them, also if a part is gone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.api import Answer, Context, Feature, Line, Number, Topic, UserId, _, verbatim, words
from bot.capability.data import erasure
from bot.capability.discovery import migration_folders
from bot.capability.registry import Registry
from bot.capability.services import EXPORT_PERSON
from bot.run.app import features
from bot.testing.talk import Talk
from bot.types import PollEnd, PollVote
from commands.incidents.tests.test_incidents import a_team

TOPIC = Topic("painting", words("pintar", "pintar", "painting"), verbatim("All that is painted"))


def families() -> list[list[Feature]]:
    registry = Registry(features())
    roots = {one.cut_from for one in features() if one.cut_from}
    return [registry.family(root) for root in sorted(roots)]


def test_what_is_looked_up_in_a_family_is_one_members_alone() -> None:
    """Else an old job, line or vote would be carried out by whoever comes first."""
    assert len(families()) >= 6
    for family in families():
        for names in (
            [name for one in family for name in one.jobs],
            [name for one in family for name in one.dialogues],
            [act for one in family for act in one.log_lines],
            [act for one in family for act in one.undo_handlers],
            [what for one in family for what in one.listeners if what in (PollVote, PollEnd)],
        ):
            twice = [name for name, count in Counter(names).items() if count > 1]
            assert twice == [], [one.name for one in family]


def test_the_parts_take_their_tables_after_they_were_made() -> None:
    turns = [*migration_folders(features())]
    for one in features():
        if one.cut_from and one.cut_from in turns and one.name in turns:
            assert turns.index(one.cut_from) < turns.index(one.name), one.name


# --- a part and what it stands on -----------------------------------------------------------------


def house_and_wall(folder: Path) -> list[Feature]:
    """Items that go with their author, and a part with jobs for them and lines about the person."""
    house = Feature("house", folder / "house")
    wall = Feature("wall", folder / "wall", needs=("house",), cut_from="house")
    house.rows("item", person="author", where="feature = 'house'", on_forget="item")
    dry = wall.job("dry")

    @house.command(
        words("pinta", "pinta", "paint"),
        help=_("for this test"),
        example=_("for this test"),
        topic=TOPIC,
    )
    async def paint(ctx: Context) -> Answer:
        number: Number = await ctx.add_item("wall", "wall")
        await ctx.schedule(dry, ctx.now, item=number)
        return [verbatim("Gone."), *await erasure.forget_in_capability(ctx, "house", ctx.who)]

    @wall.runs(dry)
    async def dry_up(ctx: Context, _job: object) -> Answer:
        raise AssertionError("there is nothing to dry any more")

    @wall.offers(EXPORT_PERSON)
    async def export(_ctx: Context, _person: UserId) -> list[Line]:
        return [verbatim("a wall")]

    return [house, wall]


async def test_jobs_of_a_part_go_with_the_item(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "minga.db", [*features(), *house_and_wall(tmp_path)])
    assert "Gone." in await talk.answer("ana", "!pinta")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM job WHERE feature = 'wall'") == []
        assert await tx.all("SELECT 1 FROM item WHERE feature = 'house'") == []
    await talk.close()


async def test_what_a_part_without_commands_keeps_stands_under_the_familys_title(
    tmp_path: Path,
) -> None:
    talk = await Talk.start(tmp_path / "minga.db", [*features(), *house_and_wall(tmp_path)])
    await talk.tells("ana", "!mis-datos")
    await talk.sent()
    texts = [data.decode() for data in talk.gateway.files.values() if data[:1] != b"{"]
    assert any("All that is painted\n- a wall" in text for text in texts), texts
    await talk.close()


# --- a part that was removed ----------------------------------------------------------------------


async def without(talk: Talk, *gone: str) -> None:
    talk.features = [one for one in talk.features if one.name not in gone]
    await talk.restart()


async def test_a_vote_and_a_reply_for_a_capability_that_is_gone_are_talk(talk: Talk) -> None:
    await talk.says("ana", '!encuesta "¿Dónde?" "Norte" "Sur"')
    opening, poll = await talk.sent()
    roots = {"polls", *(one.name for one in features() if one.cut_from == "polls")}
    await without(talk, *roots, "decision_rules")
    await talk.taps("bea", poll, 2)
    await talk.says("bea", "hola", reply=opening)
    await talk.hears_nothing()


async def test_a_part_that_is_gone_answers_no_reply_to_what_it_left(talk: Talk) -> None:
    """Its author asks about a thing that only they and the bot know of."""
    await a_team(talk)
    await talk.tells("bea", "incidente me gritó en la radio")
    mine = next(p for p in await talk.said() if "incidente 1" in p.plain and "Lo reci" in p.plain)
    await without(talk, "incidents")
    await talk.tells("bea", "y hoy también", reply=mine)
    said = "\n".join(post.plain for post in await talk.said())
    assert said and "referencia" not in said, said
