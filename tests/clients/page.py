"""What the scene asks of a web client, whichever it is: the page object's common part."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from playwright.async_api import Locator, Page, expect

from tests.clients.pictures import keep_picture
from tests.clients.sizes import HEIGHTS, NARROW, WIDE
from tests.real.servers import Person

PATIENCE = 30_000
"""Milliseconds that a client may take for what it does; a busy machine is slow."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a message is drawn: colours as `(red, green, blue)`, sizes in CSS pixels."""

    text: str
    italic: bool
    size: float
    contrast: float


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """`scale`: CSS pixels for each pixel that was drawn. `hidden`: the part that is cut off."""

    scale: float
    hidden: float


class ClientPage(ABC):
    """A person's session of a client in a browser window of its own."""

    name: ClassVar[str]
    narrowest: ClassVar[int] = NARROW
    """The narrowest window for which the client itself is made."""
    message: ClassVar[str]
    """CSS selector of a message in the timeline."""
    body: ClassVar[str]
    """CSS selector of what a message says, within it."""
    alarms: ClassVar[str]
    """CSS selector of a shield, and of what stands where a message can't be read."""
    own: ClassVar[str]
    """CSS selector of what the person who uses the client has said."""
    box: ClassVar[str]
    """CSS selector of where a message is typed."""
    picture: ClassVar[str]
    """CSS selector of a picture somebody posted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(PATIENCE)

    async def say(self, line: str) -> None:
        """Type a line and send it."""
        box = self.page.locator(self.box)
        await box.click()
        await self.page.keyboard.insert_text(line)
        await expect(box).to_contain_text(line)
        await box.press("Enter")
        await expect(box).not_to_contain_text(line)

    # --- what differs -------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def config(cls, homeserver: str, server_name: str) -> Mapping[str, Any]:
        """Return the client's `config.json`."""

    @classmethod
    @abstractmethod
    def version(cls, folder: Path) -> str:
        """Return the version of a build, as it says itself."""

    @abstractmethod
    async def sign_in(self, person: Person) -> None:
        """Sign in by password, and wait for the list of rooms."""

    @abstractmethod
    async def sign_first_device(self, person: Person) -> None:
        """Do what a person does so that this first device is confirmed as theirs."""

    @abstractmethod
    async def skip_signing(self) -> None:
        """Leave a second device unconfirmed."""

    @abstractmethod
    async def accept(self, name: str) -> None:
        """Accept the invitation whose card shows this name, and stand in the room."""

    @abstractmethod
    async def open_room(self, room: str) -> None:
        """Go to a room by its id."""

    @abstractmethod
    async def title(self) -> str:
        """Return the name of the room that is open, as the client shows it."""

    @abstractmethod
    async def vote(self, number: int, option: str) -> None:
        """Choose an option: by a tap, or by words where the client draws no polls."""

    @abstractmethod
    async def to_latest(self) -> None:
        """Scroll to the end of the timeline if it does not stand there."""

    @abstractmethod
    async def has_picture(self, sender: str) -> bool:
        """Return whether the sender's messages have a picture beside them, not a letter."""

    # --- what is the same ---------------------------------------------------------------------

    def said(self, words: str) -> Locator:
        """The last message in the open room that holds these words."""
        return self.page.locator(self.message).filter(has_text=words).last

    async def hears(self, words: str, patience: int = PATIENCE) -> Locator:
        """Wait for a message with these words and bring it into view."""
        found = self.said(words)
        async with asyncio.timeout(patience / 1000):
            while not await found.count():
                await self.to_latest()
                await asyncio.sleep(0.2)  # no client tells when it has drawn something
        await expect(found).to_be_visible()
        await found.scroll_into_view_if_needed()
        return found

    async def lines(self, words: str) -> list[str]:
        """Return what stands on each line of the message, as it is wrapped only by its author."""
        text = await self.said(words).locator(self.body).last.inner_text()
        return [line.strip() for line in text.splitlines() if line.strip()]

    async def looks(self, words: str) -> Looks:
        """Return how the message with these words is drawn."""
        found = await self.said(words).locator(self.body).last.evaluate(LOOK)
        return Looks(found["text"], found["italic"], found["size"], found["contrast"])

    async def bodies(self) -> list[str]:
        """Return what each message in the timeline says, without quotes; native polls too."""
        return await self.page.locator(f"{self.message} {self.body}").all_inner_texts()

    async def own_looks(self) -> Looks:
        """Return how an ordinary message of the person who uses the client is drawn."""
        found = await self.page.locator(self.own).last.evaluate(LOOK)
        return Looks(found["text"], found["italic"], found["size"], found["contrast"])

    async def shown_picture(self) -> ShownPicture:
        """Return how the last picture of the timeline is drawn, once it is loaded."""
        found = self.page.locator(self.picture).last
        await found.scroll_into_view_if_needed()
        await self.settle()
        drawn = await found.evaluate(PICTURE)
        return ShownPicture(drawn["scale"], drawn["hidden"])

    async def count_alarms(self) -> int:
        """Return how many messages have a shield or could not be read."""
        return await self.page.locator(self.alarms).count()

    async def overflow(self) -> int:
        """Return how many pixels of the page lie beside the window, to be scrolled to."""
        return int(await self.page.evaluate(OVERFLOW))

    async def resize(self, width: int) -> None:
        """Make the window this wide, as on a phone or a desk."""
        await self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})

    async def take_pictures(self, folder: Path, name: str, words: str) -> None:
        """Keep the page as it is with the message in view, at both widths."""
        for width in (NARROW, WIDE):
            await self.resize(width)
            await self.hears(words)
            await self.settle()
            keep_picture(await self.page.screenshot(), folder / f"{name}-{width}.png")

    async def settle(self) -> None:
        """Wait until the pictures in view are loaded and two frames were drawn."""
        await self.page.evaluate(SETTLE)


