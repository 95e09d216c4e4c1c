"""Choices: numbers with names. A lever that is one counts its ways from 0, and is written by their names."""

CHOICES: dict[str, tuple[str, ...]] = {
    "allocation": ("first come", "proportional", "priority"),  # who gets what a node has too little of
}
NUMBERS: dict[str, float] = {way: float(n) for ways in CHOICES.values() for n, way in enumerate(ways)}


def spoken(text: str) -> str:
    """A way as it is written, whatever joins its words.

    >>> spoken("First_come"), spoken("first+come")
    ('first come', 'first come')
    """
    return " ".join(text.lower().replace("_", " ").replace("+", " ").split())
