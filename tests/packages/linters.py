"""Let each thing that operators are given be judged by its own tool: a part of `make check`.

A tool that cannot be had on this machine is named, and what it would have looked at. The rest fails
for what it finds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.packages.sbom import bill_of_materials, write
from tests.packages.units import DEPLOY
from tests.source_files import ROOT

BIN = ROOT / ".venv/tools/bin"
TESTING = ROOT / ".venv/bin"
"""Where the tools are that tests use too."""
YUNOHOST = DEPLOY / "yunohost"
ROLE = DEPLOY / "ansible"
MOST_EXPOSURE = 15
"""Of systemd's 100, in tenths of the figure that `systemd-analyze security` shows."""
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
"""The machines for which everything has to come built."""
CYCLONEDX = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(wrong) if wrong else 0)
"""


def run(*command: object, cwd: Path = ROOT) -> None:
    """Run a tool; exit with what it says if it finds anything."""
    home = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "NO_COLOR": "1"}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=home, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def image() -> None:
    """Judge the Dockerfile and the compose file."""
    run(BIN / "hadolint", "Dockerfile")
    schema = ("--builtin-schema", "vendor.compose-spec")
    run(TESTING / "check-jsonschema", *schema, "deploy/compose.yaml")


def wheels() -> None:
    """Look whether all that runs the bot comes built, for each machine that we name."""
    uv = TESTING / "uv"
    for platform in PLATFORMS:
        with tempfile.TemporaryDirectory() as nowhere:
            run(
                *(uv, "pip", "install", "--quiet", "--dry-run", "--only-binary", ":all:"),
                *("--python-platform", platform, "--python-version", "3.13"),
                *("--require-hashes", "-r", "requirements.lock", "--target", nowhere),
            )


def scripts() -> None:
    """Judge every shell script."""
    # YunoHost's helpers are not on this machine, nor what it sets before it starts a script.
    helpers = ["--exclude=SC1091,SC2154", "--shell=bash"]
    found = [path for path in (YUNOHOST / "scripts").iterdir() if path.is_file()]
    run(TESTING / "shellcheck", *helpers, *found, ROOT / ".ci/run")


def yaml() -> None:
    """Judge the layout of every YAML file."""
    run(BIN / "yamllint", "--strict", "--config-file", ROLE / ".yamllint", "deploy")


def role() -> None:
    """Judge the role for the playbook."""
    run(BIN / "ansible-lint", "--offline", "--strict", "--nocolor", ".", cwd=ROLE)


def units() -> None:
    """Let systemd read the units, and say how much of the machine each could reach."""
    with tempfile.TemporaryDirectory() as folder:
        for unit in DEPLOY.glob("*.*"):
            if unit.suffix in (".service", ".timer"):
                # What it starts is not installed here; anything that can be executed will do.
                text = unit.read_text().replace("/opt/minga/bin/minga", "/bin/true")
                name = unit.name.replace("@.", "@norte.")
                Path(folder, unit.name).write_text(text)
                if name != unit.name:
                    Path(folder, name).symlink_to(unit.name)
                if unit.suffix == ".service":
                    how = ("--offline=yes", f"--threshold={MOST_EXPOSURE}", "--no-pager")
                    run("systemd-analyze", "security", *how, unit)
        named = [path for path in Path(folder).iterdir() if not path.stem.endswith("@")]
        run("systemd-analyze", "verify", "--man=no", *named)


def bill() -> None:
    """Hold the bill of materials against the schema of CycloneDX."""
    with tempfile.TemporaryDirectory() as folder:
        write(bill_of_materials(0), Path(folder, "bill.json"))
        run(BIN / "python", "-c", CYCLONEDX, Path(folder, "bill.json"))


CHECKS: dict[Callable[[], None], str] = {
    image: "hadolint",
    wheels: "uv",
    scripts: "shellcheck",
    yaml: "yamllint",
    role: "ansible-lint",
    units: "systemd-analyze",
    bill: "python",
}


def missing(tool: str) -> bool:
    """Return whether a tool is neither in our venvs nor on this machine."""
    folders = f"{BIN}:{TESTING}:{os.environ['PATH']}"
    return shutil.which(tool, path=folders) is None


def main() -> None:
    """Run every check whose tool is here."""
    for check, tool in CHECKS.items():
        subject = re.sub(r"\s+", " ", check.__doc__ or "")
        if missing(tool):
            sys.stdout.write(f"{check.__name__}: not looked at, there is no {tool} ({subject})\n")
        else:
            check()
            sys.stdout.write(f"{check.__name__}: {tool} finds nothing\n")


if __name__ == "__main__":
    main()
