"""A text value of a calendar file, as icalendar writes it."""

from __future__ import annotations

from icalendar import vText


class EscapedText(vText):
    """A TEXT value (RFC 5545 §3.3.11).

    icalendar would take the `\\N` of `C:\\Nueva` for a line break.
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the text escaped for a calendar file, as bytes."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()
