"""Swap is named unless it is encrypted, or memory that no disk sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operate.doctor.swap import open_swap

HEAD = "Filename Type Size Used Priority\n"


@pytest.mark.parametrize(
    ("place", "kernel", "is_open"),
    [
        ("/dev/sda3", {}, True),
        ("/swapfile", {}, True),
        ("/dev/zram0", {"zram0/backing_dev": "none\n"}, False),
        ("/dev/zram0", {"zram0/backing_dev": "/dev/sda4\n"}, True),
        ("/dev/dm-0", {"dm-0/dm/uuid": "CRYPT-LUKS2-0123-swap"}, False),
        ("/dev/dm-0", {"dm-0/dm/uuid": "CRYPT-PLAIN-swap"}, False),
        ("/dev/dm-1", {"dm-1/dm/uuid": "LVM-abc", "dm-1/slaves/sda3/x": ""}, True),
        (
            "/dev/dm-1",
            {
                "dm-1/dm/uuid": "LVM-abc",
                "dm-1/slaves/dm-0/x": "",
                "dm-0/dm/uuid": "CRYPT-LUKS2-0123-disk",
            },
            False,
        ),
        ("/dev/dm-1", {}, True),
    ],
)
def test_only_swap_in_clear_is_named(
    tmp_path: Path, place: str, kernel: dict[str, str], is_open: bool
) -> None:
    swaps, blocks = tmp_path / "swaps", tmp_path / "block"
    swaps.write_text(f"{HEAD}{place} partition 8388604 0 -2\n")
    for name, content in kernel.items():
        (blocks / name).parent.mkdir(parents=True, exist_ok=True)
        (blocks / name).write_text(content)
    assert open_swap(swaps, blocks) == (place if is_open else None)


def test_no_swap_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "swaps").write_text(HEAD)
    assert open_swap(tmp_path / "swaps", tmp_path) is None
    assert open_swap(tmp_path / "none", tmp_path) is None
