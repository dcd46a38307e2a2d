"""The record: what was decided, found again by word, by date, by page, and in full."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PIL import Image

from bot.api import (
    RoomId,
    dates,
)
from bot.capability.data.erasure import forget_in_capability
from bot.testing.talk import ROOM, START_TIME, PostedEvent, Talk, month_in_words, user_id
from bot.types import EventId, RoomUpgraded
from commands.decisions.tests.test_export import content, decided, exported, text
from commands.organisations.tests.test_voters import forgetting
from commands.poll_book import bar_chart, record_store
from commands.poll_book.bar_chart import ChartBar
from commands.poll_book.record_store import RecordQuery
from commands.polls import result_picture
from commands.polls.tests.test_decisions import CHARTER, closed, crowd, proposed
from commands.polls.tests.test_polls import opened
from commands.polls.tests.test_polls_late import CLOSING, MINUTE, late_tap

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

OTHER = RoomId("!otra:test")


async def past(talk: Talk, title: str, ended: datetime, room: RoomId = ROOM) -> None:
    """A decision of long ago, as it stands in the database."""
    async with talk.machine.db.transaction() as tx:
        number = await tx.run(
            "INSERT INTO item (feature, kind, room, author, title, open, at)"
            " VALUES ('polls', 'poll', ?, '@ana:test', ?, 0, ?)",
            room,
            title,
            int(ended.timestamp()) - 3600,
        )
        await tx.run(
            "INSERT INTO poll_book_poll (number, most, interim, ended, final, turnout, kind,"
            " verdict,"
            " folded, room) VALUES (?, 1, 1, ?, 1, 0, 'majority', 'approved', ?, ?)",
            number,
            ended.timestamp(),
            title.lower(),
            room,
        )


# --- finding it -----------------------------------------------------------------------------------


async def test_ten_on_a_page_the_newest_first(talk: Talk) -> None:
    for n in range(23):
        await past(talk, f"acuerdo {n:02d} de la huerta", START_TIME.at - timedelta(days=n))
    first = (await talk.answer("bea", "!decisiones huerta")).split("\n")
    assert [f"acuerdo {n:02d}" in line for n, line in enumerate(first[:10])] == [True] * 10
    assert first[10] == "Anteriores: `!decisiones huerta página:2`"
    second = (await talk.answer("bea", "!decisiones huerta página:2")).split("\n")
    assert "acuerdo 10" in second[0]
    assert second[10] == "Anteriores: `!decisiones huerta página:3`"
    third = (await talk.answer("bea", "!decisiones huerta página:3")).split("\n")
    assert ["acuerdo 2" in line for line in third] == [True] * 3 + [False]
    assert "No encuentro" in await talk.answer("bea", "!decisiones página:9")
    assert "página:2" in await talk.answer("bea", "!decisiones página:atrás")


async def test_a_number_is_a_word_and_no_page(talk: Talk) -> None:
    for n in range(12):
        await past(talk, f"plan {n}", START_TIME.at - timedelta(days=n))
    assert "plan 2" in await talk.answer("bea", "!decisiones 2")
    assert "plan 11" not in await talk.answer("bea", "!decisiones 2")


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
@pytest.mark.parametrize(
    ("language", "line", "found"),
    [
        ("es", "!decisiones desde octubre", "nov ayer oct"),
        ("es", "!decisiones en noviembre", "nov ayer"),
        ("es", "!decisiones el 24/11", "ayer"),
        ("es", "!decisiones ayer", "ayer"),
        ("es", "!decisiones el mes pasado", "oct"),
        ("es", "!decisiones este año", "nov ayer oct"),
        ("es", "!decisiones 2025", "viejo"),
        ("es", "!decisiones huerta en octubre", "oct"),
        ("es", "!decisiones desde octubre hasta el 3 de noviembre", "nov oct"),
        ("es", "!decisiones hasta octubre", "oct viejo"),
        ("es", "!decisiones desde: 01/10 hasta: 31/10", "oct"),
        ("es", "!decisiones diciembre", "viejo"),
        ("pt", "!decisões outubro", "oct"),
        ("pt", "!decisoes huerta desde outubro até 3 de novembro", "nov oct"),
        ("pt", "!deliberações mês passado", "oct"),
        ("pt", "!decisões na semana passada", ""),
        ("pt", "!decisões ontem", "ayer"),
        ("en", "!decisions last month", "oct"),
        ("en", "!decisions since October", "nov ayer oct"),
        ("en", "!decisions in December 2025", "viejo"),
        ("en", "!decisions until November 3", "nov oct viejo"),
        ("en", "!decisions this week", "ayer"),
    ],
)
async def test_times_as_people_say_them(talk: Talk, language: str, line: str, found: str) -> None:
    await talk.set("language", language)
    for word, day in (
        ("ayer", START_TIME.at - timedelta(days=1)),
        ("nov", datetime(2026, 11, 3, 12, tzinfo=UTC)),
        ("oct", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("viejo", datetime(2025, 12, 24, 12, tzinfo=UTC)),
    ):
        await past(talk, f"huerta {word}", day)
    text = await talk.answer("bea", line)
    seen = {word for word in ("ayer", "nov", "oct", "viejo") if f"huerta {word}" in text}
    assert seen == set(found.split()), text


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
def test_what_comes_every_week_or_year_was_the_last_time() -> None:
    for phrase, day in (("el lunes", "2026-11-23"), ("24/12", "2025-12-24"), ("hoy", "2026-11-25")):
        found = dates.past.read_period(phrase, START_TIME.at, "America/Bogota")
        assert found is not None
        assert found[0] == datetime.fromisoformat(f"{day}T05:00+00:00")
        assert found[1] - found[0] == timedelta(days=1)
    assert dates.past.read_period("carta", START_TIME.at, "America/Bogota") is None


async def test_what_is_quoted_is_only_words(talk: Talk) -> None:
    month = month_in_words(-2)  # yesterday is in this month or in the last one
    await past(talk, f"fiesta de {month}", START_TIME.at - timedelta(days=1))
    assert "fiesta" in await talk.answer("bea", f'!decisiones "{month}"')
    assert "No encuentro" in await talk.answer("bea", f"!decisiones {month}")


async def test_in_private_all_rooms_that_are_shared_and_no_others(talk: Talk) -> None:
    await talk.room(OTHER, "Prensa", ["bea", "dani"])
    await past(talk, "en la sala", START_TIME.at - timedelta(days=2))
    await past(talk, "en prensa", START_TIME.at - timedelta(days=1), OTHER)
    text = await talk.answer("bea", "decisiones", room=await talk.private("bea"))
    assert text.index("en prensa") < text.index("en la sala")
    assert "Prensa" in text
    text = await talk.answer("ana", "decisiones", room=await talk.private("ana"))
    assert "en la sala" in text
    assert "en prensa" not in text
    assert "en la sala" not in await talk.answer("bea", "!decisiones", room=OTHER)


async def test_a_page_is_read_from_its_own_room_alone(talk: Talk) -> None:
    """By SQLite's own plan: the index of the room, in its order, and nothing is sorted."""
    seen: list[str] = []
    async with talk.machine.db.transaction() as tx:

        class Watched:
            async def all(self, sql: str, *values: object) -> list[object]:
                seen.extend(r["detail"] for r in await tx.all(f"EXPLAIN QUERY PLAN {sql}", *values))
                return await tx.all(sql, *values)

        await record_store.find_decisions(Watched(), [ROOM], RecordQuery("olla"), 0, 11)  # type: ignore[arg-type]
    assert "SEARCH p USING INDEX poll_book_poll_room (room=? AND ended>? AND ended<?)" in seen
    assert not [step for step in seen if step.startswith("SCAN") or "TEMP B-TREE" in step], seen


