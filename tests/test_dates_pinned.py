"""A test pins the date on which it begins only where that date is what it is about."""

from __future__ import annotations

import re
from collections import Counter

from tests.source_files import CODE

PINNED = re.compile(r"""\bbegins\("20\d\d-""")

SUBJECT = {
    "test_reminders.py": "Santiago's clocks change on 4 April 2027",
    "test_guides.py": "one day after the one that the guides show",
}
"""Files (by name) with one pinned date that the test is about, and why it is."""

TO_LOOSEN = {"test_record.py": 3}
"""How often files pin a date only to name dates in words, where `dated` would do: it shrinks."""


def test_each_pinned_date_is_listed() -> None:
    found: Counter[str] = Counter()
    for path in CODE:
        if count := len(PINNED.findall(path.read_text(encoding="utf-8"))):
            found[path.name] += count
    assert found == dict.fromkeys(SUBJECT, 1) | TO_LOOSEN


def test_the_reason_stands_beside_each_date_that_is_a_subject() -> None:
    for one, why in SUBJECT.items():
        (path,) = (path for path in CODE if path.name == one)
        assert why in path.read_text(encoding="utf-8")
