"""Point 8: what the image of `Dockerfile` adds to its base, without a container engine.

Its one large layer, /opt/minga, is made by the same steps: a wheel of ours, a virtual environment
without pip, of the lock only what the bot itself needs, compiled once. It is packed as a registry
keeps a layer: tar and gzip. The base, Python's own slim image of Debian, is not measured.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bots import ROOT
from benchmarks.figures import Figure

POINT = 8
MB = 10**6
GZIP = 6
"""How hard gzip tries where nobody says: so do those that build images."""
NAMES = (
    "image: what it adds to its base, as a registry keeps it",
    "image: the same, unpacked",
)


def measure() -> list[Figure]:
    """Make the layer. Return its size, packed and unpacked; missing where it can't be made."""
    with TemporaryDirectory() as folder:
        try:
            sizes: tuple[float | None, ...] = weigh(make_layer(Path(folder)))
            why: tuple[str, ...] = ()
        except (OSError, subprocess.CalledProcessError) as error:
            sizes, why = (None, None), (f"the image's layer could not be made: {error}.",)
    return [
        Figure(POINT, name, "MB", {"minga": [size]}, None, why)
        for name, size in zip(NAMES, sizes, strict=True)
    ]


def make_layer(folder: Path) -> Path:
    """Install the bot below the folder as the Dockerfile does. Return the layer's own folder.

    Raises `CalledProcessError`, or `OSError` without uv, which has at hand what is installed here.
    """
    layer, wheels = folder / "opt/minga", folder / "wheels"
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
    _run(sys.executable, "-m", "venv", "--without-pip", str(layer))
    uv, python = Path(sys.executable).with_name("uv"), layer / "bin/python"
    install = (str(uv), "pip", "install", "--quiet", "--link-mode", "copy", "--python", str(python))
    _run(*install, "--constraint", "requirements.lock", *map(str, wheels.glob("minga-*.whl")))
    compiled = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
    _run(str(python), *compiled, str(layer))
    return layer


def weigh(layer: Path) -> tuple[float, float]:
    """Return the MB of a layer, packed and unpacked."""
    files = (path for path in layer.rglob("*") if path.is_file() and not path.is_symlink())
    unpacked = sum(path.stat().st_size for path in files)
    with TemporaryDirectory() as folder:
        packed = Path(folder) / "layer.tar.gz"
        with tarfile.open(packed, "w:gz", compresslevel=GZIP) as archive:
            archive.add(layer, "opt/minga")
        return packed.stat().st_size / MB, unpacked / MB


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
