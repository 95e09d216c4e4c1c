"""Which files can be read, and a sentence about each that cannot."""

import csv
from pathlib import Path
from typing import get_args

from twin.errors import TwinError, nearest
from twin.store.staging import Format

ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
DELIMITERS = (",", ";", "\t", "|")
SIGNS = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "an SQLite database",
}


def checked_file(file: str | Path) -> tuple[Path, Format]:
    """The file and how it is to be read. Raises TwinError where it cannot be: missing, empty, or not what it says."""
    path = Path(file).expanduser()
    if "\0" in str(file):
        raise TwinError("The name of the file has a character in it that no file name can have.")
    if path.is_dir():
        raise TwinError(f"{path} is a folder. Name one file in it.")
    if not path.exists():
        raise TwinError(f"There is no file {path}. {neighbour(path)}".strip())
    kind = format_of(path)
    check_content(path, kind)
    return path.resolve(), kind


def neighbour(path: Path) -> str:
    """A sentence that names the file in the same folder that was probably meant."""
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    readable = sorted(near.name for near in path.parent.iterdir() if near.suffix.lower() in ENDINGS)
    return nearest(path.name, readable) if 0 < len(readable) <= 20 else ""


def format_of(path: Path) -> Format:
    """How the file is read, by its ending. Raises TwinError for an ending that cannot be read."""
    ending = path.suffix.lower()
    if ending in {".xlsx", ".xls", ".ods"}:
        raise TwinError(f"{path.name} is a spreadsheet, which cannot be read yet. Save it as CSV and read that.")
    if ending not in ENDINGS:
        known = ", ".join(sorted(ENDINGS))
        raise TwinError(f"{path.name} ends in '{ending}', which cannot be read. Endings that can: {known}.")
    return ENDINGS[ending]


def check_content(path: Path, kind: Format) -> None:
    """Raise TwinError for a file that is empty, may not be read, or begins like something else than its ending says."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise TwinError(f"{path} cannot be read: {error.strerror}. Check who may read it.") from None
    if not head.strip():
        raise TwinError(f"{path.name} is empty. Choose a file with data in it.")
    sign = next((what for start, what in SIGNS.items() if head.startswith(start)), None)
    if kind == "parquet":
        wrong = sign != "a Parquet file"
    else:
        wrong = sign is not None or (kind == "json" and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{"))
    if wrong:
        found = f"is {sign}" if sign else f"does not begin like {article(kind)}"
        raise TwinError(
            f"{path.name} ends like {article(kind)} but {found}. Give it its right ending, or choose another file."
        )


def csv_header(path: Path) -> tuple[tuple[str, ...], str]:
    """A CSV file's column names and the sign between them. Raises TwinError where the first line cannot be that."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline()
            delimiter = max(DELIMITERS, key=line.count)
            file.seek(0)
            names = tuple(name.strip() for name in next(csv.reader(file, delimiter=delimiter)))
    except UnicodeDecodeError:
        raise TwinError(
            f"{path.name} cannot be read as a CSV file: it holds text that is not UTF-8; save it as UTF-8."
        ) from None
    except csv.Error as error:
        raise TwinError(
            f"{path.name} cannot be read as a CSV file: its first line is not a list of names ({error})."
        ) from None
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise TwinError(f"{path.name} has two columns named '{twice[0]}'. Rename one of them.")
    if any("\0" in name for name in names):
        raise TwinError(f"{path.name} cannot be read as a CSV file: its first line holds a NUL character.")
    return tuple(name or f"column {place}" for place, name in enumerate(names, start=1)), delimiter


def article(kind: Format) -> str:
    """What such a file is called in a sentence."""
    words = {"csv": "a CSV file", "parquet": "a Parquet file", "json": "a JSON file"}
    assert set(words) == set(get_args(Format))
    return words[kind]
