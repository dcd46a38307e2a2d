"""Many settings or rooms at once: shown, asked, done, and taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import commands.rooms
from bot.api import (
    AREA_ROOMS,
    GOVERN,
    ActRequest,
    Answer,
    Context,
    Feature,
    Length,
    RoomId,
    Setting,
    UserError,
    WholeNumber,
    Words,
    run_act,
    verbatim,
)
from bot.testing.talk import ROOM, Talk
from bot.types import Media

TWENTY = [RoomId(f"!s{n}:test") for n in range(1, 21)]
BEAS, HIDDEN = RoomId("!bea:test"), RoomId("!hidden:test")
ANA = {"ana": 50}


def other(folder: Path, rooms: Sequence[RoomId] = ()) -> Feature:
    """Two settings, and one area."""
    feature = Feature("other", folder)
    for name, kind, usual in (
        ("seats", WholeNumber(1, 99), "5"),
        ("pause", Length(timedelta(minutes=1), timedelta(days=9)), "7200"),
    ):
        names = Words(name, name, name)
        feature.settings.append(Setting(name, names, kind, usual, verbatim(f"About {name}.")))

    @feature.offers(AREA_ROOMS)
    async def area(_ctx: Context, name: str) -> list[RoomId]:
        return list(rooms) if name.casefold() == "norte sur" else []

    return feature


def council(folder: Path) -> Feature:
    """In room 3 the seats wait for the others; in room 4 nobody may change them."""
    feature = Feature("council", folder)

    @feature.offers(GOVERN)
    async def govern(ctx: Context, wish: ActRequest) -> Answer:
        if (wish.room, wish.of) == (TWENTY[2], "seats"):
            return verbatim("opened 7")
        if (wish.room, wish.of) == (TWENTY[3], "seats"):
            raise UserError(verbatim("no"))
        return await run_act(ctx, wish)

    return feature


@pytest.fixture
def capabilities(tmp_path: Path) -> Sequence[Feature]:
    return [commands.rooms.feature, other(tmp_path, [*TWENTY, ROOM, BEAS, HIDDEN])]


@pytest.fixture
def room_language() -> str:
    return "en"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    return await with_rooms(talk)


async def with_rooms(talk: Talk) -> Talk:
    """Return the talk with twenty rooms of Ana's, one of Bea's and one that Ana is not in."""
    for n, room in enumerate(TWENTY, start=1):
        await talk.room(room, f"Sala {n}", ["ana", "bea"], ANA)
    await talk.room(BEAS, "De Bea", ["ana", "bea"], {"bea": 50})
    await talk.room(HIDDEN, "Oculta", ["bea"], {"bea": 50})
    return talk


async def sets(talk: Talk, line: str, room: RoomId = ROOM) -> str:
    await talk.answer("ana", line, room=room)
    return await talk.answer("ana", "yes", room=room)


async def alone(talk: Talk, line: str, who: str = "ana") -> str:
    """What is said in private because of a line in the room, which only hears that."""
    await talk.says(who, line)
    heard = await talk.said()
    private = await talk.private(who)
    here = [post.plain for post in heard if post.room == ROOM]
    assert here in ([], ["I wrote to you in private."]), here
    return "\n".join(post.plain for post in heard if post.room == private)


async def kept(talk: Talk) -> dict[str, dict[str, str]]:
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT * FROM setting ORDER BY room, name")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["room"], {})[row["name"]] = row["value"]
    return found


async def test_a_room_set_up_by_chat_is_copied_to_twenty_and_taken_back(talk: Talk) -> None:
    await sets(talk, "!config seats 12", TWENTY[4])
    await sets(talk, "!config twelve-hours yes", TWENTY[5])
    before = await kept(talk)
    for line in ("!config seats 30", "!config pause 3 horas"):
        await sets(talk, line)
    mine = (await kept(talk))[ROOM]
    await talk.private("ana")
    shown = await alone(talk, "!config copy to area norte sur")
    assert "In all 41 changes in 20 rooms" in shown
    assert "twelve-hours: yes → no" in shown
    assert "Left out, since you don't moderate there: De Bea" in shown
    assert "Left out too: 1 room that you are not in." in shown
    assert "Oculta" not in shown
    assert await kept(talk) == {**before, ROOM: mine}
    await talk.tells("ana", "yes")
    heard = await talk.said()
    told = {post.room: post.plain for post in heard}
    assert "Changed in 20 rooms" in told.pop(await talk.private("ana"))
    assert set(told) == set(TWENTY)
    assert "Ana changed here: seats: 12 → 30" in told[TWENTY[4]]
    after = await kept(talk)
    assert [after[room] for room in TWENTY] == [mine] * 20
    assert "seats: 12 → 30" in await talk.answer("bea", "!log", room=TWENTY[4])
    assert "changed settings in 20 rooms" in await talk.answer("bea", "!log")

    assert "changed settings in 20 rooms" in await talk.answer("ana", "!undo")
    said = await alone(talk, "yes")
    assert "Back as before: 41 changes in 20 rooms." in said
    assert await kept(talk) == {**before, ROOM: mine}
    assert "took back: seats: 12 → 30" in await talk.answer("bea", "!log", room=TWENTY[4])
    assert "Nothing" not in await talk.answer("ana", "!undo")  # the room's own, one by one


async def test_what_was_changed_since_or_taken_back_there_stays(talk: Talk) -> None:
    await talk.private("ana")
    await alone(talk, "!config area norte sur seats 40")
    await talk.tells("ana", "yes")
    await talk.said()
    await sets(talk, "!config seats 41", TWENTY[0])
    await sets(talk, "!undo", TWENTY[1])
    await talk.answer("ana", "!undo")
    said = await alone(talk, "yes")
    assert "Back as before: 19 changes in 19 rooms." in said  # this room and 18 of the twenty
    assert "1 setting was changed again since: it stays." in said
    assert await kept(talk) == {TWENTY[0]: {"seats": "41"}}


async def test_a_room_that_decides_itself_gets_its_decision(
    tmp_path: Path, capabilities: Sequence[Feature]
) -> None:
    every = [*capabilities, council(tmp_path)]
    talk = await with_rooms(await Talk.start(tmp_path / "minga.db", every, language="en"))
    await talk.private("ana")
    shown = await alone(talk, "!config area “norte sur” seats: 40")
    assert "21 changes in 21 rooms" in shown
    await talk.tells("ana", "yes")
    heard = "\n".join(post.plain for post in await talk.said() if post.room not in TWENTY)
    assert "Changed in 19 rooms" in heard
    assert "In 1 room it waits" in heard
    assert "opened 7" in heard
    assert "In 1 room the rules don't let you" in heard
    after = await kept(talk)
    assert TWENTY[2] not in after
    assert TWENTY[3] not in after
    await talk.close()


async def test_copies_go_to_rooms_by_name_and_come_from_one(talk: Talk) -> None:
    await sets(talk, "!config seats 12", TWENTY[4])
    await talk.private("ana")
    for line, says in {
        "!config copy from Sala 5": "Sala: seats: 5 → 12",
        "!config copy to Sala 5, Sala 1 and Sala 2": "Sala 5: seats: 12 → 5",
        "!config copy to Sala 1": "it is so already",
        "!config copy to Sala 99": "Which room is “Sala 99”?",
        "!config copy to Oculta": "Which room is “Oculta”?",
        "!config copy to De Bea": "you don't moderate there: De Bea",
        "!config copy to Sala": "this room itself",
        "!config copy": "Which rooms?",
        "!config copy from Sala 1, Sala 2": "From which one room?",
        "!config copy to area Oeste": "no area “Oeste”",
        "!config area norte sur": "Which area",
        "!config area norte sur seats": "Missing: the value",
        "!config area norte sur seats 200": "`!config seats 99`",
        "!config area norte sur moderation yes": "whole network",
    }.items():
        await talk.says("ana", line)
        heard = "\n".join(post.plain for post in await talk.said())
        assert says in heard, (line, heard)
        await talk.tells("ana", "no")
        await talk.says("ana", "no")
        await talk.said()


async def test_members_change_nothing_anywhere(talk: Talk) -> None:
    await talk.private("bea")
    for line, says in {
        "!config copy to Sala 1": "Left out, since you don't moderate there: Sala 1",
        "!config template assembly": "You can't do that here",
        "!config template lobby": "You can't do that here",
        "!config area norte sur twelve-hours yes": "De Bea · Oculta: twelve-hours: no → yes",
        "!config import\nseats = 9": "You can't do that here",
    }.items():
        await talk.says("bea", line)
        heard = "\n".join(post.plain for post in await talk.said())
        assert says in heard, (line, heard)
    assert await kept(talk) == {}


async def test_a_word_that_is_near_is_shown(talk: Talk) -> None:
    assert "Is it `!config template`?" in await talk.answer("ana", "!config templat x")
    assert "before, 5 → after, 6" in await talk.answer("ana", '!config "seats" 6')


async def test_what_was_shown_is_done_or_nothing(talk: Talk) -> None:
    await talk.set("seats", "50", TWENTY[4])
    assert "5 → 50" in await talk.answer("ana", "!config copy from Sala 5")
    await talk.set("seats", "60", TWENTY[4])
    await talk.says("ana", "yes")
    await talk.hears("Something changed meanwhile")
    assert ROOM not in await kept(talk)


async def test_in_private_one_says_which_room(talk: Talk) -> None:
    await talk.tells("ana", "config seats 33 en Sala 7")
    await talk.said()
    await talk.tells("ana", "yes")
    await talk.said()
    assert (await kept(talk))[TWENTY[6]] == {"seats": "33"}


# --- templates --------------------------------------------------------------------------------


async def test_a_template_sets_only_what_is_there(talk: Talk) -> None:
    listed = await talk.answer("bea", "!config template")
    assert "`lobby`: for who arrives" in listed
    assert "daily-digest: – → 20:00" in await talk.answer("ana", "!config template LOBBY")
    assert "In all 1 change in 1 room" in await talk.answer("ana", "!config template portería")
    await talk.answer("ana", "yes")
    assert await kept(talk) == {ROOM: {"daily": "20:00"}}
    await sets(talk, "!undo")
    assert await kept(talk) == {}
    assert "There is no template “x”" in await talk.answer("ana", "!config template x")
    assert "In all 20 changes in 20 rooms" not in await talk.answer("ana", "!config template press")


# --- files ------------------------------------------------------------------------------------


async def test_a_file_brings_a_room_back_as_it_was(talk: Talk) -> None:
    for line in ("!config seats 12", "!config pause 90 min", "!config prefix +"):
        await sets(talk, line)
    await talk.says("ana", "+config export")
    await talk.sent()
    text = next(reversed(talk.gateway.files.values())).decode()
    assert 'seats = "12"\n' in text
    assert 'pause = "90 min"' in text or 'pause = "1 h 30 min"' in text
    assert '# twelve-hours = "no"' in text
    assert "# Show times with 12 hours too." in text
    assert "moderation" not in text
    mine = await kept(talk)
    await talk.room(TWENTY[0], "Sala 1", ["ana"], ANA)
    url = next(reversed(talk.gateway.files))
    media = Media(url, "settings.toml", "text/plain", len(text), {"v": "v2"})
    shown = await talk.answer("ana", "!config import", room=TWENTY[0], media=media)
    assert "seats: 5 → 12" in shown
    await talk.answer("ana", "yes", room=TWENTY[0])
    assert (await kept(talk))[TWENTY[0]] == mine[ROOM]


async def test_text_is_imported_whole_or_not_at_all(talk: Talk) -> None:
    good = '!config import\n```toml\n[ajustes]\nseats = 7\n"doce-horas" = true\nidioma = “pt”\n```'
    shown = await talk.answer("ana", good)
    for words in ("seats: 5 → 7", "twelve-hours: no → yes", "language: English → português"):
        assert words in shown
    await talk.answer("ana", "no")
    for text, says in {
        'seets = "7"\npause = "1 min"': "Is it `!config seats`?",
        'seats = "700"\ntwelve = "perhaps"': "2 lines can't be taken",
        "seats = [1, 2]": "I didn't understand “” for `seats`",
        'moderation = "yes"': "holds for the whole network",
        "seats 7": "I can't read line 1 of it.",
        'seats = "7"\nseats = "8"': "I can't read line 2 of it.",
        "# nothing": "There are no settings in it.",
        "[a.b.c]\nx = 1": "can't be taken",
        "seats = " + "9" * 5000: "I can't read line 1 of it.",
        "seats = 0x" + "f" * 1900: "1 line can't be taken",
        "x = " + "[" * 9000: "I can't read line 1 of it.",
        "a" + ".a" * 4000 + " = 1": "I can't read line 1 of it.",
    }.items():
        heard = await talk.answer("ana", f"!config import {text}")
        assert says in heard, (text, heard)
        assert await kept(talk) == {}
    assert "There is no file here" in await talk.answer("ana", "!config import")
    url = "mxc://test/0"
    talk.gateway.files[url] = b"\xff\xfe\x00"
    media = Media(url, "x", "text/plain", 3, {"v": "v2"})
    assert "no text file" in await talk.answer("ana", "!config import", media=media)
