//! A small project to hold sessions on.

use crate::{Client, Setup};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// `app/main.py`: an app that includes one router.
pub const MAIN: &str = r#"from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router, prefix="/api/v1")
"#;

/// `app/items.py`: a router with two path operations, a schema and a dependency.
pub const ITEMS: &str = r#"from typing import Annotated

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

/// The project on disk, in a temporary folder.
pub struct Shop(TempDir);

impl Default for Shop {
    fn default() -> Self {
        Self::new()
    }
}

impl Shop {
    /// The project of [`MAIN`] and [`ITEMS`].
    #[must_use]
    pub fn new() -> Self {
        Self::with(&[("app/__init__.py", ""), ("app/main.py", MAIN), ("app/items.py", ITEMS)])
    }

    /// A project of these files: relative path and text.
    #[must_use]
    pub fn with(files: &[(&str, &str)]) -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            shop.write(name, text);
        }
        shop
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The absolute path of one of its files.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A session of a plain client.
    #[must_use]
    pub fn session(&self) -> Client {
        Client::start(&Setup::new(self.folder())).0
    }
}

/// Line and column of `needle` in `text`, in characters, from 0.
#[must_use]
pub fn place(text: &str, needle: &str) -> (u32, u32) {
    let offset = text.find(needle).unwrap();
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    (line as u32, text[start..offset].chars().count() as u32)
}
