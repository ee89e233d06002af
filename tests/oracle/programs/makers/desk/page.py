"""An app in an attribute of what another module's code makes."""

from .blocks import Blocks

with Blocks("Page") as demo:
    pass


@demo.app.get("/about")
def about() -> str:
    return demo.title
