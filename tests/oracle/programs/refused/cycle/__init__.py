"""Modules that import each other's names, so that one finds the other half run."""