# --- one in full ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "line", "rule"),
    [
        ("es", "!propuesta La olla mayoria:2/3", "Regla: tipo: mayoría, al menos 2/3 a favor"),
        ("es", "!propuesta La olla mayoria:absoluta", "tipo: mayoría, más de la mitad de todos"),
        ("pt", "!proposta A panela", "Regra: tipo: maioria, mais votos a favor que contra"),
        ("en", "!poll Name? Sun, Moon type:ranked", "Rule: kind: ranked choice · method: Schulze"),
        (
            "es",
            "!encuesta ¿Qué? Sol, Mar tipo:segunda-vuelta",
            "método: por rondas (segunda vuelta instantánea)",
        ),
        ("es", "!encuesta ¿Qué? Sol, Mar, Luz multiple:2", "hasta 2 opciones, gana la más votada"),
        ("pt", "!enquete O quê? Sol, Mar tipo:pontos", "pontos · método: pontos para cada opção"),
    ],
)
async def test_the_rule_is_named_in_words(talk: Talk, language: str, line: str, rule: str) -> None:
    await talk.set("language", language)
    _opening, _native, number = await proposed(talk, line)
    await closed(talk, number)
    assert rule in await talk.answer("bea", f"!acta {number}")


async def test_minutes_say_who_signs_and_where_the_file_is(talk: Talk) -> None:
    number = await decided(talk, CHARTER, ana="a favor")
    text = await talk.answer("bea", f"!acta {number}")
    assert f"`!exportar {number}`" in text
    key = text.rsplit("clave ", 1)[1].rstrip("…")
    assert len(key) == 12
    assert key in await talk.answer("bea", "!estado")


