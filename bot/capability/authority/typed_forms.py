"""What a command states of where and how it is typed."""

from __future__ import annotations

from enum import Enum


class CommandPlace(Enum):
    """Where a command may be typed and where it is answered."""

    ANYWHERE = "anywhere"
    ROOM = "room"  # makes something for a room; in private the bot asks for which
    PRIVATE = "private"  # if typed in a room, it is redacted and answered in private


class Bare(Enum):
    """Where a whole line is the command although it has no prefix."""

    NEVER = "never"
    NUMBERED = "numbered"  # with a number, which a reply needs not: `voy 57`
    REPLY = "reply"  # in a reply to which it is no answer: an option may be called like it


class Behind(Enum):
    """What another command is that stands behind a command, in the text of the same message."""

    SECOND = "second"  # a second one: neither is run
    BEGINNING = "beginning"  # text, where this begins with it: `!remind !vote 57 tomorrow`
    OPTIONS = "options"  # the same, and where all other lines are only names of commands
    TEXT = "text"  # text wherever it stands: guides, what was said
    SUBJECT = "subject"  # what it asks about, without the prefix: `!help !poll`
    RUN = "run"  # what it runs: `!urgent !config language en`
