"""Acts under rules: done at once by a moderator, or whatever the service `govern` makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import ActRequest, Answer, Context, Feature, run_act, verbatim
from bot.capability.authority.acts import GOVERN
from bot.run.app import features
from bot.testing.talk import Talk


def council(folder: Path) -> Feature:
    """Whoever asks is told that it waits; what `me` asks for is done, whoever it is."""
    feature = Feature("council", folder)

    @feature.offers(GOVERN)
    async def govern(ctx: Context, wish: ActRequest) -> Answer:
        if wish.payload["value"] == "pt":
            return verbatim(f"espera {wish.act} {wish.of}")
        return await run_act(ctx, wish)

    return feature


async def test_a_moderator_does_it_alone_where_nothing_governs(tmp_path: Path) -> None:
    known = [one for one in features() if "govern" not in one.services]
    talk = await Talk.start(tmp_path / "m.db", known)
    await talk.says("bea", "!configurar idioma en")
    await talk.hears("No puedes hacer eso aquí")
    await talk.says("ana", "!configurar idioma en")
    await talk.said()
    await talk.says("ana", "sí")
    await talk.hears("Changed.")
    await talk.says("bea", "!log")
    await talk.hears("English")
    await talk.close()


async def test_what_governs_may_have_it_wait_or_do_it(tmp_path: Path) -> None:
    known = [one for one in features() if "govern" not in one.services]
    talk = await Talk.start(tmp_path / "m.db", [*known, council(tmp_path)])
    await talk.says("ana", "!configurar idioma pt")
    await talk.said()
    await talk.says("ana", "sí")
    await talk.hears("espera set language")
    await talk.says("ana", "!configurar idioma en")
    await talk.said()
    await talk.says("ana", "sí")
    await talk.hears("Changed.")
    await talk.says("ana", "!log")
    await talk.hears("English")
    await talk.close()


def test_an_act_is_declared_once(tmp_path: Path) -> None:
    from bot.capability.registry import Registry

    twice = Feature("twice", tmp_path)
    twice.acts.update(next(f.acts for f in features() if f.name == "rooms"))
    with pytest.raises(ValueError, match="an act is declared twice"):
        Registry([*features(), twice])
