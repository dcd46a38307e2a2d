"""Element Web: what a person does in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from playwright.async_api import Page

from tests.clients.page import ClientPage
from tests.clients.sizes import NARROW, WIDE
from tests.real.servers import Person

BOX = ".mx_BasicMessageComposer_input"
SPANISH = f"localStorage.mx_local_settings ||= {json.dumps(json.dumps({'language': 'es'}))}"


PUT_OFF = re.compile("^(Omitir|Not now|Ahora no|Vale|Más tarde)$")
"""What Element asks about itself: notifications, recovery, its own news."""
ROOM_LIST, NO_ROOM_LIST = 350, 40
"""Where the edge of the list of rooms is dragged to, in CSS pixels."""


class ElementWeb(ClientPage):
    """In Spanish. On a narrow window the list of rooms is drawn in, as far as it goes."""

    name: ClassVar[str] = "element-web"
    narrowest: ClassVar[int] = WIDE
    message: ClassVar[str] = ".mx_EventTile"
    body: ClassVar[str] = ".mx_EventTile_line > .mx_EventTile_content"
    alarms: ClassVar[str] = ".mx_EventTile_e2eIcon, .mx_DecryptionFailureBody"
    own: ClassVar[str] = ".mx_EventTile[data-self=true] .mx_EventTile_line > .mx_EventTile_content"
    box: ClassVar[str] = BOX
    picture: ClassVar[str] = ".mx_MImageBody img"

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address)
        self.drawn_in = False

    @classmethod
    def config(cls, homeserver: str, server_name: str) -> Mapping[str, Any]:
        server = {"base_url": homeserver, "server_name": server_name}
        return {
            "default_server_config": {"m.homeserver": server},
            "disable_custom_urls": True,
            "disable_guests": True,
            "brand": "Element",
        }

    @classmethod
    def version(cls, folder: Path) -> str:
        """It keeps it in a file of its own."""
        if not (folder / "bundles").is_dir():
            raise ValueError(f"{folder} is no build of Element Web")
        return (folder / "version").read_text("utf-8").strip()

    async def sign_in(self, person: Person) -> None:
        page = self.page
        await page.add_init_script(SPANISH)
        asked = page.get_by_role("button", name=PUT_OFF).first
        await page.add_locator_handler(asked, lambda button: button.click(), no_wait_after=True)
        await page.goto(f"{self.address}/#/login")
        await page.locator("#mx_LoginForm_username").fill(person.name)
        await page.locator("#mx_LoginForm_password").fill(person.password)
        await page.locator(".mx_Login_submit").click()
        await page.locator(".mx_LeftPanel, .mx_CompleteSecurityBody").first.wait_for()

    async def resize(self, width: int) -> None:
        drawn_in = width == NARROW
        edge = self.page.locator(".mx_MatrixChat > .mx_ResizeHandle, .mx_ResizeHandle").first
        if drawn_in and not self.drawn_in and await edge.count():
            await self._drag(NO_ROOM_LIST)
        await super().resize(width)
        if not drawn_in and self.drawn_in:
            await self._drag(ROOM_LIST)

    async def _drag(self, to: int) -> None:
        """Drag the edge of the list of rooms."""
        box = await self.page.locator(".mx_ResizeHandle").first.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        await mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await mouse.down()
        await mouse.move(to, 300, steps=5)
        await mouse.up()
        self.drawn_in = to == NO_ROOM_LIST

    async def sign_first_device(self, person: Person) -> None:
        """It did so when the person signed in."""
        await self.page.locator(".mx_LeftPanel").wait_for()

    async def skip_signing(self) -> None:
        await self.page.locator(".mx_CompleteSecurity_skip").click()
        await self.page.get_by_role("button", name=re.compile("otro momento|later")).click()
        await self.page.locator(".mx_LeftPanel").wait_for()

    async def accept(self, name: str) -> None:
        await self.page.locator(".mx_RoomTile", has_text=name).first.click()
        bar = self.page.locator(".mx_RoomPreviewBar, .mx_RoomPreviewCard")
        await bar.locator(".mx_AccessibleButton_kind_primary").first.click()
        await self.page.locator(BOX).wait_for()

    async def open_room(self, room: str) -> None:
        await self.page.goto(f"{self.address}/#/room/{quote(room)}")
        await self.page.locator(BOX).wait_for()

    async def title(self) -> str:
        return await self.page.locator(".mx_RoomHeader_heading").inner_text()

    async def vote(self, number: int, option: str) -> None:
        await self.page.locator(".mx_PollOption", has_text=option).last.click()

    async def to_latest(self) -> None:
        latest = self.page.locator(".mx_JumpToBottomButton_scrollDown")
        if await latest.count():
            await latest.click()

    async def has_picture(self, sender: str) -> bool:
        shown = self.page.locator(self.message, has_text="Minga").locator(
            ".mx_EventTile_avatar img"
        )
        return await shown.count() > 0

    # --- verification -----------------------------------------------------------------------------

    async def begin_verification(self, name: str) -> None:
        """Tap on somebody's picture beside a message, then on Verify, and choose emoji."""
        page = self.page
        said = page.locator(self.message, has_text=name)
        await said.locator(".mx_EventTile_avatar").last.click()
        await page.locator(".mx_UserInfo_verifyButton").click()
        begin = page.locator(".mx_UserInfo_startVerification")
        emoji = page.locator(".mx_VerificationPanel_verifyByEmojiButton")
        await begin.or_(emoji).first.wait_for()
        if await begin.count():
            await begin.click()
        await emoji.click()

    async def accept_verification(self) -> None:
        """Accept the request that a toast shows."""
        toast = self.page.locator(".mx_ToastContainer")
        await toast.get_by_role("button", name=re.compile("^(Verify User|Verificar)")).click()

    async def shown_emoji(self) -> list[str]:
        """Return the emoji to compare, in order, without variation selectors."""
        shown = self.page.locator(".mx_VerificationShowSas_emojiSas_emoji")
        await shown.first.wait_for()
        return [one.strip().replace("\ufe0f", "") for one in await shown.all_inner_texts()]

    async def emoji_match(self) -> None:
        """Tap that they are the same."""
        buttons = self.page.locator(".mx_VerificationShowSas_buttonRow")
        await buttons.locator(".mx_AccessibleButton_kind_primary").click()

    async def counts_as_verified(self) -> bool:
        """Wait for the end and close its panel. Return whether it ended well."""
        panel = self.page.locator(".mx_VerificationPanel_verified_section")
        await panel.first.wait_for()
        found = await panel.count() > 0
        await panel.locator(".mx_AccessibleButton_kind_primary").last.click()
        return found
