"""What a capability left in a database goes on when a part of it is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.api import Answer, Context, Feature, Job, Line, Say, Topic, _, verbatim, words
from bot.capability.services import EXPORT_PERSON
from bot.run.app import features
from bot.testing.talk import Talk
from bot.types import UserId

TOPIC = Topic("painting", words("pintar", "pintar", "painting"), _("for this test"))


def brush(folder: Path, name: str, cut_from: str = "") -> Feature:
    """A capability that paints at once and once more an hour later, under either name."""
    feature = Feature(name, folder, cut_from=cut_from)
    feature.log_line("painted", verbatim("painted the wall"))
    dry = feature.job("dry")

    @feature.command(
        words("pinta", "pinta", "paint"),
        help=_("for this test"),
        example=_("for this test"),
        topic=TOPIC,
    )
    async def paint(ctx: Context) -> Answer:
        await ctx.log("painted", {}, undo={"wall": 1})
        await ctx.schedule(dry, ctx.now + timedelta(hours=1))
        return verbatim("Painted.")

    @feature.runs(dry)
    async def dry_up(ctx: Context, _job: Job) -> Answer:
        return Say((verbatim(f"Dry, says {ctx.feature}."),), room=ctx.room)

    @feature.undo("painted")
    async def wash(ctx: Context, _kept: Mapping[str, Any]) -> Answer:
        return verbatim(f"Washed by {ctx.feature}.")

    @feature.offers(EXPORT_PERSON)
    async def export(ctx: Context, _person: UserId) -> list[Line]:
        return [verbatim(f"a brush of {ctx.feature}")]

    return feature


async def test_its_log_jobs_and_undo_go_on_under_the_new_name(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "minga.db", [*features(), brush(tmp_path / "a", "house")])
    assert "Painted." in await talk.answer("ana", "!pinta")
    talk.features = [*features(), brush(tmp_path / "a", "wall", "house")]
    await talk.restart()
    assert "Painted." in await talk.answer("bea", "!pinta")
    log = await talk.answer("ana", "!historial pintar")
    assert log.count("painted the wall") == 2, log
    await talk.wait(timedelta(hours=1))
    said = "\n".join(post.plain for post in await talk.said())
    assert said.count("Dry, says wall.") == 2, said
    for _line in range(2):
        await talk.says("ana", "!deshacer")
        assert "Washed by wall." in await talk.answer("ana", "sí")
    await talk.close()


async def test_of_a_person_it_is_one_section_with_what_it_was_cut_from(tmp_path: Path) -> None:
    parts = [brush(tmp_path / "a", "house"), brush(tmp_path / "b", "wall", "house")]
    parts[1].commands.clear()
    talk = await Talk.start(tmp_path / "minga.db", [*features(), *parts])
    await talk.tells("ana", "!mis-datos")
    await talk.sent()
    texts = [data.decode() for data in talk.gateway.files.values() if data[:1] != b"{"]
    assert any("- a brush of house\n- a brush of wall" in text for text in texts), texts
    await talk.close()