async def test_every_objection_is_in_the_minutes_page_by_page(talk: Talk) -> None:
    people = await crowd(talk, 121)
    _opening, _native, number = await proposed(talk, CHARTER)
    for n, who in enumerate(people):
        await talk.says(who, f'!votar {number} bloqueo "razón {n:03d}"')
    await closed(talk, number)
    pages = [await talk.answer("bea", f"!acta {number}")]
    for page in (2, 3):
        assert f"`!acta {number} página:{page}`" in pages[-1]
        pages.append(await talk.answer("bea", f"!acta {number} página:{page}"))
    assert "página:" not in pages[-1]
    said = [
        line.split("razón ")[1][:3] for line in "\n".join(pages).split("\n") if "razón " in line
    ]
    assert sorted(said) == [f"{n:03d}" for n in range(121)]
    assert "no tiene página 4" in await talk.answer("bea", f"!acta {number} página:4")


async def test_results_minutes_record_and_file_agree_after_a_correction_and_a_restart(
    talk: Talk,
) -> None:
    _opening, native, number = await opened(talk)
    closes = talk.clock.at + CLOSING
    await talk.taps("bea", native, 1)
    await talk.wait_until(closes)
    assert "gana Parque" in (await talk.said())[1].plain
    await talk.wait(MINUTE)
    await late_tap(talk, "ana", native, "o3", closes - MINUTE)
    await late_tap(talk, "carla", native, "o3", closes - MINUTE)
    await talk.restart(MINUTE)
    await talk.wait(MINUTE)
    assert "gana Zoom" in "\n".join(p.plain for p in await talk.said())
    await talk.restart()
    for line in (f"!resultados {number}", f"!acta {number}"):
        text = await talk.answer("bea", line)
        for part in ("gana Zoom", "Zoom: 2", "Parque: 1", "3 de 3", "2 votos se leyeron tarde"):
            assert part in text, (line, text)
    assert "decidida" in await talk.answer("bea", "!decisiones")
    table, file = await exported(talk, "bea", f"!exportar {number}")
    assert ["Zoom", "2", "67%"] in table
    assert json.loads(file)["counts"] == {"1:1": 1, "3:1": 2}
    assert json.loads(file)["outcome"]["winners"] == [3]


async def test_the_record_goes_along_when_the_room_is_upgraded(talk: Talk) -> None:
    number = await decided(talk, CHARTER, ana="a favor")
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea"], {"ana": 50})
    await talk.happens(
        RoomUpgraded(ROOM, EventId("$u"), user_id("ana"), talk.clock.at, new, True, True)
    )
    await talk.said()
    assert "carta" in await talk.answer("bea", "!decisiones", room=new)
    assert "aprobada" in await talk.answer("bea", f"!acta {number}", room=new)
    table, _file = await exported(talk, "bea", f"!exportar {number}", new)
    assert ["a favor", "1", "100%"] in table
    await talk.room(OTHER, "Otra", ["carla"])
    assert "No existe" in await talk.answer("carla", f"!acta {number}", room=OTHER)


