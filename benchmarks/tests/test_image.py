"""The image's layer is weighed packed and unpacked, without following links."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import image


def test_a_layer_is_weighed_packed_and_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/minga").write_bytes(b"minga" * 400_000)
    (tmp_path / "bin/other").symlink_to("minga")
    packed, unpacked = image.weigh(tmp_path)
    assert unpacked == 2.0
    assert 0 < packed < 0.1


def test_a_layer_that_cannot_be_made_is_missing_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_folder: Path) -> Path:
        raise subprocess.CalledProcessError(2, ("uv", "pip"))

    monkeypatch.setattr(image, "make_layer", fail)
    packed, _unpacked = image.measure()
    assert (packed.values("minga"), packed.rounds["minga"]) == ([], [None])
    assert "exit status 2" in packed.missing[0]
