"""The hot loops, compiled once and kept on disk under a name made of the content of all of them.

Numba looks only at the file a loop stands in. A loop also holds what it calls from the other files, and
would keep an old version of that: the same code would give other bytes on a machine that has run before.
"""

from hashlib import sha256
from pathlib import Path

from numba.core import config

HERE = Path(__file__).parent


def content() -> str:
    """The name of these files' content."""
    return sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))).hexdigest()[:12]


KEPT = Path(config.CACHE_DIR or HERE / "__pycache__") / f"compiled-{content()}"  # type: ignore[attr-defined]
config.CACHE_DIR = str(KEPT)  # type: ignore[attr-defined]
