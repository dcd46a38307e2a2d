"""The order in which workers that run side by side take the files of tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

REAL = Path(__file__).parent / "real"
FAULTS = Path(__file__).parent / "faults"

WAITING = (
    "test_demo.py",
    "test_operating_guide.py",
    "test_recovery.py",
    "test_links.py",
    "test_prepared_homeserver.py",
    "test_rooms.py",
    "test_decisions.py",
    "test_verification.py",
    "test_once.py",
    "test_publishing_rules.py",
    "test_rollback.py",
    "test_onboarding.py",
    "test_powers.py",
    "test_split.py",
    "test_own_backups.py",
    "test_first_day.py",
    "test_first_words.py",
    "test_history.py",
    "test_new_identity.py",
    "test_two_bots.py",
    "test_upgrade.py",
    "test_danger.py",
)
"""The real tests that take longest, and begin first, so that all workers end together."""

COMPUTING = (
    "tests/capability/test_capabilities.py",
    "tests/operate/doctor/test_setups.py",
    "tests/operate/change_key/test_killed.py",
    "tests/packages/test_image.py",
    "tests/packages/test_role.py",
    "tests/test_patterns.py",
    "tests/packages/test_wheel.py",
    "tests/conversation/test_typed_lines.py",
    "tests/operate/change_key/test_command.py",
    "tests/operate/test_operator_words.py",
    "tests/conversation/test_wrong_doors.py",
    "tests/text/test_imitation.py",
    "tests/capability/test_rights_walk.py",
    "commands/calendar/tests/test_ics_hostile.py",
    "commands/calendar/tests/test_ics_out.py",
    "commands/ballot_secrecy/tests/test_secret_votes.py",
    "commands/attendance/tests/test_attending.py",
    "commands/decision_rules/tests/test_kinds_rules.py",
    "commands/welcome/tests/test_companions.py",
    "tests/test_any_day.py",
    "tests/storage/test_killed_migrations.py",
    "tests/test_project.py",
    "tests/capability/test_joints.py",
)
"""The other tests that take longest, and begin first at the other end of the queue."""

READING = (
    "tests/abuse/test_composed_patterns.py",
    "tests/abuse/test_source.py",
    "tests/abuse/test_tables.py",
    "tests/test_architecture.py",
    "tests/test_docstrings.py",
    "tests/test_patterns.py",
    "tests/test_project.py",
    "tests/test_references.py",
)
"""The tests that parse all our files, which takes four seconds: one worker does it, for all."""


class TwoEndedQueue(LoadFileScheduling):  # type: ignore[misc] # xdist tells no types
    """The last of several workers takes files from the queue's end, the others from its start.

    At its start are the real tests, which mostly wait for servers: beside them one worker computes.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        if len(self.nodes) > 2 and node is self.nodes[-1]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        """Return what goes to one worker together: a file, or those of `READING`."""
        file: str = super()._split_scope(nodeid)
        return "reading" if file in READING else file


def sort_items(items: list[pytest.Item]) -> None:
    """Put the real tests at the start and those that compute longest at the end.

    Else by their paths: in whatever order a worker found them, xdist wants one of all workers.
    """
    places = {path: (*_place(path), path) for path in {item.path for item in items}}
    items.sort(key=lambda item: places[item.path])


def begin_elsewhere(
    arguments: list[str], worker: int, workers: int, ignored: Sequence[str] = ()
) -> list[str]:
    """Return what to collect, for each worker in another order, without what is `ignored`: pytest
    collects whatever it is named.

    In a new clone pytest compiles each file of tests. Workers that go through them in one order do
    it at the same moment, each for itself; so each finds compiled what others began with.
    """
    left_out = {Path(one).resolve() for one in ignored}
    parts = [part for argument in arguments for part in _parts(argument)]
    parts = [part for part in parts if Path(part).resolve() not in left_out]
    first = len(parts) * worker // workers
    return parts[first:] + parts[:first]


def _parts(argument: str) -> list[str]:
    if not Path(argument).is_dir():
        return [argument]
    inside = sorted(Path(argument).iterdir())
    return [
        str(path)
        for path in inside
        if path.match("test_*.py") or (path.is_dir() and path.name[0] not in "._")
    ]


def _place(path: Path) -> tuple[int, int]:
    if REAL in path.parents or FAULTS in path.parents:
        return 0, WAITING.index(path.name) if path.name in WAITING else len(WAITING)
    name = path.relative_to(REAL.parents[1]).as_posix()
    return (2, -COMPUTING.index(name)) if name in COMPUTING else (1, 0)
