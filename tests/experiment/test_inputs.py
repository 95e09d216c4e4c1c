"""A run is named by its inputs; whatever is stored comes back as it was."""

import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.model.small import baseline, small
from twin.errors import TwinError
from twin.experiment import engine
from twin.experiment.inputs import Bundle, RunInputs, Uncertainties, packed, unpacked
from twin.experiment.outcome import RunOutcome, band
from twin.experiment.warming import smallest

ROOT = Path(__file__).parents[2]
RUN = RunInputs("gift-shop", "a1", "b2", "2011-12-09", 90, 32, 1, ("price=+5%", "demand=*1.1"), "0123456789ab", "c3")
OTHER = {
    "twin": "other", "snapshot": "x", "bundle": "x", "today": "2011-12-10", "days": 91, "replications": 33, "seed": 0,
    "changes": ("demand=*1.1", "price=+5%"), "engine": "x", "factors_of": None,
    "uncertainties": Uncertainties(luck=False),
}  # fmt: skip
SCRIPT = f"from twin.experiment.inputs import *; print(({RUN!r}).name)"


def test_a_run_comes_back_from_its_document() -> None:
    assert RunInputs.parsed(RUN.document) == RUN
    assert RunInputs.parsed(RUN.document).name == RUN.name


@pytest.mark.parametrize("field", [field.name for field in fields(RunInputs)])
def test_every_input_is_part_of_the_name(field: str) -> None:
    other = replace(RUN, **{field: OTHER[field]})
    assert other.name != RUN.name
    assert RunInputs.parsed(other.document) == other


@pytest.mark.parametrize("seed", ["0", "1", "424242"])
def test_the_name_is_the_same_in_every_process(seed: str) -> None:
    environment, command = {**os.environ, "PYTHONHASHSEED": seed}, [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == RUN.name


def test_a_bundle_comes_back_as_it_was() -> None:
    bundle = small()
    again = Bundle.from_bytes(bundle.to_bytes())
    for field in ("values", "uncertain", "covariances", "first_weekday", "levers"):
        assert getattr(again, field) == getattr(bundle, field), field
    assert again.vectors.keys() == bundle.vectors.keys()
    for name, vector in bundle.vectors.items():
        assert again.vectors[name].dtype == vector.dtype
        assert np.array_equal(again.vectors[name], vector), name
    assert np.array_equal(again.paths, bundle.paths)
    assert np.array_equal(again.open_days, bundle.open_days)
    assert again.to_bytes() == bundle.to_bytes()


def test_a_bundle_that_was_stored_plays_the_same() -> None:
    assert baseline(Bundle.from_bytes(small().to_bytes()), 2).sha256 == baseline(small(), 2).sha256


def test_a_bundles_bytes_do_not_depend_on_the_order_of_its_parts() -> None:
    bundle = small()
    turned = replace(
        bundle, values=dict(reversed(bundle.values.items())), vectors=dict(reversed(bundle.vectors.items()))
    )
    assert turned.to_bytes() == bundle.to_bytes()


def test_a_forecast_that_is_too_short_says_so() -> None:
    with pytest.raises(TwinError, match="reaches 40 days; 41 were asked for"):
        small().inputs(41)


KINDS = arrays.arrays(
    st.sampled_from([np.dtype(kind) for kind in ("<f8", "<i8", "<i4", "?", "<u1", "<U5")]),
    arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4),
)


@given(st.dictionaries(st.text(max_size=4), KINDS, max_size=4))
def test_arrays_come_back_from_their_bytes(content: dict[str, np.ndarray]) -> None:
    again = unpacked(packed(content))
    assert again.keys() == content.keys()
    for name, array in content.items():
        assert (again[name].dtype, again[name].shape) == (array.dtype, array.shape)
        assert again[name].tobytes() == array.tobytes()


def test_bytes_are_little_endian_and_do_not_depend_on_the_layout() -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert packed({"a": array}) == packed({"a": array.astype(">f8")}) == packed({"a": np.asfortranarray(array)})
    assert packed({"a": array}).endswith(array.astype("<f8").tobytes())


def test_an_outcome_comes_back_and_can_be_cut_and_joined() -> None:
    outcome = baseline(small(), 5)
    again = RunOutcome.from_bytes(outcome.to_bytes())
    assert again.sha256 == outcome.sha256
    rest = RunOutcome(outcome.days[3:], outcome.waits[3:], outcome.dry_from[3:])
    assert outcome.first(3).joined(rest).sha256 == outcome.sha256
    assert outcome.first(3).sha256 != outcome.sha256
    assert outcome.replications == 5


def test_a_band_leaves_undefined_days_undefined() -> None:
    values = np.tile(np.arange(11.0), (2, 1)).T
    values[:, 1] = np.nan
    found = band(values)
    assert (found.mean[0], found.low[0], found.high[0]) == pytest.approx((5.0, 1.0, 9.0))
    assert np.isnan([found.mean[1], found.low[1], found.high[1]]).all()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code that the engine's name is made of."""
    for place in {*engine.MODEL, *engine.ESTIMATES}:
        for path in engine._sources((place,)):
            target = tmp_path / path.relative_to(engine.PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    monkeypatch.setattr(engine, "PACKAGE", tmp_path)
    return tmp_path


def names() -> tuple[str, str]:
    return engine.engine.__wrapped__(), engine.estimator.__wrapped__()


MODEL_FILES = (
    "model/business.py",
    "model/kernels/supply_layout.py",
    "experiment/plan.py",
    "records.py",
    "spec/scenario.py",
)


@pytest.mark.parametrize("place", MODEL_FILES)
def test_the_engine_has_another_name_when_its_code_has_changed(copied: Path, place: str) -> None:
    before = names()
    (copied / place).write_text((copied / place).read_text() + "\n# changed\n")
    assert names()[0] != before[0]


def test_the_estimator_changes_with_the_estimates_and_not_with_the_model(copied: Path) -> None:
    before = names()
    (copied / "model/money.py").write_text("changed")
    assert names()[1] == before[1]
    (copied / "calibrate/price.py").write_text("changed")
    assert names()[1] != before[1]


def test_the_engine_has_the_same_name_for_the_same_code(copied: Path) -> None:
    before = names()
    assert before[0] == engine.engine()
    path = copied / "model/money.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (copied / "model/__pycache__").mkdir()
    (copied / "model/__pycache__/money.cpython-311.pyc").write_bytes(b"compiled")
    assert names() == before


def test_a_library_of_another_version_makes_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = names()
    monkeypatch.setattr(engine, "_version", lambda library: "99")
    assert names()[0] != before[0]
    monkeypatch.undo()
    assert engine._version("no-such-library-at-all") == "none"


def test_the_parts_of_a_business_keep_their_order() -> None:
    """Kinds, teams and stations are numbered by it."""
    desk = smallest("service-desk")
    again = Bundle.from_bytes(desk.to_bytes()).structure
    assert again == desk.structure
    for part in ("segments", "kinds", "teams", "stations"):
        assert list(getattr(again, part)) == list(getattr(desk.structure, part))
    assert list(again.teams["first_line"].shifts) == list(desk.structure.teams["first_line"].shifts)
