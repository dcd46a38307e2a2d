"""What `minga init --with-homeserver` writes: filled in, private, valid for each own tool, once."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.operate import cli
from bot.operate.homeserver import files, plan
from bot.operate.homeserver.command import KINDS, NEXT
from bot.operate.operator_errors import OPERATOR_MUST_ACT
from storage.encryption import keys as keyring

ROOT = Path(__file__).parents[3]
TOOLS = Path(sys.executable).parent
SECRET = ("registration_shared_secret", "macaroon_secret_key", "form_secret", "signing.key")
MOST_LETTERS = 120


@pytest.fixture(autouse=True)
def gentle(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process runs other tests too: it keeps its umask and its core dumps."""
    monkeypatch.setattr(keyring, "harden", lambda: None)


def prepare(folder: Path, *words: str, status: int = 0) -> str:
    given = ["--domain", "red.example.org", "--email", "ana@example.org", "--federation"]
    given = [*given, "--by", "packages", "--folder", str(folder), *words]
    return invoke(*given, status=status).output


def invoke(*words: str, status: int = 0, typed: str | None = None) -> Result:
    result = CliRunner().invoke(cli.main, ["init", "--with-homeserver", *words], input=typed)
    assert result.exit_code == status, result.output
    return result


def every_file(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def program(name: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / name), *map(str, words)]
    return subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(params=[(kind, way) for kind in KINDS for way in ("", "no-")], ids="".join)
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The prepared folder. Not in memory, which is below /dev: there systemd lets nothing work."""
    kind, way = request.param
    with tempfile.TemporaryDirectory(prefix="minga-homeserver-") as place:
        prepare(Path(place, "homeserver"), "--by", kind, f"--{way}federation")
        yield Path(place, "homeserver")


def settings(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "synapse/homeserver.yaml").read_text())
    return found


def test_everything_is_filled_in_and_nothing_secret_stands_in_the_settings(folder: Path) -> None:
    every = every_file(folder)
    assert not [name for name, text in every.items() if "@{" in text]
    secret = [every[f"synapse/{name}"].split()[-1] for name in SECRET]
    assert len(set(secret)) == len(SECRET)
    open_to_all = {n: t for n, t in every.items() if (folder / n).stat().st_mode & 0o077}
    assert not [n for n, t in open_to_all.items() for word in secret if word in t]
    assert "synapse/homeserver.yaml" in open_to_all
    for private in (folder, folder / "synapse", folder / "media"):
        assert private.stat().st_mode & 0o777 == 0o700
    for name in {*every} - {*open_to_all}:
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_no_two_homeservers_share_a_secret(tmp_path: Path) -> None:
    for name in ("one", "two"):
        prepare(tmp_path / name)
    for name in SECRET:
        pair = [(tmp_path / one / "synapse" / name).read_text() for one in ("one", "two")]
        assert len(set(pair)) == 2, name


def named(found: dict[str, Any]) -> Iterator[str]:
    """Yield each setting as Synapse's source names it: rc_login.address, but media_retention."""
    for name, value in found.items():
        if name.startswith("rc_") and "per_second" not in value:
            yield from (f"{name}.{one}" for one in value)
        else:
            yield name


def test_synapse_reads_its_settings_and_knows_each_of_them(folder: Path) -> None:
    config = folder / "synapse/homeserver.yaml"
    spec = find_spec("synapse.config")
    assert spec is not None and spec.origin is not None
    known = "".join(file.read_text() for file in Path(spec.origin).parent.glob("*.py"))
    assert not [name for name in named(settings(folder)) if f'"{name}"' not in known]
    for file in (config, folder / "synapse/log.yaml"):
        file.write_text(file.read_text().replace('"/homeserver/', f'"{folder}/'))
    read = program("python", "-m", "synapse.config", "read", "server.server_name", "-c", config)
    assert read.returncode == 0, read.stderr
    assert read.stdout.splitlines()[-1].endswith("red.example.org")


def test_only_who_has_a_token_registers_and_nobody_is_told_who_is_here(folder: Path) -> None:
    found = settings(folder)
    for name in ("enable_registration", "registration_requires_token"):
        assert found[name] is True
    for name in ("enable_metrics", "report_stats", "url_preview_enabled"):
        assert found[name] is False
    assert found["max_event_delay_duration"] == "31d"
    assert "local_media_lifetime" not in found["media_retention"], "the library's files lie here"
    (listener,) = found["listeners"]
    contained = (folder / "compose.yaml").exists()
    assert listener["bind_addresses"] == (["0.0.0.0"] if contained else ["127.0.0.1"])  # noqa: S104


def test_without_federation_nothing_of_it_is_open(tmp_path: Path) -> None:
    prepare(tmp_path / "alone", "--no-federation")
    found = settings(tmp_path / "alone")
    assert found["listeners"][0]["resources"] == [{"names": ["client"]}]
    assert found["federation_domain_whitelist"] == []
    assert found["serve_server_wellknown"] is False


def test_caddy_takes_its_file(folder: Path) -> None:
    done = program("caddy", "validate", "--adapter", "caddyfile", "--config", folder / "Caddyfile")
    assert done.returncode == 0, done.stderr
    assert program("caddy", "fmt", "--diff", folder / "Caddyfile").returncode == 0


def test_the_scripts_are_clean(folder: Path) -> None:
    scripts = sorted(folder.glob("*.sh"))
    assert {"backup.sh", "restore.sh"} <= {one.name for one in scripts}
    done = program("shellcheck", *scripts)
    assert done.returncode == 0, done.stdout


