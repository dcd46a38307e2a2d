"""Finds swap that may write keys to a disk in clear."""

from __future__ import annotations

from pathlib import Path


def open_swap(
    swaps: Path = Path("/proc/swaps"), blocks: Path = Path("/sys/class/block")
) -> str | None:
    """Return the name of a swap device or file that does not look encrypted, or None.

    Compressed memory (zram) writes nothing to a disk, unless it is given one.
    """
    try:
        lines = swaps.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return None
    places = [line.split()[0] for line in lines if line]
    return next(
        (place for place in places if not _is_safe(Path(place).resolve().name, blocks)), None
    )


def _is_safe(device: str, blocks: Path) -> bool:
    """Return whether a block device is encrypted, or only memory."""
    if device.startswith("zram"):
        return _read(blocks / device / "backing_dev") in ("", "none")
    if not device.startswith("dm-"):
        return False
    if _read(blocks / device / "dm/uuid").startswith("CRYPT-"):
        return True
    below = blocks / device / "slaves"  # a logical volume, whose disks may be encrypted
    parts = [one.name for one in below.iterdir()] if below.is_dir() else []
    return bool(parts) and all(_is_safe(part, blocks) for part in parts)


def _read(file: Path) -> str:
    """Return what a file of the kernel says, "" where there is none."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
