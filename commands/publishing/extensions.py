"""What others can say about what is public."""

from __future__ import annotations

from bot.api import Line, Number, Service

PUBLIC_PLACES = Service[[], list[Line]]("public places")
"""Where what becomes public can be read, a line for each place; none if none is set up."""
NOTE_IN_PLACES = Service[[Number], None]("note in public places")
"""What can't wait for the next write is done, once what is public of an item changed."""
