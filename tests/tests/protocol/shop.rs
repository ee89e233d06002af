//! The small project that the sessions work on.

use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::{Client, Setup};

pub(crate) const MAIN: &str = r#"from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router, prefix="/api/v1")
"#;

pub(crate) const ITEMS: &str = r#"from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

router = APIRouter(prefix="/items", tags=["items"])


class Item(BaseModel):
    name: str


def get_session():
    return object()


@router.get("/{item_id}", response_model=Item)
def read_item(item_id: int, session: Annotated[object, Depends(get_session)], q: str | None = None):
    return Item(name=str(item_id))


@router.post("", status_code=201)
def create_item(item: Item) -> Item:
    return item
"#;

/// A project on disk.
pub(crate) struct Shop(TempDir);

impl Shop {
    pub(crate) fn new() -> Self {
        Self::with(&[("app/__init__.py", ""), ("app/main.py", MAIN), ("app/items.py", ITEMS)])
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            shop.write(name, text);
        }
        shop
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn session(&self) -> Client {
        Client::start(&Setup::new(self.folder())).0
    }
}

/// Line and column of `needle` in `text`, in characters, from 0.
pub(crate) fn place(text: &str, needle: &str) -> (u32, u32) {
    let offset = text.find(needle).unwrap();
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    (line as u32, text[start..offset].chars().count() as u32)
}