def test_compose_takes_its_file(tmp_path: Path) -> None:
    prepare(tmp_path / "made", "--by", "containers")
    file = tmp_path / "made/compose.yaml"
    done = program("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    assert done.returncode == 0, done.stdout
    services = yaml.safe_load(file.read_text())["services"]
    public = {port for one in services.values() for port in one.get("ports", ())}
    assert public == {"80:80", "443:443", "443:443/udp", "127.0.0.1:8008:8008"}
    assert services["synapse"]["image"].endswith(f":v{files.synapse_version()}")
    owner = services["synapse"]["user"]
    if os.geteuid() == 0:
        assert owner == f"{plan.SYNAPSE_IN_ITS_IMAGE}:{plan.SYNAPSE_IN_ITS_IMAGE}"
    uid = (tmp_path / "made/synapse/signing.key").stat().st_uid
    assert owner.startswith(f"{uid}:"), "Synapse in its container reads what is its own"


def test_systemd_takes_the_units(folder: Path) -> None:
    """Where there is no systemd only their form is looked at."""
    units = [*folder.glob("*.service"), *folder.glob("*.timer")]
    assert len(units) == (2 if (folder / "compose.yaml").exists() else 3)
    for unit in units:
        lines = [one for one in unit.read_text().splitlines() if one and not one.startswith("#")]
        assert not [x for x in lines if not re.fullmatch(r"\[\w+\]|[A-Z]\w+=.*", x)]
    if not shutil.which("systemd-analyze"):
        return
    command = ["systemd-analyze", "verify", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    not_there_yet = "/opt/synapse/bin/python is not executable"
    said = [x for x in done.stderr.splitlines() if not_there_yet not in x]
    assert not [x for x in said if any(unit.name in x for unit in units)], said


def test_the_second_time_nothing_changes_and_it_says_so(tmp_path: Path) -> None:
    place = tmp_path / "made"
    first = prepare(place)
    before = every_file(place)
    said = prepare(place, "--domain", "other.example.org", "--by", "containers")
    assert f"{place} exists and stays as it is." in said
    assert every_file(place) == before
    assert before[NEXT] in first and before[NEXT] in said


def test_what_lies_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter").write_text("keep")
    said = prepare(tmp_path / "mine", status=OPERATOR_MUST_ACT)
    assert "is not empty" in said
    assert every_file(tmp_path) == {"mine/letter": "keep"}


def test_it_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = itertools.count()

    def breaks(*_: object) -> None:
        if next(count) == 9:
            raise OSError("disk full")

    monkeypatch.setattr(os, "chown", breaks)
    assert "disk full" in prepare(tmp_path / "made", status=OPERATOR_MUST_ACT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("--domain", "https://red.example.org"),
        ("--domain", "red.example.org:8448"),
        ("--domain", "localhost"),
        ("--domain", "niñas.example.org"),
        ("--domain", 'red.example.org"\nenable_metrics: true'),
        ("--domain", "a." * 120 + "org"),
        ("--address", "10.0.0.1"),
        ("--email", "ana@example.org\n}"),
        ("--folder", "/tmp/with a space"),  # noqa: S108
        ("--folder", "/tmp/%h"),  # noqa: S108
    ],
)
def test_what_would_break_a_file_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    prepare(tmp_path / "made", *words, status=OPERATOR_MUST_ACT)
    assert list(tmp_path.iterdir()) == []


def test_it_asks_for_what_was_not_given(tmp_path: Path) -> None:
    typed = "Red.Example.org\ncontainers\n\nn\n"
    said = invoke("--folder", str(tmp_path / "made"), typed=typed).output
    assert "What is left to do for red.example.org" in said
    assert (tmp_path / "made/compose.yaml").exists()
    assert "email" not in (tmp_path / "made/Caddyfile").read_text()
    assert settings(tmp_path / "made")["federation_domain_whitelist"] == []


def test_a_website_of_that_name_gets_two_files(tmp_path: Path) -> None:
    said = prepare(tmp_path / "made", "--address", "matrix.red.example.org")
    every = every_file(tmp_path / "made")
    assert every["well-known/matrix/server"] == '{"m.server": "matrix.red.example.org:443"}'
    client = '{"m.homeserver": {"base_url": "https://matrix.red.example.org"}}'
    assert every["well-known/matrix/client"] == client
    assert "https://red.example.org/.well-known/matrix" in said
    assert "\nmatrix.red.example.org {" in every["Caddyfile"]
    assert settings(tmp_path / "made")["server_name"] == "red.example.org"


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_are_numbered_and_in_the_operators_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, kind: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    prepare(tmp_path / "made", "--by", kind, "--address", "matrix.red.example.org")
    text = (tmp_path / "made" / NEXT).read_text()
    begins = {"es": "Lo que falta", "pt": "O que falta", "en": "What is left"}
    assert text.startswith(begins[language])
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 9
    prose = [x for x in text.splitlines() if "://" not in x and str(tmp_path) not in x]
    assert not [x for x in prose if len(x) > MOST_LETTERS]


def test_the_wheel_carries_every_file(tmp_path: Path) -> None:
    built = program("python", "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"minga/{one.relative_to(ROOT)}" for one in files.HERE.iterdir()}
    assert len(wanted) >= 12
    assert wanted <= names
