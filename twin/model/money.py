"""The ledger: a daily profit and loss, and what is in the bank."""

import math
from typing import TYPE_CHECKING

import mesa

from twin.model.inputs import Values

if TYPE_CHECKING:
    from twin.model.business import Business

PAID = ("returns", "wages", "marketing_cost", "ordering_cost", "fixed_costs")


class Ledger(mesa.Agent):
    """Books each day's income and costs once, and carries the cash forward."""

    def __init__(self, business: "Business", values: Values) -> None:
        super().__init__(business)
        self.values = values
        self.cash = values["opening_cash"]

    def close(self, day: Values, levers: Values, wages: float) -> Values:
        """The day's costs, profit and cash; `day` holds revenue, fees, goods, purchases and stock.

        Goods are a cost when they are sold, but leave the bank when they are delivered; holding stock
        is a cost without a payment. All else is paid on the day.
        """
        costs = self._goods(day) | {
            "wages": wages,
            "marketing_cost": levers["marketing"],
            "fixed_costs": self.values["fixed_costs"],
        }
        revenue = day.get("revenue", 0.0) + day["fees"]
        paid = math.fsum(costs[name] for name in PAID)
        profit = revenue - day.get("cost_of_goods", 0.0) - paid - costs["holding_cost"]
        self.cash += revenue - day.get("purchases", 0.0) - paid
        return {**costs, "revenue": revenue, "profit": profit, "cash": self.cash}

    def _goods(self, day: Values) -> Values:
        """What goods cost apart from themselves; nothing where a business sells none."""
        if not self.model.structure.items:
            return {"returns": 0.0, "holding_cost": 0.0, "ordering_cost": 0.0}
        value = self.values
        return {
            "returns": day["revenue"] * value["return_share"],
            "holding_cost": day["stock_value"] * value["holding_cost_share"] / 365.0,
            "ordering_cost": day["supplier_orders"] * value["ordering_cost"],
        }
