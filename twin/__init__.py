"""Understudy: a twin of a business that rehearses decisions before they are made."""

__version__ = "0.1.0"
