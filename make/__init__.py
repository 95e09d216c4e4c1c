"""What `make` does before the project's own packages are installed: Python's standard library only."""
