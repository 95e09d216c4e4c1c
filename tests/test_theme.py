"""The theme can be read by all: words and marks stand out from their ground as WCAG 2 (AA) asks."""

import tomllib
from pathlib import Path

import pytest

CONFIG = tomllib.loads((Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text())
HUES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")
WORDS_ON_ACCENT = {"light": "#FFFFFF", "dark": "#0B1A1C"}  # static/look.css sets the dark theme's


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1 (WCAG 2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """How clearly two colours differ, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_can_be_read_on_every_ground(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]
    words = [theme[name] for name in ("textColor", "linkColor", "codeTextColor", "dataframeHeaderTextColor")]
    words += [theme[f"{hue}TextColor"] for hue in HUES]
    assert min(contrast(word, ground) for word in words for ground in grounds) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_can_be_read_on_their_own_tint_and_on_the_accent(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    assert min(contrast(theme[f"{hue}TextColor"], theme[f"{hue}BackgroundColor"]) for hue in HUES) >= 4.5
    assert contrast(WORDS_ON_ACCENT[mode], theme["primaryColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_lines_of_charts_stand_out_from_the_ground(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    assert min(contrast(line, theme["backgroundColor"]) for line in theme["chartCategoricalColors"]) >= 3
