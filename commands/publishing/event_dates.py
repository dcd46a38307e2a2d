"""Keeps the dates of a public event true while words about it wait to be seen. Pure."""

from __future__ import annotations

from bot.api import public_services

PublicDocument = public_services.public_document.PublicDocument


def with_dates_of(shown: PublicDocument, now: PublicDocument) -> PublicDocument:
    """Return what is shown of an event with the dates and the state of `now`, which the bot knows.

    The place is of people's words, so it stays. Anything but an event is returned as it is.
    """
    if shown.event is None or now.event is None:
        return shown
    old, new = shown.event.place, now.event.place
    facts = [fact for fact in now.facts if new is None or fact.value != new]
    for at, fact in enumerate(shown.facts):
        if old is not None and fact.value == old:
            facts.insert(at, fact)
    event = now.event.model_copy(update={"place": old})
    return shown.model_copy(update={"facts": tuple(facts), "event": event})
