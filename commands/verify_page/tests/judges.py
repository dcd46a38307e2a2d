"""Two judges of a file that must always agree: `minga verify-result`, and the page in Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.delivery.rendering import Reader, Renderer
from bot.lines import Line
from bot.types import LANGUAGES
from commands.ballot_secrecy.files import evidence, result_check
from commands.ballot_secrecy.files.evidence import Evidence
from commands.ballot_secrecy.files.log_chain import LogHead
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.result_check import CheckFinding
from commands.decisions import verify_tool
from commands.verify_page import page

JUDGE = Path(__file__).with_name("judge.mjs")
RENDERER = Renderer(page.load_catalogue())


class PageJudge:
    """The script of the page, as it is handed out, in a process of Node."""

    def __init__(self, folder: Path) -> None:
        script = folder / "page.js"
        script.write_text(page.make_script().split(page.VIEW_BEGINS)[0], encoding="utf-8")
        self._node = subprocess.Popen(  # noqa: S603
            ["node", str(JUDGE), str(script)],  # noqa: S607
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def judge(self, file: str, receipts: Sequence[str] = ()) -> dict[str, Any]:
        """Return whether the page holds the file to be true, and what it says, by language."""
        found: dict[str, Any] = self._ask({"file": file, "receipts": list(receipts)})
        return found

    def file_to_give(self, file: str, name: str) -> str:
        """Return what the page says in Spanish of a file of this name that is no result."""
        return str(self._ask({"file": file, "name": name}))

    def judge_files(
        self, given: Mapping[str, Path], earlier: Path | None = None
    ) -> tuple[bool, dict[str, str]]:
        """Return whether the page holds a folder to be whole, and what it says, by language.

        `given`: where files lie, by the names under which a browser gives them.
        """
        paths = {name: str(path) for name, path in given.items()}
        found = self._ask({"given": paths, "earlier": str(earlier) if earlier else None})
        return found["isTrue"], {one: "\n".join(said) for one, said in found["said"].items()}

    def _ask(self, asked: object) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def close(self) -> None:
        self._node.communicate()


def judge_by_tool(folder: Path, file: str, receipts: Sequence[str] = ()) -> dict[str, Any]:
    """Return the same of `minga verify-result`."""
    path = folder / "judged.json"
    path.write_text(file, encoding="utf-8")
    found = verify_tool.verify(path, receipts)
    assert found is not None
    is_true, lines = found
    return {"isTrue": is_true, "said": say_in_each_language(lines)}


def say_in_each_language(lines: Sequence[Line]) -> dict[str, list[str]]:
    """Return the lines as `minga verify-result` prints them, by language."""
    now = datetime.now(UTC)
    return {
        lang: RENDERER.render_lines(lines, Reader(lang, "UTC", "!", now)).plain.split("\n")
        for lang in LANGUAGES
    }


def judge_twice(
    module: ModuleType, page_judge: PageJudge, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Ask both judges about each file and receipt that the tests of a module ask one about."""

    def agree(bundle: Bundle, *held: Evidence) -> None:
        receipts = [one.to_json() for one in held]
        by_tool = judge_by_tool(folder, bundle.to_json(), receipts)
        by_page = page_judge.judge(bundle.to_json(), receipts)
        if any(isinstance(one, LogHead) for one in held):  # dates are said in the browser's words
            assert by_page["isTrue"] == by_tool["isTrue"]
        else:
            assert by_page == by_tool

    def inspect_bundle(bundle: Bundle) -> list[CheckFinding]:
        agree(bundle)
        return result_check.inspect_bundle(bundle)

    def check_evidence(bundle: Bundle, held: Evidence) -> list[CheckFinding]:
        agree(bundle, held)
        return evidence.check_evidence(bundle, held)

    monkeypatch.setattr(module, "inspect_bundle", inspect_bundle)
    monkeypatch.setattr(module, "check_evidence", check_evidence, raising=False)
