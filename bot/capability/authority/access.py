"""What a command states of who may run it, what it does with an item, and how far it goes."""

from __future__ import annotations

from enum import Enum


class Need(Enum):
    """Who may run a command. It is checked in one place, before the handler runs."""

    ANYONE = "anyone"  # whoever is joined to the room
    MODERATOR = "moderator"  # power 50 in the room, or a role that the room gave
    NETWORK = "network"  # the network's moderators, named in the configuration


class ItemAccess(Enum):
    """How a command uses an item: `bot/capability/authority/permission.py` decides by it who may
    run the command. One that declares nothing gets `CHANGES`, which asks for the most."""

    READS = "reads"  # any member of the item's room
    COUNTS = "counts"  # for oneself: also members who may not speak (a seat)
    VOTES = "votes"  # the same, and who was a member when they said it
    CHANGES = "changes"  # members who may speak there
    TAKES_BACK = "takes back"  # also its author, if they left of their own will


class Reach(Enum):
    """How far the effect of a command goes; beyond the room if it declares nothing.

    Unsigned devices may run only what stays in the room, where the room allows them at all.
    """

    ROOM = "room"  # only items and readers of this room
    BEYOND = "beyond"
