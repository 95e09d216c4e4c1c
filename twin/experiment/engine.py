"""Which code made a result: names that change whenever the code or the libraries behind it do."""

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
MODEL = (
    "model",
    "clock.py",
    "experiment/draws.py",
    "experiment/inputs.py",
    "experiment/plan.py",
    "experiment/question.py",
    "experiment/replicate.py",
    "records.py",
    "spec/loans.py",
    "spec/machines.py",
    "spec/parts.py",
    "spec/scenario.py",
    "spec/structure.py",
    "spec/supply.py",
)
MODEL_LIBRARIES = ("mesa", "numba", "llvmlite", "numpy")
ESTIMATES = (
    "calibrate",
    "forecast",
    "spec",
    "store/queries.py",
    "store/sql",
    "desk/fidelity.py",
    "desk/knowledge.py",
    "desk/observed.py",
    "desk/observed_loans.py",
    "desk/recorded.py",
    "desk/start.py",
    "experiment/inputs.py",
)
ESTIMATE_LIBRARIES = ("prophet", "numpy", "scipy", "pandas", "holidays")


@cache
def engine() -> str:
    """The name of the model: 12 hexadecimal digits of the SHA-256 of its code and of the libraries it runs on."""
    return _digest(MODEL, MODEL_LIBRARIES)


@cache
def estimator() -> str:
    """The name of what turns records into numbers and forecasts; results of another one are worked out again."""
    return _digest(ESTIMATES, ESTIMATE_LIBRARIES)


def _digest(places: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    digest = sha256()
    for path in _sources(places):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    for library in libraries:
        digest.update(f"{library}={_version(library)}".encode())
    return digest.hexdigest()[:12]


def _sources(places: tuple[str, ...]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        path = PACKAGE / place
        inside = [one for one in path.rglob("*") if one.suffix in (".py", ".sql", ".toml")]
        found += sorted(inside) if path.is_dir() else [path]
    return found


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
