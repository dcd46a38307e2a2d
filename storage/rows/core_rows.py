"""The core's own tables that hold rooms and people, declared as those of the capabilities are."""

from __future__ import annotations

from storage.rows.declared_rows import DeclaredRows

CORE_ROWS = (
    DeclaredRows("setting", room=("room",), on_clash="drop"),
    DeclaredRows("item", room=("room",), person=("author",), on_forget="blank"),
    DeclaredRows("item", text=("title",), on_forget="code"),
    DeclaredRows("item_translation", text=("text",), on_forget="blank"),
    DeclaredRows("item_shown", room=("room",), on_clash="drop"),
    DeclaredRows("job", room=("room",), person=("person",)),
    DeclaredRows("held", room=("room",)),
    DeclaredRows("held", text=("named", "text"), on_forget="code"),
    DeclaredRows("question", room=("room",), on_move="code", person=("person",)),
    DeclaredRows("dialogue", person=("person",)),
    DeclaredRows("person", person=("person",), room=("private",), on_move="code"),
    DeclaredRows(
        "letter",
        room=("room",),
        on_move="keep",
        person=("person",),
        why="the old room may have accepted it already",
    ),
    DeclaredRows("letter", text=("payload",), on_forget="code"),
    DeclaredRows("log", room=("room",)),
    DeclaredRows("log", person=("who",), text=("facts", "undo"), on_forget="code"),
    DeclaredRows(
        "log",
        room=("chain",),
        on_move="keep",
        why="the chain is called so in which a line was written",
    ),
    DeclaredRows("log_head", room=("room",)),
    DeclaredRows("log_head", room=("chain",), on_move="keep", why="as in the log"),
    DeclaredRows("parted", room=("room",), on_move="code", person=("person",)),
    DeclaredRows("sent_in", room=("of",), on_move="code"),
    DeclaredRows("sent_in", room=("room",), on_move="keep", why="where it was said"),
    DeclaredRows("sent", room=("room",), on_move="keep", why="where it was said"),
    DeclaredRows("posted", room=("room",), on_move="keep", why="our messages stay where they are"),
    DeclaredRows("posted", text=("mentions",), on_forget="code"),
    DeclaredRows(
        "parked",
        room=("room",),
        on_move="keep",
        person=("sender",),
        why="it names an event of the old room",
    ),
    DeclaredRows(
        "waiting",
        room=("room",),
        on_move="keep",
        person=("sender",),
        why="it was encrypted for the old room",
    ),
    DeclaredRows("hole", room=("room",), on_move="keep", why="the old room's history"),
    DeclaredRows("finding_place", room=("room",), on_move="code"),
    DeclaredRows("findable", person=("person",), text=("title",), on_forget="code"),
    DeclaredRows("identity", person=("person",), on_forget="code"),
    DeclaredRows(
        "identity_pin",
        person=("who",),
        on_forget="keep",
        why="a hash, so that forgetting does not bypass the check of a new identity",
    ),
    DeclaredRows(
        "room",
        room=("room", "predecessor", "successor"),
        person=("private_of",),
        text=("creators", "power"),
        on_move="keep",
        on_forget="keep",
        why="a mirror of what the server says, deleted when the bot leaves",
    ),
    DeclaredRows(
        "member",
        room=("room",),
        person=("person",),
        text=("name",),
        on_move="keep",
        on_forget="keep",
        why="a mirror of what the server says, deleted when the person leaves",
    ),
    DeclaredRows(
        "member", person=("person",), where="membership = 'leave'", on_move="keep", why="it is over"
    ),
    DeclaredRows(
        "space_child", room=("space", "room"), on_move="keep", why="a mirror of the server's state"
    ),
    DeclaredRows(
        "room_outsider",
        room=("room",),
        person=("bot",),
        on_move="keep",
        on_forget="keep",
        why="a mirror of the server's state",
    ),
    DeclaredRows("help_room", person=("person",), on_forget="code"),
    DeclaredRows("help_room", room=("room",), on_move="keep", why="it is one for ever"),
    DeclaredRows("device_trouble", person=("person",)),
    DeclaredRows("private_room_attempt", person=("person",)),
    DeclaredRows(
        "delayed_message",
        room=("room",),
        on_move="keep",
        person=("person",),
        on_forget="code",
        why="it lies there for the old room, and goes once it is taken back",
    ),
    DeclaredRows(
        "invitation", room=("room",), on_move="keep", person=("inviter",), why="it names that room"
    ),
    DeclaredRows("removal", room=("room",), on_move="keep", why="it says where the bot was"),
    DeclaredRows("room_move", room=("old", "new"), on_move="keep", why="it says what moved"),
    DeclaredRows("stale_room", room=("room",), on_move="keep", why="the old room's history"),
    DeclaredRows("section_room", room=("room",), on_move="keep", why="it was named when it went"),
)
