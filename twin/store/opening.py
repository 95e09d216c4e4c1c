"""Opening the one file that holds everything, or saying in a sentence why it cannot be opened."""

import os
import re
import time
from pathlib import Path
from typing import NoReturn

import duckdb

from twin.errors import TwinError

PAUSE_SECONDS = 0.05
GIGABYTE = 1024**3


class StoreBusy(TwinError):
    """Another process holds the store; `pid` is its number where it is known."""

    def __init__(self, path: Path, pid: int | None, program: str | None, waited: float) -> None:
        self.waited = waited
        self.path, self.pid, self.program = path, pid, program
        holder = f"process {pid}" + (f" ({program})" if program else "") if pid else "another process"
        super().__init__(
            f"The store {path} is in use by {holder}; waited {waited:.0f} s for it. "
            "Only one process can have it open: stop that one, or try again when it is done."
        )


def connected(path: Path, wait_seconds: float) -> duckdb.DuckDBPyConnection:
    """The open file, after waiting for another process to let go of it if need be. Raises StoreBusy or TwinError."""
    check_place(path)
    start = time.monotonic()
    while True:
        try:
            return duckdb.connect(str(path), config=settings())
        except duckdb.Error as error:
            waited = time.monotonic() - start
            if "lock" not in str(error):
                explain(path, error)
            if waited >= wait_seconds:
                raise busy(path, str(error), waited) from None
            time.sleep(PAUSE_SECONDS)


def settings() -> dict[str, str | bool | int | float | list[str]]:
    """How much of the machine the store may take: at most four threads, 4 GB and half of the memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "threads": min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1),
        "memory_limit": f"{min(4 * GIGABYTE, memory // 2) // 1024**2}MiB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }


def check_place(path: Path) -> None:
    """Raise TwinError where no store can be: a folder, a place that is missing or must not be written."""
    if path.is_dir():
        raise TwinError(f"The store {path} is a folder. Name a file in it, such as {path / 'twin.duckdb'}.")
    if not path.parent.is_dir():
        raise TwinError(f"The folder {path.parent} of the store does not exist. Make it first, or name another place.")
    place = path if path.exists() else path.parent
    if not os.access(place, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise TwinError(f"The store {path} cannot be written: you have no right to write {place}. Name another place.")


def busy(path: Path, message: str, waited: float) -> StoreBusy:
    """The error that names who holds the file, read from the database's own message."""
    found = re.search(r"held in (?:(?P<program>.*?) )?\(?PID (?P<pid>\d+)", message)
    if not found:
        return StoreBusy(path, None, None, waited)
    program = (found["program"] or "").rpartition("/")[2].strip()
    return StoreBusy(path, int(found["pid"]), program or None, waited)


def explain(path: Path, error: duckdb.Error) -> NoReturn:
    """Raise the sentence for a file that the database does not open."""
    text = str(error)
    if "not a valid DuckDB database" in text:
        raise TwinError(f"The file {path} is not a store: it is not a DuckDB database. Name another file.") from None
    if "different configuration" in text:
        raise TwinError(
            f"The store {path} is open in this process already, by something other than Understudy."
        ) from None
    if "version" in text:
        raise TwinError(
            f"The store {path} was written by another version of DuckDB than the installed {duckdb.__version__}. "
            "Install the version that wrote it, or name another file."
        ) from None
    raise TwinError(f"The store {path} cannot be opened: {text.splitlines()[0]}") from None
