"""Write the list of what a bot consists of, for machines: CycloneDX 1.6 (ECMA-424), from the lock.

`make sbom` does it. Each package has its licence, what it needs itself, and the hash of each of its
files that pip may install. Two runs at one commit give the same bytes.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.packages.licences import LOCK, SHIPPED_FONT
from tests.packages.locks import PROJECT, asked, hashes, licence_of, needed_for, versions
from tests.source_files import ROOT


def bill_of_materials(epoch: int) -> dict[str, Any]:
    """Return the document; `epoch` is the time that it names, in seconds of Unix."""
    every, runs = versions(LOCK), needed_for(asked())
    graph = needed_for(asked("build"))
    files = hashes(LOCK)
    ourselves = _purl(PROJECT["name"], PROJECT["version"])
    font, font_licence, _file = SHIPPED_FONT
    serial = uuid5(NAMESPACE_URL, ourselves + (ROOT / LOCK).read_text())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": ourselves,
                "name": PROJECT["name"],
                "version": PROJECT["version"],
                "purl": ourselves,
                "licenses": [{"expression": PROJECT["license"]}],
            },
        },
        "components": [
            *(
                _component(name, version, files[name], runs=name in runs)
                for name, version in every.items()
            ),
            {"type": "data", "name": font, "licenses": [{"license": {"id": font_licence}}]},
        ],
        "dependencies": [
            _needs(ourselves, {one.name for one in asked()}, every),
            *(_needs(_purl(n, every[n]), needs, every) for n, needs in sorted(graph.items())),
        ],
    }


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _component(name: str, version: str, files: list[str], *, runs: bool) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _purl(name, version),
        "name": name,
        "version": version,
        "purl": _purl(name, version),
        "scope": "required" if runs else "excluded",
        "licenses": [{"expression": licence_of(name)}],
        "externalReferences": [
            {
                "type": "distribution",
                "url": _purl(name, version),
                "hashes": [{"alg": "SHA-256", "content": one} for one in files],
            }
        ],
    }


def _needs(ref: str, names: set[str], every: dict[str, str]) -> dict[str, Any]:
    return {"ref": ref, "dependsOn": sorted(_purl(name, every[name]) for name in names)}


def write(document: dict[str, Any], path: Path) -> None:
    """Write the document, as it is the same wherever it is written."""
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(bill_of_materials(int(os.environ["SOURCE_DATE_EPOCH"])), Path(sys.argv[1]))
