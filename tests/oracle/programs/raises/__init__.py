"""Programs that Python or the framework ends, and those that only look like it."""
