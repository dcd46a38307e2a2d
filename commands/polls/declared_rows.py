"""Which tables of the polls hold rooms and people, and what becomes of them."""

from __future__ import annotations

from commands.polls.declaration import feature

feature.rows("polls_poll", room="room")
feature.rows("polls_organisation", room="room", person=("delegate", "alternate"), on_forget="code")
feature.rows(
    "polls_organisation_before",
    room="room",
    person=("delegate", "alternate"),
    on_forget="blank",
)
feature.rows("polls_voter", person="voter", on_forget="code")
feature.rows("polls_voter", person=("delegate", "alternate"), on_forget="blank")
for table in ("polls_response", "polls_ballot"):
    feature.rows(table, person=("voter", "person"), on_forget="code")
feature.rows("polls_told", person="person")
feature.rows("polls_option", person="person", on_forget="blank")
for table in ("polls_assembly", "polls_assembly_yes", "polls_secret_roll"):
    feature.rows(table, person="person", on_forget="code")
feature.rows("polls_secret", text="bundle", on_forget="code")
