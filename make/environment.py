"""The virtual environment .venv with the pinned packages: made once, kept up to date, mended when interrupted."""

import contextlib
import csv
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from make.words import Stopped, last_lines, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MADE = VENV / "made"  # exists when .venv was seen to be whole
BUSY = VENV / "installing"  # exists while pip writes: who finds it knows that the last one did not finish


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int]:
    """Hold off a second `make` in this folder while the first one, or the pip that it left behind, still writes."""
    import fcntl

    with (ROOT / "requirements.txt").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another make is setting up this folder; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def make_venv() -> None:
    """Make .venv, unless there is a whole one."""
    if Path(sys.prefix) == VENV:
        return
    if not has_pip(PYTHON):
        ensure_venv_module()
        version = ".".join(map(str, sys.version_info[:3]))
        say(f"Making the virtual environment .venv with Python {version} (a few seconds).")
        made = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if made.returncode or not has_pip(PYTHON):
            raise Stopped(f"The virtual environment .venv could not be made:\n{last_lines(made.stdout)}")
    MADE.write_text("The virtual environment is whole.\n")


def has_pip(python: Path) -> bool:
    """Whether this Python runs, is new enough, and can install packages."""
    check = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    return python.exists() and run([str(python), "-c", check]).returncode == 0


def ensure_venv_module() -> None:
    """See to it that Python can make virtual environments; Debian and Ubuntu pack that part apart."""
    if run([sys.executable, "-c", "import venv, ensurepip"]).returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        raise Stopped(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} on this machine cannot make virtual environments. "
            f"On Debian or Ubuntu, install that part with: sudo apt-get install {package}\n"
            "Elsewhere, install Python from python.org. Then run the same command again."
        )
    say(f"Python's part for virtual environments is missing; installing {package} (about half a minute).")
    apt_install(package)


def apt_install(package: str) -> None:
    """Install a package of the system, as root on Debian or Ubuntu."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], environment)
    installed = run(["apt-get", "install", "-y", "-q", "--no-install-recommends", package], environment)
    if installed.returncode:
        raise Stopped(f"The system's package {package} could not be installed:\n{last_lines(installed.stdout)}")


def install(*names: str) -> None:
    """Install what the named requirements files pin, if they changed since it was last done."""
    files = [ROOT / name for name in names]
    stale = [file for file in files if not is_installed(file)]
    if not stale and not BUSY.exists():
        return
    with one_at_a_time() as lock:
        mend()
        for file in files:
            if not is_installed(file):
                pip_install(file, lock)


def stamp(file: Path) -> Path:
    """The note in .venv that says which version of a requirements file is installed."""
    return VENV / f"{file.name}.installed"


def is_installed(file: Path) -> bool:
    """Whether .venv holds what the file pins."""
    note = stamp(file)
    return note.exists() and note.read_text() == digest(file)


def digest(file: Path) -> str:
    """A requirements file's content in 64 characters."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def mend() -> None:
    """After an interrupted installation, remove packages that are there only in part."""
    if not BUSY.exists():
        return
    say("The last installation was interrupted; checking what is there.")
    for note in VENV.glob("*.installed"):
        note.unlink()
    for site in VENV.glob("lib/python*/site-packages"):
        for torn in [*site.glob("~*"), *broken_packages(site)]:
            shutil.rmtree(torn)
    BUSY.unlink()


def broken_packages(site: Path) -> list[Path]:
    """The records of packages of which files are missing; without the record, pip installs them again."""
    broken = []
    for record in site.glob("*.dist-info"):
        listed = record / "RECORD"
        names = [row[0] for row in csv.reader(listed.read_text().splitlines()) if row] if listed.exists() else []
        if not names or not all((site / name).exists() for name in names if not name.endswith(".pyc")):
            broken.append(record)
    return broken


def pip_install(file: Path, lock: int) -> None:
    """Install one requirements file with pip, saying how far it is."""
    wanted = len(pinned(file))
    say(f"Installing the {wanted} packages of {file.name} (1 to 3 minutes the first time, mostly by your connection).")
    started = monotonic()
    BUSY.write_text("pip is writing.\n")
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    # --no-compile: each module is compiled when it is first needed, which saves 20 s here
    status, printed = follow(
        [str(PYTHON), "-m", "pip", "install", "--no-compile", *quiet, "-r", str(file)], wanted, lock
    )
    if status:
        raise Stopped(
            f"pip could not install {file.name}; is there a connection to the package index? It said:\n"
            f"{last_lines(printed)}\nRun the same command again when that is put right; what is there already is kept."
        )
    stamp(file).write_text(digest(file))
    BUSY.unlink()
    say(f"Installed in {monotonic() - started:.0f} s.")


def pinned(file: Path) -> set[str]:
    """The packages that the file pins for this system."""
    lines = [line for line in file.read_text().splitlines() if "==" in line]
    return {line.split("==")[0] for line in lines if "sys_platform" not in line or f"== '{sys.platform}'" in line}


def follow(command: list[str], wanted: int, lock: int) -> tuple[int, str]:
    """Run pip and say now and then how far it is; its exit status and all that it printed."""
    printed, found, said = [], 0, monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, pass_fds=[lock]
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            printed.append(line)
            found += line.startswith(("Collecting ", "Requirement already satisfied: "))
            if line.startswith("Installing collected packages"):
                say("  all fetched, unpacking them (15 to 60 s)")
                said = float("inf")
            elif monotonic() - said > 5:
                say(f"  fetched {min(found, wanted)} of {wanted}")
                said = monotonic()
    return pip.returncode, "".join(printed)


def run(
    command: list[str], environment: dict[str, str] | None = None, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, keeping what it prints."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        timeout=seconds,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
