"""`make bench`: measure everything and write BENCHMARKS.md."""

import datetime
import tempfile
from pathlib import Path

from bench import engine, journeys
from bench.figures import Figure, write


def main() -> None:
    """Measure each figure in turn and write the table."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as name:
        folder = Path(name)
        store = engine.built(folder)
        for measure in (lambda: [engine.ingest(folder)], lambda: engine.what_if(store), lambda: engine.forecast(store)):
            figures += said(measure())
        figures += said([engine.command_line(store)])
        figures += said(journeys.measured(store))
    write(figures, Path(__file__).parent.parent / "BENCHMARKS.md", datetime.date.today().isoformat())


def said(figures: list[Figure]) -> list[Figure]:
    """Print figures as they come."""
    for figure in figures:
        print(figure.row, flush=True)
    return figures


if __name__ == "__main__":
    main()
