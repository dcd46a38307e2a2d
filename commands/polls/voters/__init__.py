"""Who may vote: people, or organisations with delegates, alternates and weights."""

from commands.polls.declaration import feature
from commands.polls.voters import command, organisation_changes, roll, voter_services
from commands.polls.voters.people import BOTS

__all__ = ["command", "organisation_changes", "roll", "voter_services"]

feature.settings.append(BOTS)
