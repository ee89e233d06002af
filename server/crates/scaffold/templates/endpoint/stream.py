from collections.abc import Iterator

from fastapi import HTTPException, status
from fastapi.responses import StreamingResponse


def export_lines() -> Iterator[str]:
    """Make the lines one by one, so that they are never all in memory."""
    yield "number,square\n"
    for number in range(1000):
        yield f"{number},{number * number}\n"


{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    return StreamingResponse(
        export_lines(),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="export.csv"'},
    )
