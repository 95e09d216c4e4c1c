"""How new customers are won: by themselves, by marketing, and by what customers say to others."""

from twin.model.inputs import Values
from twin.model.kernels.elementary import power
from twin.spec.structure import Segment, number


class Acquisition:
    """How many new customers of a segment are to be expected on a day.

    With b a day today, m and r the parts owed to marketing and to recommendation:

        new   = (b (1 - m - r + m g + r w) + i N s) (1 - N / M)
        g     = (a / spending today) ** marketing_effect     diminishing returns
        a     = a of yesterday + (1 - c) (spending of the day - a of yesterday)     carry-over c
        w     = N S / (N S of the first morning)     satisfied customers recommend
        s     = S / S of the first morning

    N customers with mean satisfaction S, imitation i, market M (0: without a limit, the last factor is 1). On the
    first morning g, w and s are 1, and under an unchanged plan g stays 1 exactly. With a market, b is what would
    come a day if nobody were a customer yet: p M, so that without m and r this is (p + i N / M) (M - N).

    Source: Bass (1969); with customers who leave and can be won again, Libai, Muller and Peres (2009);
    carry-over as goodwill, Nerlove and Arrow (1962), or adstock, Broadbent (1979).
    """

    def __init__(self, segment: Segment, values: Values, active_share: float = 1.0) -> None:
        self.segment, self.values, self.active_share = segment, values, active_share
        self.goodwill = self.spending = values.get("marketing", 0.0)
        self.customers, self.satisfaction = 0.0, 1.0

    def begin(self, customers: int, satisfaction: float) -> None:
        """Take how things stand on the first morning as what today's new customers come from."""
        self.customers, self.satisfaction = float(customers), satisfaction

    def spend(self, spending: float) -> None:
        """Let a day's marketing work; what was spent before fades by the carry-over."""
        kept = self.values.get("marketing_carry_over_share", 0.0)
        self.goodwill += (1.0 - kept) * (spending - self.goodwill)

    def expected(self, numbers: Values, customers: int, satisfaction: float, marketing: float = 1.0) -> float:
        """New customers to be expected today.

        numbers : the segment's numbers of the day; marketing : its effect, 1 for marketing as today
        """
        per_day = number(self.segment.new_per_day, numbers) / self.active_share
        imitation = number(self.segment.imitation, numbers) / self.active_share
        market = number(self.segment.market, numbers)
        told = satisfaction / self.satisfaction if self.satisfaction > 0.0 else 1.0
        found = per_day * (marketing + self._recommended(customers * told)) + imitation * customers * told
        return found * max(0.0, 1.0 - customers / market) if market > 0.0 else found

    def _recommended(self, voices: float) -> float:
        """What recommendation adds to all new customers against the first morning; 0 if as many recommend."""
        share = min(self.values.get("recommendation_share", 0.0), 1.0 - self.values.get("marketing_share", 0.0))
        return share * (voices / self.customers - 1.0) if self.customers > 0.0 else 0.0

    def marketing_effect(self) -> float:
        """How many new customers come against today's marketing: the part owed to it grows with diminishing returns."""
        share = self.values.get("marketing_share", 0.0)
        if self.goodwill == self.spending or self.spending <= 0.0:
            return 1.0
        ratio = power(self.goodwill / self.spending, self.values["marketing_effect"]) if self.goodwill > 0.0 else 0.0
        return 1.0 - share + share * ratio
