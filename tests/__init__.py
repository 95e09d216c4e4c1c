"""The tests; a package of its own, since another distribution also ships one of this name."""
