"""The page of the faults and the suite are in step."""

from __future__ import annotations

from tests.faults import page
from tests.faults.canaries import CANARIES
from tests.faults.figures import ROOT, at_share, described, files, parts


def test_the_page_is_made_of_the_figures_that_are_kept() -> None:
    figures = page.newest(page.read(page.KEPT))
    assert page.PAGE.read_text("utf-8") == page.write_page(figures), "python -m tests.faults.page"


def test_each_row_has_a_test_and_each_test_says_what_it_does() -> None:
    for path in files():
        assert parts(path), f"{path.name} gives no figure"
        assert described(path)[2], f"{path.name} does not say what it does"
    assert [described(path)[0] for path in files()] == list(range(1, 26))


def test_what_is_said_to_be_measured_of_plain_nio_is_measured() -> None:
    for number, canary in CANARIES.items():
        assert bool(canary.test) != bool(canary.source), number
        if canary.test:
            path, _, test = canary.test.partition("::")
            assert f"def {test}(" in (ROOT / path).read_text("utf-8"), canary.test


def test_the_share_of_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert at_share(values, 0.95) == 95
    assert at_share(values, 1.0) == 100
    assert at_share([3.0], 0.95) == 3
