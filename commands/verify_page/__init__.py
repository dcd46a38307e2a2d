"""A page that checks a signed result on any phone, with the browser's own cryptography."""

from __future__ import annotations

from commands.verify_page import handing_out, page_tool
from commands.verify_page.declaration import feature

__all__ = ["feature", "handing_out", "page_tool"]
