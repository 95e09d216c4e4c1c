"""A service desk's structure and numbers, written by hand for the tests of calibration."""

from twin.spec.parameter import Declaration
from twin.spec.structure import Structure

ASSUMED = {  # parameter: what holds until data say otherwise, and its scale
    "urgent_share": (0.2, "linear"),
    "normal_share": (0.8, "linear"),
    "promised_hours_urgent": (4.0, "linear"),
    "promised_hours_normal": (24.0, "linear"),
    "first_line_minutes": (30.0, "log"),
    "first_line_scatter": (1.0, "log"),
    "second_line_minutes": (100.0, "log"),
    "second_line_scatter": (1.0, "log"),
    "escalation_share": (0.3, "linear"),
    "reopen_share": (0.05, "linear"),
    "patience_minutes": (1500.0, "log"),
    "first_line_early": (4.0, "linear"),
    "first_line_late": (3.0, "linear"),
    "first_line_weekend": (1.0, "linear"),
    "second_line_office": (5.0, "linear"),
    "absence_share": (0.06, "linear"),
    "absence_spell_days": (3.0, "linear"),
    "standard_rate_shape": (1.0, "log"),
    "standard_rate_scale_days": (20.0, "log"),
    "standard_churn_share": (0.02, "linear"),
    "standard_fee": (50.0, "linear"),
    "standard_new_per_day": (1.0, "linear"),
    "premium_rate_shape": (1.0, "log"),
    "premium_rate_scale_days": (10.0, "log"),
    "premium_churn_share": (0.01, "linear"),
    "premium_fee": (150.0, "linear"),
    "premium_new_per_day": (0.1, "linear"),
}
PLANS = (
    "promised_hours_urgent",
    "promised_hours_normal",
    "first_line_early",
    "first_line_late",
    "first_line_weekend",
    "second_line_office",
    "standard_fee",
    "premium_fee",
)


def declaration(name: str, value: float = 1.0, scale: str = "linear", plan: bool = False) -> Declaration:
    """One number of a template."""
    return Declaration(
        name=name,
        group="desk",
        label=name,
        help=name,
        unit="unit",
        value=value,
        allowed=(0.0, 1e9),
        range=None if plan else (value / 2, value * 2),
        plan=plan,
        scale=scale,
    )


def desk_declarations() -> dict[str, Declaration]:
    """Every number of the service desk."""
    return {name: declaration(name, value, scale, name in PLANS) for name, (value, scale) in ASSUMED.items()}


def team(shifts: dict[str, tuple[str, str, str, str]]) -> dict[str, object]:
    """A team with its shifts (days, start, end, people)."""
    keys = ("days", "start", "end", "people")
    return {
        "shifts": {name: dict(zip(keys, shift, strict=True)) for name, shift in shifts.items()},
        "absence_share": "absence_share",
        "absence_spell_days": "absence_spell_days",
    }


def segment(name: str) -> dict[str, object]:
    """A group of customers with a contract."""
    numbers = ("rate_shape", "rate_scale_days", "churn_share", "fee", "new_per_day")
    return {"relation": "contract", "renewal_days": 30.0} | {number: f"{name}_{number}" for number in numbers}


def station(name: str, onward: dict[str, str]) -> dict[str, object]:
    """A place where a team of the same name works."""
    return {"teams": [name], "minutes": f"{name}_minutes", "scatter": f"{name}_scatter", "next": onward}


def desk_content() -> dict[str, dict[str, dict[str, object]]]:
    """The service desk as a template's file would have it."""
    first = {
        "early": ("mon-fri", "07:00", "15:00", "first_line_early"),
        "late": ("mon-fri", "13:00", "21:00", "first_line_late"),
        "weekend": ("sat,sun", "09:00", "17:00", "first_line_weekend"),
    }
    kind = {"start": "first_line"}
    return {
        "segments": {name: segment(name) for name in ("standard", "premium")},
        "kinds": {
            "urgent": kind | {"share": "urgent_share", "promised_hours": "promised_hours_urgent"},
            "normal": kind | {"share": "normal_share", "promised_hours": "promised_hours_normal", "rank": 1},
        },
        "teams": {
            "first_line": team(first),
            "second_line": team({"office": ("mon-fri", "08:00", "17:00", "second_line_office")}),
        },
        "stations": {
            "first_line": station("first_line", {"second_line": "escalation_share"})
            | {"patience_minutes": "patience_minutes"},
            "second_line": station("second_line", {"first_line": "reopen_share"}),
        },
    }


def desk_structure() -> Structure:
    """The service desk's customers, kinds of work, teams and stations."""
    return Structure.model_validate(desk_content())
