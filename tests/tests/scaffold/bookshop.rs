//! Endpoints inserted into the example service: they read well together, and they answer.
//!
//! The requests need the environment that `python3 tests/oracle/prepare.py --into target/oracle` makes.

use crate::case::analyse;
use ide::{EndpointKind, EndpointRequest};
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') || name == "__pycache__" {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Inserts an endpoint and writes the file.
pub(crate) fn insert(root: &Path, file: &str, kind: EndpointKind) -> String {
    let analysis = analyse(root);
    let path = root.join(file);
    let id = analysis.file_id(&path).unwrap();
    let insertion = analysis
        .endpoint(id, &EndpointRequest::new(kind))
        .unwrap_or_else(|refusal| panic!("{kind:?} in {file}: {refusal}"));
    let edit = &insertion.change.files[0];
    let before = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, edit.apply(&before)).unwrap();
    edit.edits[insertion.code_edit].text.trim().to_owned()
}

pub(crate) fn copied() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("bookshop");
    copy(&repository().join("examples/bookshop"), &root);
    (folder, root)
}

#[test]
fn what_is_inserted_reads_like_its_neighbours() {
    let (_folder, root) = copied();
    let delete = insert(&root, "app/api/routes/authors.py", EndpointKind::Delete);
    assert_eq!(
        delete,
        "@router.delete(
    \"/{author_id}\", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(require_staff)]
)
async def delete_author(session: SessionDep, author_id: uuid.UUID) -> None:
    author = await session.get(Author, author_id)
    if author is None:
        raise NotFoundError(\"Author\")
    await session.delete(author)
    await session.commit()"
    );
    let replace = insert(&root, "app/api/routes/books.py", EndpointKind::Replace);
    assert_eq!(
        replace,
        "@router.put(\"/{book_id}\", response_model=BookPublic, dependencies=[Depends(require_staff)])
async def replace_book(session: SessionDep, book: BookDep, book_in: BookCreate) -> Book:
    book.apply(book_in.model_dump())
    await session.commit()
    return book"
    );
}

/// Cuts a path operation out of a module.
fn remove(root: &Path, file: &str, function: &str) -> String {
    let path = root.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let def = text.find(&format!("async def {function}(")).unwrap();
    let start = text[..def].rfind("\n\n\n@router").unwrap() + 3;
    let end = text[def..].find("\n\n\n").map_or(text.len(), |at| def + at);
    std::fs::write(&path, format!("{}{}", &text[..start], text[end..].trim_start())).unwrap();
    text[start..end].trim().to_owned()
}

#[test]
fn what_is_cut_out_comes_back_as_it_was() {
    for (file, function, kind) in [
        ("app/api/routes/authors.py", "list_authors", EndpointKind::List),
        ("app/api/routes/authors.py", "create_author", EndpointKind::Create),
        ("app/api/routes/authors.py", "read_author", EndpointKind::Read),
        ("app/api/routes/books.py", "read_book", EndpointKind::Read),
        ("app/api/routes/orders.py", "read_order", EndpointKind::Read),
    ] {
        let (_folder, root) = copied();
        let original = remove(&root, file, function);
        assert_eq!(insert(&root, file, kind), original, "{file}: {function}");
    }
}

const REQUESTS: &str = "\
import pytest
from fastapi import status
from httpx2 import AsyncClient

from tests.conftest import Headers

pytestmark = pytest.mark.anyio


async def test_inserted(client: AsyncClient, customer: Headers, staff: Headers) -> None:
    made = await client.post(\"/authors\", headers=staff, json={\"name\": \"Ann\"})
    path = f\"/authors/{made.json()['id']}\"

    replaced = await client.put(path, headers=staff, json={\"name\": \"Anne\"})
    assert replaced.status_code == status.HTTP_200_OK
    assert (await client.get(path)).json()[\"name\"] == \"Anne\"

    assert (await client.delete(path, headers=customer)).status_code == status.HTTP_403_FORBIDDEN
    assert (await client.delete(path, headers=staff)).status_code == status.HTTP_204_NO_CONTENT
    assert (await client.get(path)).status_code == status.HTTP_404_NOT_FOUND
    assert (await client.delete(path, headers=staff)).status_code == status.HTTP_404_NOT_FOUND
";

#[test]
fn what_is_inserted_answers_and_the_catalogue_still_passes_its_tests() {
    let (_folder, root) = copied();
    insert(&root, "app/api/routes/authors.py", EndpointKind::Replace);
    insert(&root, "app/api/routes/authors.py", EndpointKind::Delete);
    insert(&root, "app/api/routes/books.py", EndpointKind::Replace);
    std::fs::write(root.join("tests/test_inserted.py"), REQUESTS).unwrap();
    let target = testkit::binary().ancestors().nth(2).unwrap().to_path_buf();
    let python = target.join("oracle/docs/.venv/bin/python");
    assert!(
        python.is_file(),
        "{} is missing: run `python3 tests/oracle/prepare.py --into {}` first",
        python.display(),
        target.join("oracle").display()
    );
    let run = Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args(["tests/test_inserted.py", "tests/test_catalog.py"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
