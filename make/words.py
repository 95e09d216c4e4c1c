"""What `make` says to the person who waits: plain sentences, at once, on one stream."""

import sys


class Stopped(Exception):
    """Something only the person can put right; the message says what."""


def say(sentence: str) -> None:
    """Print a sentence at once, also into a file or a pipe."""
    print(sentence, flush=True)


def about(seconds: float) -> str:
    """A waiting time in words that do not pretend to be exact.

    >>> about(8), about(50), about(170)
    ('a few seconds', 'about 50 s', 'about 3 minutes')
    """
    if seconds < 10:
        return "a few seconds"
    if seconds < 100:
        return f"about {round(seconds, -1):.0f} s"
    return f"about {seconds / 60:.0f} minutes"


def last_lines(text: str, count: int = 15) -> str:
    """The end of what a program printed, where it says why it failed."""
    return "\n".join("    " + line for line in text.strip().splitlines()[-count:])


def stop(error: Stopped) -> int:
    """Say what is wrong on the error stream; the exit status for make."""
    print(f"\n{error}", file=sys.stderr, flush=True)
    return 2
