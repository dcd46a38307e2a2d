"""Checks, sums and signs what `make dist` built: `make release` (CONTRIBUTING, Releasing).

The signature is OpenSSH's (`ssh-keygen -Y sign`, PROTOCOL.sshsig): whoever runs a server has the
program that checks it, the key may live in an agent or a security key, and signs the tag too. It
stays with the maintainer: `MINGA_RELEASE_KEY` names its file, and the repository has the public
half only, in `deploy/release-signers`.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage.releases import program_version
from tests.releases.record import migration_hashes, read_hashes, recorded
from tests.source_files import ROOT

SIGNERS = ROOT / "deploy/release-signers"
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
WHO, PURPOSE = "minga", "minga-release"
KEY = "MINGA_RELEASE_KEY"
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_NO_KEY = f"""Built, but not signed: {KEY} names no key.
The first time, a maintainer makes one, with a passphrase, and keeps a copy of it elsewhere:
  ssh-keygen -t ed25519 -C minga-release -f ~/.ssh/minga-release
puts its public half into deploy/release-signers, on a line of its own, and commits that:
  echo "{WHO} namespaces=\\"{PURPOSE},git\\" $(cat ~/.ssh/minga-release.pub)" \\
    >> deploy/release-signers
Then: {KEY}=~/.ssh/minga-release make release"""


class NotReady(Exception):
    """The release can't be made yet. Each argument is a reason."""


def reasons_against(
    version: str, changelog: str, recorded_then: Mapping[str, str] | None, changed: str
) -> Iterator[str]:
    """Yield what is to be done before this version can be released.

    `recorded_then` has the hashes of its migrations, if it was recorded; `changed` is what
    `git status --porcelain` says.
    """
    if not _VERSION.fullmatch(version):
        yield f"pyproject.toml: {version} is no version of a release: three numbers (semver)."
    if changed.strip():
        yield "Not all is committed: what is built would be in no commit (git status)."
    head = re.search(
        rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)^## ",
        f"{changelog}\n## ",
        re.M | re.S,
    )
    if head is None:
        yield f"CHANGELOG.md: it needs a section “## [{version}] - YYYY-MM-DD”."
    elif "**Operator must do:**" not in head[1]:
        yield f"CHANGELOG.md: {version} does not say what the operator must do."
    if recorded_then != migration_hashes():
        yield f"tests/data/{version} is not what this program writes: make record-release, commit."


def artefacts(dist: Path, version: str) -> list[Path]:
    """Return the files of this version, wheel and source at least. Raises `NotReady`."""
    found = sorted(
        path
        for path in dist.glob(f"minga-{version}[-.]*")
        if path.is_file() and path.name != SIGNATURE
    )
    kinds = {"".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix for path in found}
    if not {".whl", ".tar.gz"} <= kinds:
        raise NotReady(f"{dist} has no wheel and source of {version}: make dist")
    return found


def write_sums(dist: Path, files: list[Path]) -> Path:
    """Write the checksums as `sha256sum --check` reads them, and return their file."""
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    sums = dist / SUMS
    sums.write_text("".join(lines), encoding="utf-8")
    return sums


def sign(sums: Path, key: Path) -> Path:
    """Sign the checksums, and return the signature's file. May ask for the key's passphrase."""
    signature = sums.with_name(SIGNATURE)
    signature.unlink(missing_ok=True)
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", PURPOSE, str(sums)]
    subprocess.run(command, check=True)  # noqa: S603
    return signature


def is_signed(sums: Path, signers: Path) -> bool:
    """Return whether the signature beside the checksums is of one of `signers`, as anybody can."""
    command = ["ssh-keygen", "-q", "-Y", "verify", "-f", str(signers), "-I", WHO, "-n", PURPOSE]
    with sums.open("rb") as told:
        done = subprocess.run(  # noqa: S603
            [*command, "-s", str(sums.with_name(SIGNATURE))],
            stdin=told,
            capture_output=True,
            check=False,
        )
    return done.returncode == 0


def publish(dist: Path, version: str, key: str | None, signers: Path) -> list[Path]:
    """Sum and sign what was built, and return all files of the release. Raises `NotReady`."""
    files = artefacts(dist, version)
    sums = write_sums(dist, files)
    if not key:
        raise NotReady(_NO_KEY)
    signature = sign(sums, Path(key).expanduser())
    if not is_signed(sums, signers):
        signature.unlink()
        raise NotReady(f"{key} is not in {signers.name}: nobody could check what it signs.")
    return [*files, sums, signature]


def main() -> int:
    """Make the release, or say why not."""
    version = program_version()
    changed = subprocess.run(
        ["git", "status", "--porcelain"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    then = read_hashes(version) if version in recorded() else None
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        if against := [*reasons_against(version, changelog, then, changed.stdout)]:
            raise NotReady(*against)
        made = publish(ROOT / "dist", version, os.environ.get(KEY), SIGNERS)
    except NotReady as error:
        sys.stderr.write("".join(f"{reason}\n" for reason in error.args))
        return 1
    for file in made:
        sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size:,} bytes\n")
    sys.stdout.write(
        f"Now the tag, by the same key: git -c gpg.format=ssh -c user.signingkey={os.environ[KEY]}"
        f' tag -s v{version} -m "Minga {version}"\n'
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