OVERFLOW = """() => Math.max(0, ...[...document.querySelectorAll('*')]
    .filter(e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.clientWidth > 0
        && !e.closest('pre, table, code'))
    .map(e => e.scrollWidth - e.clientWidth),
    document.documentElement.scrollWidth - window.innerWidth)"""

SETTLE = """async () => {
    const seen = [...document.images].filter(i => i.getBoundingClientRect().bottom > 0);
    await Promise.race([
        Promise.all(seen.map(i => i.decode().catch(() => null))),
        new Promise(done => setTimeout(done, 5000)),
    ]);
    for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
}"""

# Contrast as WCAG 2.2 defines it, against the nearest background that is painted.
LOOK = """body => {
    const rgb = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const style = getComputedStyle(body);
    let back = [255, 255, 255];
    for (let e = body; e; e = e.parentElement) {
        const found = rgb(getComputedStyle(e).backgroundColor);
        if (found.length === 3 || found[3] > 0.5) { back = found; break; }
    }
    let opacity = 1;
    for (let e = body; e; e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
    const ink = rgb(style.color).slice(0, 3).map((v, i) => v * opacity + back[i] * (1 - opacity));
    const [low, high] = [light(ink), light(back)].sort((a, b) => a - b);
    return {text: body.innerText, italic: style.fontStyle === 'italic',
        size: parseFloat(style.fontSize), contrast: (high + 0.05) / (low + 0.05)};
}"""

# A picture that covers its box loses what is beside; one that leaves its box is cut by it.
PICTURE = """picture => {
    const {width, height} = picture.getBoundingClientRect();
    const wide = width / picture.naturalWidth, high = height / picture.naturalHeight;
    const covers = getComputedStyle(picture).objectFit === 'cover';
    const scale = covers ? Math.max(wide, high) : Math.min(wide, high);
    const shown = Math.min(1, width / (picture.naturalWidth * scale))
        * Math.min(1, height / (picture.naturalHeight * scale));
    return {scale, hidden: 1 - shown};
}"""
