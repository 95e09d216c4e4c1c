"""The one door to a twin, for the app, the command line and notebooks.

Twin.open("gift-shop").run(days=90).versus("price=+5%")
"""

from twin.desk.answers import Comparison, Run
from twin.desk.desk import Desk
from twin.desk.twin import Twin

__all__ = ["Comparison", "Desk", "Run", "Twin"]
