"""The page that checks results, in Debian's Chromium without a network: `make page-look`.

It is the file as it is handed out, opened as a file. Each cheat is one of the bot itself, signed
with its own key (commands/ballot_secrecy/tests/test_secret_cheats.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import BrowserContext, Page, Request

from bot.testing.talk import SIGNER
from commands.ballot_secrecy.files.log_chain import LogRow
from commands.ballot_secrecy.files.receipt import make_commitment
from commands.ballot_secrecy.tests import test_secret_cheats as cheats
from commands.ballot_secrecy.tests.secret_world import closes
from commands.ballot_secrecy.tests.test_secret_cheats import Honest, signed_anew
from commands.ballot_secrecy.tests.test_secret_cheats import honest as honest
from commands.verify_page import page as verify_page
from tests.clients.browser import browsing
from tests.clients.sizes import HEIGHTS, NARROW
from tests.links.made_proofs import honest_decision
from tests.links.proof_cheats import CHEATS

AXE = Path(__file__).parents[1] / "real/js/node_modules/axe-core/axe.min.js"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
CANVAS = """() => {
    const style = document.createElement("style");
    style.textContent = ":root { background: Canvas; }";
    document.head.prepend(style);
}"""
"""Paints what is behind a page, for axe takes it as white, and lets the page paint over it."""
Cheat = Callable[[Honest], tuple[str, str]]
"""Returns what the room is shown and what the person holds of it."""


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with browsing() as browser:
        context = await browser.new_context(
            viewport={"width": NARROW, "height": HEIGHTS[NARROW]},
            has_touch=True,
            locale="es-CO",
            timezone_id="America/Bogota",
        )
        await context.set_offline(True)
        yield context


@pytest.fixture
async def opened(context: BrowserContext, tmp_path: Path) -> AsyncIterator[Page]:
    """The page, opened from a file. Whatever it asks of a network, or breaks, fails the test."""
    file = tmp_path / "minga-verify.html"
    file.write_bytes(verify_page.build_page())
    page = await context.new_page()
    faults: list[str] = []

    def note(request: Request) -> None:
        if request.url != file.as_uri():
            faults.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text))
    await page.goto(file.as_uri())
    yield page
    assert faults == []


async def shown(page: Page, file: str, receipt: str = "") -> str:
    """Paste a file and a receipt, and return what the page says of them."""
    await page.fill("#text", file)
    await page.fill("#receipt", receipt)
    await page.click("#check")
    await page.wait_for_selector("#report:focus")
    return await page.inner_text("#report")


async def test_an_honest_result_and_a_receipt(opened: Page, honest: Honest) -> None:
    said = await shown(opened, honest.bundle.to_json(), honest.receipts[1].to_json())
    assert "El archivo es coherente" in said
    assert "Norte: 4" in said
    assert "Participación: 8 de 10" in said
    assert honest.receipts[1].tracker in said
    assert "palabras 1" in said


def drop(honest: Honest) -> tuple[str, str]:
    victim = honest.receipts[3]
    log = [row for row in honest.bundle.log if row[2] != victim.commitment]
    cheat = signed_anew(honest.bundle, cheats.without(honest.bundle, victim), log)
    return cheat.to_json(), victim.to_json()


def flip(honest: Honest) -> tuple[str, str]:
    victim = honest.receipts[2]
    entries = [*cheats.without(honest.bundle, victim), (victim.tracker, "3:1")]
    return signed_anew(honest.bundle, entries).to_json(), victim.to_json()


def stuff(honest: Honest) -> tuple[str, str]:
    more = [*honest.bundle.board, cheats.STRANGER]
    return signed_anew(honest.bundle, more).to_json(), ""


def clash(honest: Honest) -> tuple[str, str]:
    first, second = honest.receipts[0], honest.receipts[2]
    entries = [*cheats.without(honest.bundle, second), cheats.STRANGER]
    given = second.model_copy(update={"tracker": first.tracker}).sign(SIGNER)
    return signed_anew(honest.bundle, entries).to_json(), given.to_json()


def roll(honest: Honest) -> tuple[str, str]:
    changes = {"roll_size": honest.manifest.roll_size + 1, "roll_root": "ab" * 32}
    manifest = honest.manifest.model_copy(update=changes)
    return signed_anew(honest.bundle, manifest=manifest).to_json(), honest.proofs[0].to_json()


def log(honest: Honest) -> tuple[str, str]:
    head, first, *rest = honest.bundle.log
    later = [head, cheats.changed_row(first, at=first[0] + 3600), *rest]
    return signed_anew(honest.bundle, log=later).to_json(), honest.receipts[0].to_json()


def late(honest: Honest) -> tuple[str, str]:
    head, *middle, closed = honest.bundle.log
    mine = make_commitment(honest.manifest.poll, *cheats.STRANGER, "00" * 16)
    row: LogRow = (int(closes().timestamp()) + 3600, "accepted", mine, "00" * 10)
    entries = [*honest.bundle.board, cheats.STRANGER]
    rows = [head, *middle, row, closed]
    return signed_anew(honest.bundle, entries, rows).to_json(), ""


def other_board(honest: Honest) -> tuple[str, str]:
    victim = honest.receipts[5]
    entries = [*cheats.without(honest.bundle, victim), (victim.tracker, "3:1")]
    return signed_anew(honest.bundle, entries).to_json(), honest.bundle.to_json()


@pytest.mark.parametrize(
    ("cheat", "named"),
    [
        (drop, "el registro cambió"),
        (flip, "lo cambiaron"),
        (stuff, "Según el registro"),
        (clash, "no sale de sus palabras"),
        (roll, "no estás entre"),
        (log, "el registro cambió"),
        (late, "después del cierre"),
        (other_board, "dos resultados"),
    ],
)
async def test_each_way_to_cheat_is_named(
    opened: Page, honest: Honest, cheat: Cheat, named: str
) -> None:
    said = await shown(opened, *cheat(honest))
    assert "No confíes en este archivo" in said
    assert named.casefold() in said.casefold()
    assert "coherente" not in said
    assert await accessibility_faults(opened) == []


async def test_a_receipt_is_given_as_a_file(opened: Page, honest: Honest, tmp_path: Path) -> None:
    result, receipt = flip(honest)
    file = tmp_path / "receipt.json"
    file.write_text(receipt, encoding="utf-8")
    await opened.set_input_files("#receipt-file", file)
    said = await shown(opened, result)
    assert "No confíes en este archivo" in said and "lo cambiaron" in said


async def test_a_joint_decision_of_three_networks(opened: Page) -> None:
    said = await shown(opened, honest_decision().to_json())
    assert "El archivo es coherente" in said
    assert "Decisión conjunta: " in said
    assert "Firman este resultado: " in said
    assert await opened.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert await accessibility_faults(opened) == []
    made = honest_decision()
    CHEATS["two words of one network"][0](made)
    said = await shown(opened, made.to_json())
    assert "No confíes en este archivo" in said
    assert "dijo dos cosas donde cuenta una" in said


async def test_a_file_is_chosen_with_the_keyboard_alone(
    opened: Page, honest: Honest, tmp_path: Path
) -> None:
    """Each part is reached by Tab, in order, and the answer has the focus."""
    file = tmp_path / "result.json"
    file.write_text(honest.bundle.to_json(), encoding="utf-8")
    order = ["es", "pt", "en", "file", "text", "receipt", "receipt-file", "check"]
    reached = []
    for _part in order:
        await opened.keyboard.press("Tab")
        reached.append(
            await opened.evaluate(
                "document.activeElement.dataset.language ?? document.activeElement.id"
            )
        )
        if reached[-1] == "file":
            async with opened.expect_file_chooser() as chooser:
                await opened.keyboard.press("Space")
            await (await chooser.value).set_files(file)
    assert reached == order
    await opened.keyboard.press("Enter")
    await opened.wait_for_selector("#report:focus")
    assert "El archivo es coherente" in await opened.inner_text("#report")


async def test_a_file_is_dropped_anywhere(opened: Page, honest: Honest) -> None:
    await opened.evaluate(
        """text => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], "result.json"));
            document.body.dispatchEvent(
                new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        honest.bundle.to_json(),
    )
    await opened.wait_for_selector("#report:focus")
    assert "El archivo es coherente" in await opened.inner_text("#report")


