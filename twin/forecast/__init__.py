"""What to expect if nothing changes: Prophet, plain baselines, and how well either did on the past."""
