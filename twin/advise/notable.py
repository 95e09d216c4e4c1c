"""What somebody worth following stands out by, in plain words."""

from collections.abc import Mapping

from twin.advise.amounts import THIN, count, lasting

PHRASES = {
    "materials": "waits longest for its materials: {time}",
    "materials_missing": "still waits for its materials in the end: {time} so far",
    "goods": "waits longest for the goods it wants: {time}",
    "goods_missing": "still waits for the goods it wants in the end: {time} so far",
    "waited": "waits longest: {time}",
    "late": "latest against its promise: {time} too late",
    "abandoned": "gives up after the longest wait: {time}",
    "balked": "turns round at the sight of the queue",
    "stations": "sent on or back most often: begun {number} times",
    "ordinary": "an ordinary one: done after {time}",
    "visits": "comes most often: {number} {work}",
    "satisfaction": "the least satisfied in the end: {share}",
    "left": "leaves for good, after {number} {work}",
    "down": "stands longest after a failure: {time}",
    "failures": "fails most often: {number} times",
    "fewest_failures": "fails least often: {number} times",
}


def reason_words(reasons: Mapping[str, float], work: tuple[str, str], hours: str = "calendar") -> str:
    """All that somebody stands out by.

    work  : what comes in, one and several, such as ticket and tickets
    hours : 'open' where time counts only while the business is open

    >>> reason_words({"waited": 95.0, "late": 30.0}, ("order", "orders"), "open")
    'waits longest: 1\\xa0h 35\\xa0min of opening time; latest against its promise: 30\\xa0min of opening time too late'
    >>> reason_words({"left": 1.0}, ("ticket", "tickets"))
    'leaves for good, after 1 ticket'
    """
    return "; ".join(
        PHRASES[name].format(
            time=open_time(value) if hours == "open" else lasting(value),
            number=count(round(value)),
            work=work[0] if round(value) == 1 else work[1],
            share=f"{value:.0%}".replace("%", f"{THIN}%"),
        )
        for name, value in reasons.items()
    )


def open_time(minutes: float) -> str:
    """How long something takes while the business is open, in hours: its days are shorter than the calendar's.

    >>> open_time(3000.0)
    '50\\xa0h of opening time'
    """
    hours, rest = divmod(round(minutes), 60)
    parts = [f"{count(hours)}{THIN}h"] * (hours > 0) + [f"{rest}{THIN}min"] * (rest > 0)
    return (" ".join(parts) or "under a minute") + " of opening time"
