"""Cinny 4: what a person does in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from playwright.async_api import expect

from tests.clients.page import ClientPage
from tests.real.servers import Person

BOX = "[data-editable-name=RoomInput]"
SETTLES = 3000
"""Milliseconds until it knows that a room is for two, when it shows it anew; nothing tells."""


class Cinny(ClientPage):
    """In English, which is all that it speaks."""

    name: ClassVar[str] = "cinny"
    message: ClassVar[str] = "[data-message-id]"
    body: ClassVar[str] = "div[style*='max-width: 100%'] > div:not(:has([data-event-id]))"
    alarms: ClassVar[str] = f"{message}:has(img[alt=Minga]) p:has-text('Unable to decrypt')"
    own: ClassVar[str] = f"{message}:has(button[data-user-id^='@gina']) {body}"
    box: ClassVar[str] = BOX
    picture: ClassVar[str] = f"{message} {body} img"

    @classmethod
    def config(cls, homeserver: str, server_name: str) -> Mapping[str, Any]:
        return {
            "defaultHomeserver": 0,
            "homeserverList": [homeserver],
            "allowCustomHomeservers": False,
            "featuredCommunities": {"openAsDefault": False},
        }

    @classmethod
    def version(cls, folder: Path) -> str:
        """It stands on the page where one signs in, in its code."""
        for code in sorted((folder / "assets").glob("index-*.js")):
            if found := re.search(r'{version:"([0-9.]+)",secretKey:', code.read_text("utf-8")):
                return found[1]
        raise ValueError(f"{folder} is no build of Cinny")

    async def sign_in(self, person: Person) -> None:
        page = self.page
        await page.goto(f"{self.address}/login/")
        await page.locator("input[name=usernameInput]").fill(person.name)
        await page.locator("input[name=passwordInput]").fill(person.password)
        await page.get_by_role("button", name="Login", exact=True).click()
        await page.wait_for_url(re.compile("/home/|/direct/|/explore/"))

    async def sign_first_device(self, person: Person) -> None:
        page = self.page
        initial = re.compile(f"^{person.name[0]}$", re.IGNORECASE)
        await page.locator("button", has_text=initial).last.click()
        await page.locator("button", has_text="Security").first.click()
        await page.get_by_role("button", name="Setup").first.click()
        async with page.expect_response(re.compile("/keys/signatures/upload")):
            await page.get_by_role("button", name="Generate Key", exact=True).first.click()
        await expect(page.get_by_text("Please save this security key")).to_be_visible()
        await page.reload()

    async def skip_signing(self) -> None:
        """It asks for nothing."""

    async def accept(self, name: str) -> None:
        await self.page.goto(f"{self.address}/inbox/invites/")
        card = self.page.locator("div", has_text=name)
        await card.get_by_role("button", name="Accept").last.click()
        await self.page.wait_for_url(re.compile("/(home|direct)/!"))
        await self.page.wait_for_timeout(SETTLES)
        view, box = self.page.get_by_role("button", name="View"), self.page.locator(BOX)
        await view.or_(box).first.wait_for()
        if await view.count():  # a room for two, which it looks for among the others
            await view.click()
            await box.wait_for()

    async def open_room(self, room: str) -> None:
        await self.page.goto(f"{self.address}/home/{quote(room)}/")
        await self.page.locator(BOX).wait_for()

    async def title(self) -> str:
        return (
            await self.page.locator("header")
            .last.locator("p, h3, h5, span")
            .filter(has_text=re.compile(r"\S"))
            .first.inner_text()
        )

    async def vote(self, number: int, option: str) -> None:
        await self.say(f"!votar {number} {option}")

    async def to_latest(self) -> None:
        latest = self.page.get_by_text("Jump to Latest")
        if await latest.count():
            await latest.click()

    async def has_picture(self, sender: str) -> bool:
        return await self.page.locator(f"button[data-user-id='{sender}'] img").count() > 0
