"""A copy of linked networks is as they were, whatever was done in another copy."""

from __future__ import annotations

from pathlib import Path

from tests.links.between import Between
from tests.links.conftest import two_of_two
from tests.links.kept_world import KeptWorld


async def disconnect(world: Between) -> list[str]:
    """End their link; what was posted until then."""
    await world.says("a", "!network disconnect 1")
    await world.says("a", "yes")
    posted = world.of("a").gateway.posted.values()
    return [f"{post.room} {post.event} {post.kind} {post.plain}" for post in posted]


async def test_what_happens_in_one_copy_is_not_seen_in_the_next(tmp_path: Path) -> None:
    kept = await KeptWorld.keep(await two_of_two(tmp_path))
    happened = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        copy = await kept.start_copy(tmp_path / name)
        happened.append(await disconnect(copy))
        await copy.close()
    assert happened[0] == happened[1]
    assert any(" leave " in line for line in happened[0])
