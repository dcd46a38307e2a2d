"""A network is meant by its name or by a part of it that is no other network's."""

from __future__ import annotations

from tests.links.between import Between
from tests.links.test_sharing import number_in


async def test_a_part_of_a_name_that_one_network_alone_has_is_enough(three: Between) -> None:
    number = number_in(await three.answer("a", "!event Fair; in 33 hours"), r"going (\d+)")
    for named in ("B", "b y “C”", "Red b, c", "rédB"):
        said = await three.answer("a", f"!red compartir {number} con {named}")
        assert ("This goes to Red B" in said) == (named != "rédB")
        await three.says("a", "no")
    assert "Red B: linked" in (said := await three.answer("a", "!network B"))
    assert "Red C: linked" not in said
    assert "events of Red C" in await three.answer("a", "!network trust C events")
    await three.says("a", "no")
    assert "Red B" in await three.answer("a", "!network disconnect c")


async def test_a_part_that_several_have_is_asked_back_and_another_is_none(three: Between) -> None:
    number = number_in(await three.answer("a", "!event Fair; in 33 hours"), r"going (\d+)")
    said = await three.answer("a", f"!network share {number} with Red")
    assert "“red” can be several networks: Red B · Red C" in said
    said = await three.answer("a", f"!network share {number} with B and Mar")
    assert "No linked network is called “mar”" in said


async def test_what_may_be_a_network_at_the_end_of_an_announcement_never_goes_to_all(
    three: Between,
) -> None:
    for end in ("con B", "con Red Bb", "solo para Red B por favor", "to red"):
        three.wire.clear()
        said = await three.answer("a", f"!network announce Marcha el sábado {end}")
        assert "a network, or part of what is announced?" in said
        assert "`!network announce “March on Saturday at 18h” with Red B`" in said
        await three.says("a", "yes")
        assert three.wire == []
    for whole in ("Marcha con pancartas", "“Marcha con b”"):
        assert "in just these words" in await three.answer("a", f"!network announce {whole}")
        await three.says("a", "no")
