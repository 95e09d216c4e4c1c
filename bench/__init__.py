"""Measures the figures that Understudy promises, and writes BENCHMARKS.md."""
