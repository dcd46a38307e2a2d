"""Printing: agendas, attendance sheets and paper ballots as PDF files."""

from __future__ import annotations

from commands.printing import print_command
from commands.printing.declaration import feature

__all__ = ["feature", "print_command"]
