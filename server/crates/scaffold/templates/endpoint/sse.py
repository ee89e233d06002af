import asyncio
{% if not has_sse %}
import json
{% endif %}
from collections.abc import AsyncIterator
from itertools import count
from typing import Annotated

from fastapi import Header, HTTPException, status
{% if has_sse %}
from fastapi.sse import EventSourceResponse, ServerSentEvent
{% else %}
from fastapi.responses import StreamingResponse
{% endif %}

# In seconds.
EVENT_INTERVAL = 1.0


{% if has_sse %}
{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    # A client that was cut off says what it had last.
    first = 0 if last_event_id is None else last_event_id + 1
    for number in count(first):
        yield ServerSentEvent(data={"number": number}, event="update", id=str(number))
        await asyncio.sleep(EVENT_INTERVAL)
{% else %}
async def make_events(first: int) -> AsyncIterator[str]:
    """Make events until the client leaves."""
    for number in count(first):
        data = json.dumps({"number": number})
        yield f"id: {number}\nevent: update\ndata: {data}\n\n"
        await asyncio.sleep(EVENT_INTERVAL)


{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    # A client that was cut off says what it had last.
    first = 0 if last_event_id is None else last_event_id + 1
    return StreamingResponse(
        make_events(first),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
{% endif %}
