"""The page as a file: whole, the same each time, without a way to any network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.operate import cli
from bot.types import LANGUAGES
from commands.verify_page import page
from commands.verify_page.tests.judges import PageJudge, judge_by_tool

SEVERAL = "Poll {number}, “{question}”: {winners} go in. Left over: {left}."
"""A second form, whose translation stands with the first."""
SENTENCE = re.compile(r"^[A-Z][^{}]* .*[.:?]$")


def test_it_is_built_alike_by_every_process(tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "minga", "verify-page", str(other)],
        check=True,
        capture_output=True,
    )
    assert other.read_bytes() == page.build_page()


def test_it_asks_no_network_and_runs_nothing_but_its_own_script() -> None:
    built = page.build_page().decode()
    assert not re.search(r"https?:|//[a-z]|<link|<img|<iframe|@import|url\(", built)
    assert not re.search(r"fetch\(|XMLHttp|WebSocket|innerHTML|document\.write|eval\(", built)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', built)
    assert policy
    assert "default-src 'none'" in policy[1]
    script = built.split("<script>")[1].split("</script>")[0]
    assert page.csp_hash(script) in policy[1]
    assert built.count("<script") == 1


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_of_its_scripts_has_a_translation(language: str) -> None:
    catalogue = page.load_catalogue()
    said = [s for s in page.list_sentences() if SENTENCE.match(s) and s != SEVERAL]
    assert len(said) > 60
    assert [one for one in said if not catalogue.forms(one, language)] == []
    own = {line.msgid for line in page.PAGE_LINES}
    assert own <= set(page.list_sentences())


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "{",
        "[]",
        "null",
        '{"type":"minga.result-file"}',
        '{"type":"minga.result-open","v":2}',
        '{"type":{"a":1}}',
        '{"type":"__proto__"}',
        "[" * 20_000,
        '{"type":"minga.receipt"}',
    ],
)
def test_what_is_no_result_is_said_by_both(
    junk: str, page_judge: PageJudge, tmp_path: Path
) -> None:
    assert page_judge.judge(junk) == judge_by_tool(tmp_path, junk)


RECORD = (
    '{"type":"minga.public","files":[{"name":"decision-7.csv","mime":"text/csv"},'
    '{"name":"joint-0123456789abcdef.json","mime":"application/json"}]}'
)


@pytest.mark.parametrize(
    ("name", "file", "wanted"),
    [
        ("decision-1.csv", "opción;votos", "es decision-1.json:"),
        ("resultado-12 (1).csv", "opción;votos", "es resultado-12.json:"),
        ("7.json", RECORD, "es joint-0123456789abcdef.json:"),
        ("7.json", '{"type":"minga.public","files":[]}', "como decision-57.json:"),
        ("7.json", '{"type":"minga.public","files":[null,{"name":"<b>.json"}]}', "decision-57."),
        ("", '{"type":"minga.public-log"}', "como decision-57.json:"),
        ("head.json", "null", "como decision-57.json:"),
        ("", "hola", "como decision-57.json:"),
    ],
)
def test_whoever_gives_another_file_hears_which_one(
    page_judge: PageJudge, name: str, file: str, wanted: str
) -> None:
    said = page_judge.file_to_give(file, name)
    assert wanted in said, said
    assert "está en la página de la decisión" in said


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    given = {"LC_ALL": "es_CO.UTF-8"}
    result = CliRunner().invoke(cli.main, ["verify-page", str(tmp_path / "no/a.html")], env=given)
    assert result.exit_code == 1
    assert "No puedo escribir" in result.output