async def test_who_wrote_down_an_assembly_can_be_forgotten_and_its_count_stays(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("ana", f"!presencial {number} Norte:14")
    for who in ("bea", "carla"):
        await talk.says(who, f"!presencial {number} confirmar")
    await closed(talk, number)
    services = talk.machine.registry.features["polls"].services
    async with talk.machine.db.transaction() as tx:
        ctx = forgetting(talk, tx)
        held = await services["export"](ctx, user_id("bea"))
        assert any(f"Poll {number}" in text(line) for line in held)
        for who in ("ana", "bea"):
            await forget_in_capability(ctx, "poll_book", user_id(who))
        assert await services["export"](ctx, user_id("bea")) == []
    said = await talk.answer("carla", f"!acta {number}")
    assert "Norte: 14" in said
    assert "Confirmaron el conteo de alguien: Carla · alguien" in said
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    hands = json.loads(file)["assemblies"]
    assert len({hands[0]["recorded"], *hands[0]["confirmed"]}) == 3
    assert b"@ana" not in json.dumps(hands).encode()
    assert b"@bea" not in file


async def test_results_of_another_room_are_told_in_private(talk: Talk) -> None:
    number = await decided(talk, CHARTER, ana='bloqueo "no hay plata"')
    other = await talk.room(OTHER, "Otra", ["dani", "bea"])
    await talk.says("bea", f"!resultados {number}", room=other)
    posts = await talk.said()
    assert [p.plain for p in posts if p.room == other] == ["Te escribí en privado."]
    assert "no hay plata" in "".join(p.plain for p in posts if p.room != other)


# --- the picture ----------------------------------------------------------------------------------


async def test_a_picture_follows_only_where_the_room_wants_it(talk: Talk) -> None:
    assert not await pictures(talk, await tapped(talk))
    await talk.says("ana", "!configurar imagenes sí")
    await talk.says("ana", "sí")
    await talk.said()
    number = await tapped(talk)
    post, image = (await pictures(talk, number))[0]
    assert post.content["filename"] == f"resultado-{number}.png"
    assert image.format == "PNG"
    assert image.size == (post.content["info"]["w"], post.content["info"]["h"])
    said = f"Encuesta {number}, “¿Dónde?”: gana Norte. De quienes votaron: Norte, 67%; Sur, 33%."
    assert post.content["body"] == said, "one line"
    assert image.width == 480 and 3 * image.width >= 4 * image.height


async def tapped(talk: Talk) -> int:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    for who, place in (("ana", 1), ("bea", 1), ("carla", 2)):
        await talk.taps(who, native, place)
    return number


async def pictures(talk: Talk, number: int) -> list[tuple[PostedEvent, Image.Image]]:
    await talk.said()
    await talk.says("ana", f"!cerrar {number}")
    posts = await talk.sent()
    texts = [p for p in posts if p.content.get("msgtype") == "m.text"]
    found = [p for p in posts if p.content.get("msgtype") == "m.image"]
    assert all(posts.index(p) > posts.index(texts[0]) for p in found), "after the words"
    return [(p, Image.open(io.BytesIO(content(talk, p)))) for p in found]


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
@pytest.mark.parametrize(
    ("language", "line", "votes", "rows"),
    [
        (
            "pt",
            CHARTER,
            ("a favor", "a favor", "fico à parte"),
            {"a favor": ("2 (67%)", True), "fico à parte": ("1 (33%)", False)},
        ),
        (
            "es",
            '!cuando "Reunión" lunes 18h, martes 20h',
            ("1 2?", "1", "2"),
            {
                "lunes 30 de noviembre, 18:00": ("2 (67%)", True),
                "martes 1 de diciembre, 20:00": ("1 (33%), si hace falta: 1", False),
            },
        ),
        (
            "en",
            "!poll What? Fair, Film type:score",
            ("1:5", "1:3 2:4", "2:1"),
            {"Fair": ("8", True), "Film": ("5", False)},
        ),
        (
            "es",
            "!propuesta Nos unimos quorum:100%",
            ("a favor", "a favor"),
            {"a favor": ("2 (100%)", False)},
        ),
    ],
)
async def test_the_picture_speaks_the_language_of_the_room(
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    line: str,
    votes: tuple[str, ...],
    rows: dict[str, tuple[str, bool]],
) -> None:
    drawn: list[tuple[str, Sequence[ChartBar], str]] = []

    def bars(
        title: str, outcome: str, rows: Sequence[ChartBar], footer: str
    ) -> tuple[bytes, tuple[int, int]]:
        drawn.append((title, rows, footer))
        return bar_chart.draw_bars(title, outcome, rows, footer)

    monkeypatch.setattr(
        result_picture, "bar_chart", SimpleNamespace(draw_bars=bars, MOST_BARS=bar_chart.MOST_BARS)
    )
    await talk.set("language", language)
    await talk.set("pictures", "yes")
    opening, _native, number = await proposed(talk, line)
    for who, vote in zip(("ana", "bea", "carla"), votes, strict=False):
        await talk.says(who, vote, reply=opening)
    assert len(await pictures(talk, number)) == 1
    title, found, footer = drawn[0]
    assert title and f" {number}: " not in title, "the question alone: there is little room"
    assert rows.items() <= {row.label: (row.said, row.won) for row in found}.items()
    assert str(len(votes)) in footer
