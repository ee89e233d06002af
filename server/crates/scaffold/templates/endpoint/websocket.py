from typing import Annotated

from fastapi import Depends, HTTPException, Query, WebSocket, WebSocketDisconnect, WebSocketException, status
{% if guard %}


{{ guard.definition }}
    """Say who opens a WebSocket: browsers send no headers with it, so the token is in the query."""
    try:
        return {{ guard.call }}
    except HTTPException as error:
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION) from error
{% endif %}


{{ head }}
    """{{ docstring }}"""
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive_text()
            await websocket.send_text(message)
    except WebSocketDisconnect:
        return
