"""Modules that import each other in an order that works."""
