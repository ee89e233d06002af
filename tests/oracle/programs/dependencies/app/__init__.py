"""Every way to write a dependency."""
