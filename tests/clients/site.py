"""`python -m tests.clients.site dist/docs`: the built site on a phone of 390 pixels.

Each page is opened in Debian's Chromium. It may not scroll sideways, its letters have sixteen
pixels at least, no cell of a table is squeezed, and what is tapped is large enough for a thumb.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page

from tests.clients.browser import browsing
from tests.clients.pictures import keep_picture
from tests.clients.sizes import HEIGHTS, NARROW

LANGUAGES = ("es", "pt", "en")
MEMBERS = {"es": "integrantes", "pt": "integrantes", "en": "members"}
SCREENS = Path(__file__).parents[2] / "docs" / "screens"


def pages(site: Path) -> list[Path]:
    """Return the pages that people read: the first one, and the guides of each language."""
    guides = [page for one in LANGUAGES for page in sorted((site / one).glob("*.html"))]
    return [site / "index.html", *guides]


async def faults(page: Page, file: Path) -> list[str]:
    """Return a line for each thing that is hard to read or tap on this page."""
    await page.goto(file.absolute().as_uri())
    found: list[str] = await page.evaluate(LOOK)
    return [f"{file.parent.name}/{file.name}: {one}" for one in found]


async def look(site: Path) -> AsyncIterator[str]:
    """Yield the faults of all pages, and keep a picture of each language's page for members."""
    async with browsing() as browser:
        context = await browser.new_context(
            viewport={"width": NARROW, "height": HEIGHTS[NARROW]}, has_touch=True
        )
        page = await context.new_page()
        for file in pages(site):
            for one in await faults(page, file):
                yield one
            if file.stem == MEMBERS.get(file.parent.name):
                shot = await page.screenshot()
                keep_picture(shot, SCREENS / f"site-{file.parent.name}.png")


async def main(site: Path) -> int:
    """Print the faults; how many there are."""
    found = [one async for one in look(site)]
    for line in found:
        print(line)  # noqa: T201
    print(f"{len(pages(site))} pages at {NARROW} px, {len(found)} faults")  # noqa: T201
    return len(found)


LOOK = """() => {
    const faults = [], wide = window.innerWidth;
    const over = document.documentElement.scrollWidth - wide;
    if (over > 0) faults.push(`scrolls sideways by ${over} px`);
    const small = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) {
        const holder = node.parentElement, box = holder.getBoundingClientRect();
        if (!node.data.trim() || !box.width || !box.height) continue;
        const size = parseFloat(getComputedStyle(holder).fontSize);
        const what = `${holder.tagName.toLowerCase()} of ${size} px`;
        if (size < 15.99) small.set(what, node.data.trim());
    }
    for (const [what, text] of small) faults.push(`small letters: ${what}: ${text.slice(0, 40)}`);
    for (const cell of document.querySelectorAll('td')) {
        const box = cell.getBoundingClientRect();
        const said = cell.innerText.slice(0, 40), width = Math.round(box.width);
        if (width && width < 120) faults.push(`a cell of ${width} px: ${said}`);
        if (box.right > wide + 1) faults.push(`a cell is cut off: ${said}`);
    }
    for (const picture of document.images) {
        const box = picture.getBoundingClientRect();
        if (box.right > wide + 1) faults.push(`a picture is cut off: ${picture.src}`);
    }
    const inSentence = link => [...link.parentElement.childNodes].some(
        one => one.nodeType === Node.TEXT_NODE && one.data.trim());
    for (const link of document.querySelectorAll('a[href]')) {
        const box = link.getBoundingClientRect();
        if (!box.width || inSentence(link)) continue;
        const high = Math.round(box.height);
        if (high < 24) faults.push(`a link of ${high} px: ${link.innerText}`);
    }
    return [...new Set(faults)];
}"""


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))) > 0)
