"""The one door to a twin, for the app, the command line and notebooks.

Twin.open("gift-shop").run(days=90).versus("price=+5%")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.desk.answers import Comparison, Run
    from twin.desk.desk import Desk
    from twin.desk.twin import Twin

__all__ = ["Comparison", "Desk", "Run", "Twin"]
PLACES = {"Comparison": "answers", "Run": "answers", "Desk": "desk", "Twin": "twin"}


def __getattr__(name: str) -> Any:
    """Load a part when it is first asked for: a command that the app carries out needs none of them."""
    if name not in PLACES:
        raise AttributeError(f"module 'twin.desk' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"twin.desk.{PLACES[name]}"), name)
