"""The service by which ban lists add to care, which does without where nobody offers it."""

from __future__ import annotations

from bot.api import Answer, Number, Service

BAN_BY_NUMBER = Service[[Number], Answer]("ban by number")
"""Ban everybody whom something with this number names, after a confirmation.

Raises `UserError` if there is no such number, or it names nobody or too many.
"""
