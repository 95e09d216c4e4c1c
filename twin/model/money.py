"""The ledger: a daily profit and loss, and what is in the bank."""

from typing import TYPE_CHECKING

import mesa

from twin.model.inputs import Values

if TYPE_CHECKING:
    from twin.model.business import Business

Day = dict[str, float]


class Ledger(mesa.Agent):
    """Books each day's income and costs once, and carries the cash forward."""

    def __init__(self, business: "Business", values: Values) -> None:
        super().__init__(business)
        self.values = values
        self.cash = values["opening_cash"]

    def close(self, day: Day, levers: Values) -> Day:
        """The day's costs, profit and cash; `day` holds revenue, goods, purchases, stock, staff and orders.

        Goods are a cost when they are sold, but leave the bank when they are delivered; holding stock
        is a cost without a payment. All else is paid on the day.
        """
        value = self.values
        costs = {
            "returns": day["revenue"] * value["return_share"],
            "wages": day["staff_rostered"] * levers["opening_hours"] * value["wage"],
            "marketing_cost": levers["marketing"],
            "holding_cost": day["stock_value"] * value["holding_cost_share"] / 365.0,
            "ordering_cost": day["supplier_orders"] * value["ordering_cost"],
            "fixed_costs": value["fixed_costs"],
        }
        paid = (
            costs["returns"] + costs["wages"] + costs["marketing_cost"] + costs["ordering_cost"] + costs["fixed_costs"]
        )
        profit = day["revenue"] - day["cost_of_goods"] - paid - costs["holding_cost"]
        self.cash += day["revenue"] - day["purchases"] - paid
        return {**costs, "profit": profit, "cash": self.cash}
