"""An afternoon in a client: Gina signs in, votes, asks in private, calls for help, and writes from
a second device that she did not confirm."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import gettempdir

from tests.clients import checks
from tests.clients.checks import Report
from tests.clients.page import ClientPage
from tests.clients.sizes import WIDE
from tests.clients.stage import Stage

NewDevice = Callable[[], Awaitable[ClientPage]]
STOPPED = Path(gettempdir()) / "minga-client-stopped.png"
ROUNDING = 2
"""CSS pixels that a browser may be off."""
OPTIONS = ("Parque", "Biblioteca", "Casa de Bea")


async def play(stage: Stage, client: ClientPage, second: NewDevice, folder: Path) -> Report:
    """The whole scene; its pictures go into the folder. Where it stops, a picture says where."""
    scene = Scene(stage, client, folder)
    try:
        await scene.comes_in()
        await scene.asks_what_can_be_done()
        await scene.votes()
        await scene.reads_a_proposal_and_its_picture()
        await scene.reads_an_event()
        await scene.talks_in_private()
        await scene.is_in_danger()
        await scene.writes_from_a_second_device(await second())
    except BaseException:
        await client.page.screenshot(path=STOPPED)
        print(f"It stopped where {STOPPED} shows.")  # noqa: T201
        raise
    return scene.report


class Scene:
    """`report` has what was checked so far."""

    def __init__(self, stage: Stage, client: ClientPage, folder: Path) -> None:
        self.stage = stage
        self.client = client
        self.folder = folder
        self.report = Report()
        self.beside = 0
        self.alarms = 0

    async def comes_in(self) -> None:
        """What the bot said before Gina came nobody could read to her: those alarms don't count."""
        stage, client = self.stage, self.client
        await client.resize(WIDE)
        await client.sign_in(stage.gina)
        await client.sign_first_device(stage.gina)
        await stage.gather("Asamblea")
        await client.accept("Asamblea")
        await stage.ana.joined(stage.room, stage.gina.id)
        await stage.trusts_gina()
        self.alarms = await client.count_alarms()

    async def asks_what_can_be_done(self) -> None:
        await self.client.say("!ayuda")
        await self._shows("help", "privado")
        seen = await self.client.has_picture(self.stage.bot.user)
        self.report.note("the bot has a picture", "shown" if seen else "a letter", ok=seen)

    async def votes(self) -> None:
        """One taps, one writes a command, Gina does what her client can; Ana closes."""
        stage, client = self.stage, self.client
        await stage.says("ana", '!encuesta "¿Dónde?" "{}"'.format('" "'.join(OPTIONS)))
        words = await self._shows("poll", "Queda abierta hasta")
        await checks.check_options(self.report, client, words, OPTIONS)
        await stage.taps("bea", OPTIONS[0])
        await stage.says("celia", f"!votar {OPTIONS[0]}")
        await client.vote(1, OPTIONS[1])
        await stage.knows_the_vote(OPTIONS[1])
        await stage.says("ana", "!cerrar 1")
        await self._shows("result", "Votaron 3 de 4")
        await checks.check_one_result(self.report, client, OPTIONS[0], 2)
        starred = [one for one in await client.bodies() if one.lstrip().startswith("* ")]
        self.report.note("edits show no asterisk", f"{len(starred)} do", ok=not starred)

    async def reads_a_proposal_and_its_picture(self) -> None:
        stage, client = self.stage, self.client
        await stage.says("ana", "!configurar imágenes sí")
        await client.hears("¿Sigo?")
        await stage.says("ana", "sí")
        await stage.says("ana", '!propuesta "Enviamos la carta al concejo"')
        await self._shows("proposal", "Enviamos la carta")
        await stage.says("celia", "!votar 2 a favor")
        await stage.says("ana", "!cerrar 2")
        await client.page.locator(client.picture).last.wait_for()
        await self._shows("picture", "Propuesta 2")
        await client.resize(client.narrowest)
        await checks.check_picture(self.report, client, await stage.caption())
        await client.resize(WIDE)

    async def reads_an_event(self) -> None:
        await self.stage.says("ana", '!evento "Taller de serigrafía" mañana 18:00')
        await self._shows("event", "Taller de serigrafía")
        await self._counts_alarms("in the room", self.alarms)

    async def talks_in_private(self) -> None:
        client, me = self.client, "Minga"
        await client.say("!ayuda decisiones")
        await client.accept(me)
        await client.say("ayuda")
        words = await self._shows("private", "ayuda todo")
        await checks.check_help(self.report, client, words)
        title = await client.title()
        self.report.note("the private room has the bot's name", repr(title), ok=title == me)

    async def is_in_danger(self) -> None:
        client = self.client
        await client.say("pánico")
        words = await self._shows("danger", "Estoy avisando")
        await checks.check_ordinary(self.report, client, "the answer to a call for help", words)
        await self._counts_alarms("in private", 0)
        self.report.note(
            f"nothing scrolls sideways at {client.narrowest} px",
            f"{self.beside} px beside the window",
            ok=self.beside <= ROUNDING,
        )

    async def writes_from_a_second_device(self, second: ClientPage) -> None:
        await second.resize(WIDE)
        await second.sign_in(self.stage.gina)
        await second.skip_signing()
        await second.open_room(self.stage.room)
        await second.say("!voy 3")
        key = await self.stage.marked()
        self.report.note("what did not count has a mark", key or "none", ok=key == "✗")
        await second.page.get_by_text("✗").first.wait_for()
        await self._shows("unsigned", "!voy 3", second)
        await second.accept("Minga")
        words = await self._shows("help-room", "falta confirmar", second)
        looks = await second.looks(words)
        self.report.note(
            "who writes from an unconfirmed device reads how to confirm it",
            f"{len(await second.lines(words))} lines, contrast {looks.contrast:.1f}",
            ok="not confirmed as yours" in looks.text and looks.contrast >= checks.READABLE,
        )

    async def _shows(self, name: str, words: str, client: ClientPage | None = None) -> str:
        """Wait for a message, take its pictures, measure what is beside; the words again."""
        client = client or self.client
        await client.hears(words)
        await client.take_pictures(self.folder, name, words)
        await client.resize(client.narrowest)
        self.beside = max(self.beside, await client.overflow())
        await client.resize(WIDE)
        return words

    async def _counts_alarms(self, where: str, before: int) -> None:
        found = max(0, await self.client.count_alarms() - before)
        self.report.note(
            f"no shield, all can be read {where}", f"{found} are not so", ok=found <= 0
        )
