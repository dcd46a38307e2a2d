"""What a bot consists of: every part is listed, its licence is allowed, its flaws would be told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packages import audit, licences, sbom
from tests.packages.locks import asked, entries, licence_of, needed_for, versions

EPOCH = 1_800_000_000


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.bill_of_materials(EPOCH)


def test_the_lock_has_what_is_needed_and_nothing_else() -> None:
    assert set(needed_for(asked("build"))) == set(versions(licences.LOCK))


def test_every_licence_is_one_that_may_be_part_of_ours() -> None:
    unknown = {
        name: licence_of(name)
        for name in versions(licences.LOCK)
        if not licences.identifiers(licence_of(name)) <= licences.ALLOWED
    }
    assert unknown == {}


def test_the_page_of_licences_is_that_of_the_lock() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "make lock"


def test_the_bill_of_materials_has_each_package_with_all_its_hashes(bill: dict[str, Any]) -> None:
    listed = {one["purl"]: one for one in bill["components"] if one["type"] == "library"}
    for line, lines in entries(licences.LOCK).items():
        pinned = Requirement(line)
        version = next(iter(pinned.specifier)).version
        one = listed.pop(f"pkg:pypi/{canonicalize_name(pinned.name)}@{version}")
        (files,) = one["externalReferences"]
        assert {f"    --hash=sha256:{h['content']}" for h in files["hashes"]} == {
            each.removesuffix(" \\") for each in lines
        }
        assert one["licenses"]
    assert listed == {}


def test_the_bill_of_materials_says_what_needs_what(bill: dict[str, Any]) -> None:
    refs = {one["bom-ref"] for one in bill["components"] if "bom-ref" in one}
    ours = bill["metadata"]["component"]["bom-ref"]
    needs = {one["ref"]: set(one["dependsOn"]) for one in bill["dependencies"]}
    assert set(needs) == refs | {ours}
    assert set().union(*needs.values()) <= refs
    reached: set[str] = set()
    waiting = [ours]
    while waiting:
        reached |= (new := needs[waiting.pop()] - reached)
        waiting.extend(new)
    runs = {one["bom-ref"] for one in bill["components"] if one.get("scope") == "required"}
    assert reached == runs
    assert len(runs) < len(refs)


def test_two_bills_of_one_commit_are_the_same(bill: dict[str, Any]) -> None:
    assert json.dumps(bill) == json.dumps(sbom.bill_of_materials(EPOCH))


def report(**packages: dict[str, Any]) -> str:
    named = [{"name": name, "version": "1.0", **what} for name, what in packages.items()]
    return json.dumps({"dependencies": named, "fixes": []})


FLAW = {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": "…"}


@pytest.mark.parametrize(
    ("said", "told", "status"),
    [
        ("", "could not ask", 0),
        (report(a={"skip_reason": "not found"}), "could not ask", 0),
        (report(a={"vulns": []}), "nothing known against 1 packages", 0),
        (report(a={"vulns": []}, b={"skip_reason": "?"}), "could not ask about b", 0),
        (report(a={"vulns": [FLAW]}, b={"skip_reason": "?"}), "PYSEC-2026-1, mended in 1.1", 1),
        (report(a={"vulns": [{**FLAW, "fix_versions": []}]}), "no version yet", 1),
    ],
)
def test_a_flaw_fails_the_check_and_silence_is_said(said: str, told: str, status: int) -> None:
    lines, code = audit.read(said)
    assert told in "\n".join(lines)
    assert code == status
