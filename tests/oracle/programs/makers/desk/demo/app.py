"""Shows what a panel is."""

from desk.panel import create_panel

app = create_panel(["a"])
