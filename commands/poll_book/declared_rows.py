"""Which tables hold rooms and people, and what becomes of them."""

from __future__ import annotations

from commands.poll_book.declaration import feature

feature.rows("poll_book_poll", room="room")
feature.rows(
    "poll_book_organisation", room="room", person=("delegate", "alternate"), on_forget="code"
)
feature.rows(
    "poll_book_organisation_before",
    room="room",
    person=("delegate", "alternate"),
    on_forget="blank",
)
feature.rows("poll_book_voter", person="voter", on_forget="code")
feature.rows("poll_book_voter", person=("delegate", "alternate"), on_forget="blank")
for table in ("poll_book_response", "poll_book_ballot"):
    feature.rows(table, room="room", person=("voter", "person"), on_forget="code")
feature.rows("poll_book_proxy", person=("voter", "holder"))
feature.rows("poll_book_chamber_voter", person="voter")
feature.rows("poll_book_told", person="person")
feature.rows("poll_book_option", person="person", on_forget="blank")
for table in ("poll_book_assembly", "poll_book_assembly_yes"):
    feature.rows(table, person="person", on_forget="code")
