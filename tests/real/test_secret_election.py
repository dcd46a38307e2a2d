"""Organisations elect a committee in secret, with parity, while those who speak for them change.

The file that the room gets is checked by program and page, with the receipts of everybody.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import nio
from nio.crypto.attachments import decrypt_attachment

from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.heard import Heard
from tests.real.judged import judge_result
from tests.real.plain import Member
from tests.real.servers import Pair, Person

FULL = os.environ.get("MINGA_FULL") == "1"
ORGANISATIONS, HEAVY = (40, 20) if FULL else (5, 5)
"""So many, and how many of them have the weight 3; the others have 1."""
WEIGHT = 3
SUCCESSORS = 3
SEATS, MEN, WOMEN = (5, 5, 3) if FULL else (2, 2, 1)
"""So many of the delegates stand."""
AT_ONCE = 6
CALL = (
    f"!elección Comité puestos:{SEATS} paridad secreta candidaturas hasta en 2 horas,"
    " voto hasta en 30 horas"
)
OPENING = re.compile(r"^Encuesta (\d+): ", re.MULTILINE)
RESULT = re.compile(r"^Encuesta \d+, .*ganan ")
OPTION = re.compile(r"^(\d+) (\S+)$", re.MULTILINE)


def is_file(event: Heard) -> bool:
    return event.content.get("msgtype") == "m.file"


@dataclass(slots=True)
class Hall:
    """The bot, and plain members with a private room each."""

    bot: BotProcess
    members: list[Member]
    private: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, list[Path]] = field(default_factory=dict)
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def each(self, members: Iterable[Member], lines: Iterable[str], answer: str) -> None:
        """Each writes its line in private and reads this answer; several at once."""

        async def do(member: Member, line: str) -> None:
            async with self.turn:
                await self.tells(member, line, answer)

        await asyncio.gather(*(do(*pair) for pair in zip(members, lines, strict=True)))

    async def tells(self, member: Member, line: str, answer: str) -> Heard:
        """A line in the member's private room, and the bot's answer to it."""
        if member.user not in self.private:
            room = await member.create_room(invite=[self.bot.user])
            await member.joined(room, self.bot.user)
            self.private[member.user] = room
        room = self.private[member.user]
        said = await member.send(room, line)
        heard = await member.hears(lambda event: event.reply_to == said, 60, room=room)
        assert answer in heard.text, (line, heard.text)
        return heard

    async def votes(self, members: Sequence[Member], lines: Sequence[str], folder: Path) -> None:
        """They vote, each with a receipt that is kept as a file."""
        await self.each(members, lines, "Anotado")
        for member in members:
            room = self.private[member.user]
            place = folder / f"{len(self.receipts)}-{len(self.receipts.get(member.user, []))}.json"
            place.write_bytes(await _download(member, await member.hears(is_file, room=room)))
            self.receipts.setdefault(member.user, []).append(place)


async def _download(member: Member, event: Heard) -> bytes:
    file = event.content["file"]
    answer = await member.client.download(file["url"])
    assert isinstance(answer, nio.DownloadResponse)
    body = answer.body
    assert isinstance(body, bytes)
    key, digest = file["key"]["k"], file["hashes"]["sha256"]
    return bytes(decrypt_attachment(body, key, digest, file["iv"]))


def _ranking(places: dict[str, int], standing: Sequence[str], shift: int) -> list[int]:
    """The men first, each organisation beginning with another one, then the women."""
    men, women = standing[:MEN], standing[MEN:]
    turned = [*men[shift % MEN :], *men[: shift % MEN], *women[shift % WOMEN :]]
    return [places[name] for name in turned]


async def test_organisations_elect_a_committee_in_secret_while_delegates_change(
    pair: Pair, element: Enter, page_judge: PageJudge, tmp_path: Path
) -> None:
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    count = ORGANISATIONS + SUCCESSORS
    persons: list[Person] = await asyncio.to_thread(
        lambda: [pair.person(f"m{n}", pair.b if n % 5 == 0 else pair.a) for n in range(count)]
    )
    async with AsyncExitStack() as stack:
        members = [await stack.enter_async_context(Member()) for _person in persons]
        turn = asyncio.Semaphore(AT_ONCE)

        async def enters(one: Member, who: Person) -> None:
            async with turn:
                await one.login(*who.door)

        bot = BotProcess(
            tmp_path / "bot", account, moderators=[ana.user], commands_per_minute=100_000
        )
        await asyncio.gather(
            stack.enter_async_context(bot),
            *(enters(*both) for both in zip(members, persons, strict=True)),
        )
        room = await ana.create_room(
            invite=[bot.user, *(one.user for one in members)], name="Asamblea", version="12"
        )
        await asyncio.gather(*(one.accept(room) for one in members))
        await asyncio.gather(*(ana.joined(room, one.user, 60) for one in members))
        await ana.greeted(room, bot.user)
        hall = Hall(bot, members)
        delegates, successors = members[:ORGANISATIONS], members[ORGANISATIONS:]

        async def answer(line: str, *what: str) -> Heard:
            said = await ana.send(room, line)
            heard = await ana.hears(lambda event: event.reply_to == said, 60, room=room)
            assert all(words in heard.text for words in what), (line, heard.text)
            return heard

        # The organisations, as a table; every one has the next one's delegate as its alternate.
        rows = [
            f"Organización {n:02}; {one.user}; {delegates[n - 1].user};"
            f" {WEIGHT if n < HEAVY else 1}"
            for n, one in enumerate(delegates)
        ]
        await answer("\n".join(["!votantes importar", *rows]), "¿Sigo?")
        await ana.send(room, "sí")
        await ana.hears("Importé", room=room, sender=bot.user)

        # Some of them stand, more men than parity lets in.
        await ana.send(room, CALL)
        await ana.hears(f"Comité, {SEATS} puestos", room=room, sender=bot.user)
        standing = delegates[: MEN + WOMEN]
        groups = ["hombres"] * MEN + ["mujeres"] * WOMEN
        await hall.each(
            standing,
            [f"me postulo 1 por el agua grupo: {group}" for group in groups],
            "Anotado: te postulas",
        )
        bot.later(hours=2, minutes=1)
        opening = await ana.hears(OPENING, 60, room=room, sender=bot.user)
        found = OPENING.search(opening.text)
        assert found
        number = found[1]
        assert f"Votan las {ORGANISATIONS} organizaciones" in opening.text
        places = {label: int(place) for place, label in OPTION.findall(opening.text)}
        names = [one.user[1:].split(":")[0] for one in standing]
        assert sorted(places) == sorted(names)

        def line(ranked: Sequence[int], words: str) -> str:
            return f"votar {number} {' '.join(map(str, ranked))} {words}"

        rankings = [_ranking(places, names, n) for n in range(ORGANISATIONS)]
        # The last delegate leaves before she votes.
        *there, gone = delegates
        await gone.client.room_leave(room)
        await ana.hears("sin titular", 60, room=room, sender=bot.user)
        await hall.votes(
            there,
            [line(rankings[n], f'"piedra {n}"') for n in range(len(there))],
            tmp_path,
        )
        # Two are replaced after they voted: one by the moderator, one by the organisation itself.
        await answer(f'!votantes agregar "Organización 00" {successors[0].user}', "antes")
        said = await delegates[1].send(room, f"!mi-organización titular {successors[1].user}")
        await ana.hears(lambda event: event.reply_to == said, room=room, sender=bot.user)
        alternate = delegates[0]
        asked = hall.private[alternate.user]
        await alternate.hears("¿Lo confirmas?", 60, room=asked, sender=bot.user)
        await alternate.send(asked, "sí")
        await ana.hears("nombró y", room=room, sender=bot.user)
        last = ORGANISATIONS - 1
        await answer(f'!votantes agregar "Organización {last:02}" {successors[2].user}', "antes")
        for place, successor in ((0, successors[0]), (1, successors[1])):
            shown = await hall.tells(successor, f"votar {number}", "No tengo ningún voto tuyo")
            assert f"piedra {place}" not in shown.text
        for n in (0, 1, last):
            rankings[n] = rankings[n][::-1]
        await hall.votes(
            successors,
            [line(rankings[n], f'"nube {n}"') for n in (0, 1, last)],
            tmp_path,
        )
        # Who is only an alternate now does not change what a delegate voted.
        await hall.tells(delegates[0], f"votar {number} 1", "Su titular ya votó")
        # One is taken off the list: its vote stays.
        await answer('!votantes quitar "Organización 02"', "lo que votó se queda")

        await ana.send(room, f"!cerrar {number}")
        result = await ana.hears(RESULT, 60, room=room, sender=bot.user)
        assert f"Votaron {ORGANISATIONS} de {ORGANISATIONS} organizaciones." in result.text
        file = await ana.hears(
            lambda event: str(event.content.get("filename", "")).startswith("resultado-"),
            room=room,
            sender=bot.user,
        )
        path = tmp_path / "resultado.json"
        path.write_bytes(await ana.download(file))
        await bot.stop()

    bundle = json.loads(path.read_text())
    expected: Counter[str] = Counter()
    for n, ranked in enumerate(rankings):
        ballot = " ".join(
            f"{place}:{rank}"
            for place, rank in sorted((place, rank) for rank, place in enumerate(ranked, start=1))
        )
        expected[ballot] += WEIGHT if n < HEAVY else 1
    assert bundle["result"]["counts"] == dict(sorted(expected.items()))
    by_weight = {"1": ORGANISATIONS - HEAVY, str(WEIGHT): HEAVY}
    assert bundle["result"]["voted"] == {weight: n for weight, n in by_weight.items() if n}
    assert len(bundle["board"]) == ORGANISATIONS - HEAVY + WEIGHT * HEAVY
    elected = {int(place) for place in bundle["result"]["outcome"]["winners"]}
    men = {places[name] for name in names[:MEN]}
    half = -(-SEATS // 2)
    assert (len(elected), len(elected & men)) == (SEATS, half), "no more men than half, rounded up"
    assert not [one.user for one in members if one.user in path.read_text()], "no name is in it"

    counting = [hall.receipts[one.user][-1] for one in (*delegates[2:last], *successors)]
    is_true, told = await judge_result(page_judge, path, *counting)
    assert is_true, told
    assert told.count("was counted as you cast it") == len(counting) == ORGANISATIONS
    for replaced in delegates[:2]:
        is_true, told = await judge_result(page_judge, path, hall.receipts[replaced.user][0])
        assert not is_true
        assert "your organisation voted again" in told
    forged = tmp_path / "forged.json"
    forged.write_text(path.read_text().replace('"voted":{', '"voted":{"7":1,', 1))
    assert not (await judge_result(page_judge, forged))[0]
