"""Who may vote: people, or organisations with delegates, alternates and weights."""

from commands.polls.base import feature
from commands.polls.voters import change, command, roll, serving
from commands.polls.voters.people import BOTS

__all__ = ["change", "command", "roll", "serving"]

feature.settings.append(BOTS)
