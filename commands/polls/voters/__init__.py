"""Who may vote: people, or organisations with delegates, alternates and weights; a poll's roll."""

from commands.polls.base import feature
from commands.polls.voters.people import BOTS

feature.settings.append(BOTS)
