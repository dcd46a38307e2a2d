"""What others can say about what is public."""

from __future__ import annotations

from bot.api import Line, Service

PUBLIC_PLACES = Service[[], list[Line]]("public places")
"""Where what becomes public can be read, a line for each place; none if none is set up."""
