"""Issue an API key: `python -m {{ m.command }} NAME` prints it, once."""

import argparse
import asyncio
import sys
from contextlib import asynccontextmanager, contextmanager

from {{ provider.module }} import {{ provider.imported }}
from {{ m.service }} import ApiKeyService


{% if aw %}
async def issue(name: str) -> str:
    """Make a key in a session of its own."""
    async with asynccontextmanager({{ provider.name }})() as session:
        return await ApiKeyService(session).issue(name)
{% else %}
def issue(name: str) -> str:
    """Make a key in a session of its own."""
    with contextmanager({{ provider.name }})() as session:
        return ApiKeyService(session).issue(name)
{% endif %}


def main() -> None:
    """Read the name of whoever gets the key."""
    parser = argparse.ArgumentParser(description="Issue an API key.")
    parser.add_argument("name", help="who gets it")
    arguments = parser.parse_args()
{% if aw %}
    sys.stdout.write(f"{asyncio.run(issue(arguments.name))}\n")
{% else %}
    sys.stdout.write(f"{issue(arguments.name)}\n")
{% endif %}


if __name__ == "__main__":
    main()
