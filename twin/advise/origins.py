"""Where a number comes from, in plain words."""

from twin.spec.parameter import Parameter


def price_words(effect: Parameter, readings: int) -> tuple[str, str]:
    """A heading and a sentence on how the effect of price was found, or why it could not be.

    readings : how many ways of reading it from past price changes gave a number
    """
    if effect.origin == "data":
        return (
            "How the effect of price was read",
            f"{readings} reasonable ways to read it from past price changes agree within their errors. "
            "It is still an association in past records, not an experiment.",
        )
    if readings < 2:
        return (
            "Why the effect of price is an assumption",
            "The records hold too few clean changes of list prices to read it from them. "
            "So the model draws from the range that the template finds plausible.",
        )
    return (
        "Why the effect of price is an assumption",
        f"{readings} reasonable ways to read it from past price changes disagree by more than their errors. "
        "So the model takes the middle and draws from a range that spans them: an association, not an experiment.",
    )
