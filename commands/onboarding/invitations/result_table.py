"""The result of a long list as a CSV table, with a line for each person and room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import (
    FileContent,
    Item,
    Line,
    MessageRef,
    RenderLine,
    RoomId,
    SendFile,
    _,
    spreadsheets,
)
from commands.onboarding.invitations.store import InvitationRow, InvitationState

STATE_WORDS: Mapping[InvitationState, Line] = {
    InvitationState.WAITING: _("not sent"),
    InvitationState.SENT: _("sent, without an answer"),
    InvitationState.INVITED: _("invited"),
    InvitationState.THERE: _("there or invited already"),
    InvitationState.WRONG: _("no address"),
    InvitationState.NO_RIGHT: _("I have no right to invite there"),
    InvitationState.NOT_YOURS: _("you can't invite there"),
    InvitationState.BANNED: _("banned there"),
    InvitationState.BLOCKED: _("their app takes no invitations"),
    InvitationState.REFUSED: _("refused by the server, perhaps there is no such person"),
    InvitationState.SILENT: _("their server does not answer"),
    InvitationState.STOPPED: _("stopped before it was sent"),
}
"""How each state of an invitation reads in the table."""


def result_file(item: Item, rows: Sequence[InvitationRow], names: Mapping[RoomId, str]) -> SendFile:
    """Return the results of invitations as a CSV file, in its reader's language.

    No cell begins like a formula, so that the file is safe to open in a spreadsheet.
    """

    def made(tell: RenderLine) -> FileContent:
        head = [tell(_("person")), tell(_("room")), tell(_("result"))]
        cells = [(r.person, names.get(r.room, ""), tell(STATE_WORDS[r.state])) for r in rows]
        return FileContent(spreadsheets.to_csv([head, *cells]))

    return SendFile(
        f"{item.number}.csv",
        "text/csv",
        made,
        caption=(_("The result for each of them, as a table."),),
        room=item.room,
        reply_to=MessageRef(item.number, "progress"),
    )
