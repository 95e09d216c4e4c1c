"""Imported once by the clean process that all workers are copies of: they start with the kernels compiled."""

from twin.experiment.warming import warm_up

warm_up()
