"""Colours by meaning, the same on every chart, for light and dark ground."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """What each colour means; `soft` is for the words of a line's label."""

    observed: str
    today: str
    what_if: str
    forecast: str
    forecast_label: str
    ground: str
    line: str
    quiet: str


LIGHT = Palette("#1B2430", "#55647A", "#0B7A75", "#B7791F", "#8F5C10", "#FFFFFF", "#DFE5E8", "#55647A")
DARK = Palette("#E6ECEF", "#93A4B0", "#2DBFB4", "#E0A93B", "#E0A93B", "#11181D", "#2A363E", "#93A4B0")


def is_dark() -> bool:
    """Whether the visitor sees the dark theme."""
    theme = st.context.theme
    return theme is not None and theme.type == "dark"


def palette() -> Palette:
    """The colours for the ground that the visitor sees."""
    return DARK if is_dark() else LIGHT


def faint(colour: str, opacity: float = 0.1) -> str:
    """The colour as a see-through tint."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
