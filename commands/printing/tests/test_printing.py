"""What is printed: the ballot that `!presencial` reads, the attendance sheet, the agenda."""

from __future__ import annotations

import pytest

from bot.api import printed_pages
from bot.testing.talk import Talk
