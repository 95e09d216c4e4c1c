"""The SQL of the store's longer steps and questions, each in a file of its own."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def sql(name: str) -> str:
    """The SQL of one step or question, such as 'rebuild' or 'queries/orders_by_day'."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
