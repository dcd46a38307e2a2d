"""The room in which events are told in words alone."""

from __future__ import annotations

from commands.events.tests.conftest import plain

__all__ = ["plain"]