@pytest.mark.parametrize(
    ("language", "title", "verdict"),
    [
        ("es", "Comprueba un resultado", "El archivo es coherente"),
        ("pt", "Confira um resultado", "O arquivo é coerente"),
        ("en", "Check a result", "The file is true in itself"),
    ],
)
async def test_it_is_accessible_in_each_language(
    opened: Page, honest: Honest, language: str, title: str, verdict: str
) -> None:
    await opened.click(f'[data-language="{language}"]')
    assert await opened.inner_text("h1") == title
    said = await shown(opened, honest.bundle.to_json())
    assert verdict in said
    wide = await opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW
    found = await accessibility_faults(opened)
    assert found == []


async def accessibility_faults(page: Page, schemes: Sequence[Scheme] = SCHEMES) -> list[str]:
    """Return what axe finds in these colours.

    It runs in a copy without the page's policy, which forbids it.
    """
    content = await page.content()
    free = await page.context.new_page()
    without = content.replace("Content-Security-Policy", "x-none").split("<script>")[0]
    await free.set_content(f"{without}</body></html>")
    await free.evaluate(CANVAS)
    await free.add_script_tag(path=AXE)
    found: list[str] = []
    for scheme in schemes:
        await free.emulate_media(color_scheme=scheme)
        found += await free.evaluate(
            "axe.run().then(done => done.violations.map(one => `${one.id}: ${one.help}`))"
        )
    await free.close()
    return found


async def test_another_file_of_the_decision_says_which_one_to_give(
    opened: Page, tmp_path: Path
) -> None:
    file = tmp_path / "decision-1.csv"
    file.write_text("opción;votos", encoding="utf-8")
    await opened.set_input_files("#file", file)
    await opened.click("#check")
    await opened.wait_for_selector("#report:focus")
    said = await opened.inner_text("#report")
    assert "El archivo que hay que dar es decision-1.json" in said


async def test_hours_stand_in_this_phones_zone_too_and_commands_as_code(
    opened: Page, honest: Honest
) -> None:
    said = await shown(opened, honest.bundle.to_json())
    assert "(UTC)" in said
    assert "Según el reloj de este teléfono: de " in said
    assert "`" not in said
    assert "!estado" in await opened.locator("#report code").all_inner_texts()


async def test_markup_in_a_file_stays_text(opened: Page, honest: Honest) -> None:
    title = "<img src=x onerror=alert(1)> \u202eevil"
    manifest = honest.manifest.model_copy(update={"question": title})
    said = await shown(opened, signed_anew(honest.bundle, manifest=manifest).to_json())
    assert "<img src=x onerror=alert(1)> evil" in said
    assert await opened.query_selector("#report img") is None
