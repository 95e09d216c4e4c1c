"""The same run gives the same bytes: in another process, on another processor, in other portions."""

import ast
import os
import subprocess
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.model.small import asked, baseline, scenario_of, small
from twin.experiment import tasks
from twin.experiment.outcome import RunOutcome, factors_of
from twin.experiment.workers import played

ROOT = Path(__file__).parents[2]
CHANGES = ("price=+10%", "price[item 2]=+20%", "marketing=*2", "pickers_weekday=+1")
SCRIPT = """
import sys
from pathlib import Path
from tests.model.small import baseline, scenario_of
from twin.experiment.inputs import Bundle
bundle = Bundle.from_bytes(Path(sys.argv[1]).read_bytes())
before = baseline(bundle, 2)
print(before.sha256, scenario_of(bundle, before, *sys.argv[2:]).sha256)
"""
SUMMED = [
    *(ROOT / "twin/model").rglob("*.py"),
    *(ROOT / f"twin/experiment/{n}.py" for n in ("draws", "plan", "replicate")),
]


class Here(Executor):
    """An executor that works at once, in this process; it notes what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.calls.append((function, *arguments))
        answer: Future[Any] = Future()
        answer.set_result(function(*arguments, **named))
        return answer


@pytest.fixture(scope="module")
def before() -> RunOutcome:
    return baseline(small(), 5)


@pytest.fixture(scope="module")
def expected(before: RunOutcome) -> str:
    two = before.first(2)
    return f"{two.sha256} {scenario_of(small(), two, *CHANGES).sha256}"


def in_a_process(folder: Path, **environment: str) -> str:
    file = folder / "bundle"
    file.write_bytes(small().to_bytes())
    command = [sys.executable, "-c", SCRIPT, str(file), *CHANGES]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def features() -> str:
    """What NumPy found on this processor beyond what it needs."""
    shown = np.show_config(mode="dicts")
    return " ".join(shown["SIMD Extensions"].get("found", []))


def test_another_process_gives_the_same_bytes(tmp_path: Path, expected: str) -> None:
    assert in_a_process(tmp_path, PYTHONHASHSEED="1") == expected


def test_a_plainer_processor_gives_the_same_bytes(tmp_path: Path, expected: str, pytestconfig: pytest.Config) -> None:
    kernels = pytestconfig.cache.mkdir("numba-generic") if pytestconfig.cache else tmp_path
    plainer = {
        "NPY_DISABLE_CPU_FEATURES": features(), "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(kernels),
    }  # fmt: skip
    assert in_a_process(tmp_path, **plainer) == expected


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_any_portions_give_the_same_bytes(before: RunOutcome, chunk: int) -> None:
    executor, bundle = Here(), small()
    tasks._bundles.clear()
    content, question = bundle.to_bytes(), asked(bundle)
    again = RunOutcome.stacked(list(played(executor, "some", content, question, range(5), chunk=chunk)))
    assert again.sha256 == before.sha256
    parts = -(-5 // chunk)
    assert len(executor.calls) > parts  # each part once, and again with the bundle where it was missing
    executor.calls.clear()
    factors = factors_of(before.days)[1:]
    after = list(played(executor, "some", content, asked(bundle, *CHANGES), range(1, 5), factors, chunk))
    told = scenario_of(bundle, before, *CHANGES)
    assert RunOutcome.stacked(after).sha256 == RunOutcome(told.days[1:], told.waits[1:], told.dry_from[1:]).sha256
    assert all(call[2] is None for call in executor.calls)  # known by now, so it is not sent again


def test_a_worker_keeps_the_last_few_bundles_only() -> None:
    tasks._bundles.clear()
    content = small().to_bytes()
    for n in range(tasks.KEPT_BUNDLES + 3):
        tasks.play(f"bundle {n}", content, asked(small()), (), None)
    assert len(tasks._bundles) == tasks.KEPT_BUNDLES
    assert isinstance(tasks.play("bundle 0", None, asked(small()), (), None), tasks.Missing)
    assert tasks.play(f"bundle {n}", None, asked(small()), (), None) == []


def test_seed_zero_works_and_seeds_differ() -> None:
    found = {baseline(small(), 1, seed=seed).sha256 for seed in (0, 1, 2, 2**63 - 1)}
    assert len(found) == 4


def test_replications_do_not_depend_on_which_come_before(before: RunOutcome) -> None:
    alone = baseline(small(), 2, first=3)
    assert alone.days.tobytes() == before.days[3:].tobytes()


@pytest.mark.parametrize("path", SUMMED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_added_up_by_pythons_own_sum(path: Path) -> None:
    """Since 3.12 it adds floats another way, so that the same run would give other bytes; math.fsum does not change."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "sum"]


@pytest.mark.parametrize("path", SUMMED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_function_is_used_whose_last_bits_depend_on_the_processor(path: Path) -> None:
    bad = {"exp", "log", "log1p", "expm1", "pow", "power", "sin", "cos", "tanh", "sum", "dot", "random", "default_rng"}
    found = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "math")
    ]
    assert not [one for one in found if one.partition(".")[2] in bad]
    assert "fastmath=True" not in path.read_text()
