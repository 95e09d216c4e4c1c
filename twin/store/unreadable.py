"""What the database says of a file that it cannot take in, in a form that others can put into words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


class Unreadable(Exception):
    """A file could not be read or stored.

    line      where, if that is known
    encoding  whether the text of the file is the reason
    no_room   whether the reason is the store's own memory or disk
    """

    def __init__(self, error: duckdb.Error) -> None:
        text = str(error)
        super().__init__(text.splitlines()[0])
        found = re.search(r"Line: (\d+)", text)
        self.line = int(found[1]) if found else None
        self.encoding = bool(re.search("(?i)utf-?8|unicode", text))
        full = isinstance(error, (duckdb.OutOfMemoryException, duckdb.FatalException))
        self.no_room = full or "No space left" in text


@contextmanager
def reading() -> Iterator[None]:
    """Within, whatever the database cannot do with a file is raised as Unreadable."""
    try:
        yield
    except duckdb.Error as error:
        raise Unreadable(error) from error
