from collections.abc import Iterator, Sequence
from itertools import count
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.deps import ActiveUser, DbDep, EditorUser
from app.models import Note

router = APIRouter(prefix="/notes", tags=["notes"])

NoteId = Annotated[int, Path(ge=1, le=2_147_483_647)]


class NoteCreate(BaseModel):
    text: str


class NoteUpdate(BaseModel):
    text: str | None = None


class NoteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    text: str


def find_note(db: DbDep, note_id: int) -> Note:
    note = db.get(Note, note_id)
    if note is None:
        raise HTTPException(status_code=404, detail="Note not found")
    return note


@router.get("")
def list_notes(db: DbDep, user: ActiveUser) -> list[NoteRead]:
    notes: Sequence[Note] = db.scalars(select(Note).where(Note.owner_id == user.id)).all()
    return [NoteRead.model_validate(note) for note in notes]


@router.post("", status_code=201)
def create_note(data: NoteCreate, db: DbDep, user: ActiveUser) -> NoteRead:
    note = Note(text=data.text, owner_id=user.id)
    db.add(note)
    db.commit()
    return NoteRead.model_validate(note)


@router.get("/export")
def export_notes() -> StreamingResponse:
    def lines() -> Iterator[str]:
        for number in range(3):
            yield f"{number}\n"

    return StreamingResponse(lines(), media_type="text/csv")


def endless() -> Iterator[str]:
    for number in count():
        yield f"data: {number}\n\n"


@router.get("/events")
def note_events(user: ActiveUser) -> StreamingResponse:
    return StreamingResponse(endless(), media_type="text/event-stream")


@router.get("/{note_id}")
def read_note(note_id: NoteId, db: DbDep, user: ActiveUser) -> NoteRead:
    note = find_note(db, note_id)
    if note.owner_id != user.id:
        raise HTTPException(status_code=403, detail="Not yours")
    return NoteRead.model_validate(note)


@router.patch("/{note_id}")
def update_note(note_id: NoteId, data: NoteUpdate, db: DbDep, user: ActiveUser) -> NoteRead:
    note = find_note(db, note_id)
    if note.owner_id != user.id:
        raise HTTPException(status_code=403, detail="Not yours")
    if data.text is not None:
        note.text = data.text
    db.commit()
    return NoteRead.model_validate(note)


@router.delete("/{note_id}", status_code=204)
def delete_note(note_id: NoteId, db: DbDep, user: EditorUser) -> None:
    db.delete(find_note(db, note_id))
    db.commit()


@router.websocket("/live")
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive_text()
            await websocket.send_text(message)
    except WebSocketDisconnect:
        return


@router.websocket("/private")
async def private(websocket: WebSocket, token: str) -> None:
    await websocket.accept()
    await websocket.close()
