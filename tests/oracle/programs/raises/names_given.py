"""What gives this package names without saying them."""

made_here = "/made"
__all__ = ["made_here"]
