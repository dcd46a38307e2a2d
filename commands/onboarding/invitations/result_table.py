"""The result of a long list as a CSV table, with a line for each person and room."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from bot.api import Item, Line, Made, Ref, RoomId, SendFile, Tell, _
from commands.onboarding.invitations.store import Row, State

WORDS: Mapping[State, Line] = {
    State.WAITING: _("not sent"),
    State.SENT: _("sent, without an answer"),
    State.INVITED: _("invited"),
    State.THERE: _("there or invited already"),
    State.WRONG: _("no address"),
    State.NO_RIGHT: _("I have no right to invite there"),
    State.NOT_YOURS: _("you can't invite there"),
    State.BANNED: _("banned there"),
    State.REFUSED: _("refused by the server, perhaps there is no such person"),
    State.SILENT: _("their server does not answer"),
    State.STOPPED: _("stopped before it was sent"),
}
"""How each state of an invitation reads in the table."""


def of(item: Item, rows: Sequence[Row], names: Mapping[RoomId, str]) -> SendFile:
    """Return the table as a file, in its reader's language.

    No cell begins like a formula, so that the file is safe to open in a spreadsheet.
    """

    def made(tell: Tell) -> Made:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([tell(_("person")), tell(_("room")), tell(_("result"))])
        for row in rows:
            cells = (row.person, names.get(row.room, ""), tell(WORDS[row.state]))
            writer.writerow([_guarded(cell) for cell in cells])
        return Made(out.getvalue().encode("utf-8-sig"))

    return SendFile(
        f"{item.number}.csv",
        "text/csv",
        made,
        caption=(_("The result for each of them, as a table."),),
        room=item.room,
        reply_to=Ref(item.number, "progress"),
    )


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(tuple("=+-@\t\r'")) else cell
