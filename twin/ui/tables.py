"""Tables as HTML: numbers to the right, a verdict with its mark, readable on a phone and by a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from twin.advise.differences import Verdict


@dataclass(frozen=True)
class Cell:
    """A cell: its words, small print below them, and whether it is a number."""

    text: str
    small: str = ""
    number: bool = False
    mark: str = ""
    help: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether it holds numbers."""

    heading: str
    number: bool = False


def marked(verdict: Verdict) -> Cell:
    """A verdict with its mark."""
    return Cell(verdict.words, mark=verdict.mark)


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], caption: str, kind: str = "") -> None:
    """Draw a table; the caption is read out to those who cannot see it."""
    head = "".join(f"<th scope='col'{_class(column.number)}>{escape(column.heading)}</th>" for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    name = escape(caption, quote=True)
    inner = f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    frame = f"<table class='u-table {kind}'>{inner}</table>"
    st.html(f"<div class='u-scroll' role='region' aria-label='{name}' tabindex='0'>{frame}</div>")


def _row(columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    inner = [_cell(column, cell, first=n == 0) for n, (column, cell) in enumerate(zip(columns, cells, strict=True))]
    return f"<tr>{''.join(inner)}</tr>"


def _cell(column: Column, cell: Cell, first: bool) -> str:
    words = escape(cell.text)
    if cell.mark:
        words = f"<span class='u-mark u-{escape(cell.mark)}'><i aria-hidden='true'></i>{words}</span>"
    if cell.strong:
        words = f"<strong>{words}</strong>"
    if cell.small:
        words += f"<span class='u-note'>{escape(cell.small)}</span>"
    name, scope = ("th", " scope='row'") if first else ("td", "")
    title = f" title='{escape(cell.help, quote=True)}'" if cell.help else ""
    label = f" data-label='{escape(column.heading, quote=True)}'"
    return f"<{name}{scope}{_class(column.number or cell.number)}{label}{title}>{words}</{name}>"


def _class(number: bool) -> str:
    return " class='u-number'" if number else ""
