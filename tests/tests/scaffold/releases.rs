//! Libraries that are too old for what would be written.

use crate::case::analyse;
use ide::{ResourceRequest, ScaffoldRequest, SettingsRequest};
use testkit::Project;

/// Notes in Pydantic 1 and SQLAlchemy 1.4.
const OLD: &str = "\
#- /requirements.txt
fastapi==0.95.2
pydantic==1.10.13
sqlalchemy==1.4.54
#- /main.py
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

import models
import schemas

SessionLocal = sessionmaker(bind=create_engine(\"postgresql://\"))
app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.post(\"/notes\", response_model=schemas.Note)
def create_note(note: schemas.NoteCreate, db: Session = Depends(get_db)):
    db_note = models.Note(**note.dict())
    db.add(db_note)
    db.commit()
    return db_note


@app.get(\"/notes/{note_id}\", response_model=schemas.Note)
def read_note(note_id: int, db: Session = Depends(get_db)):
    note = db.query(models.Note).filter(models.Note.id == note_id).first()
    if note is None:
        raise HTTPException(status_code=404, detail=\"Note not found\")
    return note
#- /models.py
from sqlalchemy import Column, Integer, String
from sqlalchemy.ext.declarative import declarative_base

Base = declarative_base()


class Note(Base):
    __tablename__ = \"notes\"

    id = Column(Integer, primary_key=True)
    title = Column(String, nullable=False)
#- /schemas.py
from pydantic import BaseModel


class NoteCreate(BaseModel):
    title: str


class Note(NoteCreate):
    id: int

    class Config:
        orm_mode = True
";

fn asked(fixture: &str, request: &ScaffoldRequest) -> Result<ide::Plan, String> {
    let project = Project::from_fixture(fixture);
    let plan = analyse(project.root()).scaffold(project.root(), request);
    plan.map_err(|refusal| refusal.to_string())
}

fn resource(fields: &[&str]) -> ScaffoldRequest {
    ScaffoldRequest::Resource(ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Default::default()
    })
}

#[test]
fn what_needs_a_later_library_is_refused_with_the_version_that_is_there() {
    let settings = ScaffoldRequest::Settings(SettingsRequest {});
    let refusal = asked(OLD, &settings).unwrap_err();
    for said in [
        "written for Pydantic 2",
        "`pydantic_settings`",
        "the project has 1.10.13",
    ] {
        assert!(refusal.contains(said), "{refusal}");
    }
    let refusal = asked(OLD, &resource(&["title:str", "at:datetime"])).unwrap_err();
    assert!(
        refusal.contains("`AwareDatetime`") && refusal.contains("1.10.13"),
        "{refusal}"
    );
}

#[test]
fn what_an_old_library_has_is_written() {
    let plan = asked(OLD, &resource(&["title:str", "price:decimal?"])).unwrap();
    assert!(!plan.change.files.is_empty());
    let newer = OLD.replace("1.10.13", "2.14.0").replace("1.4.54", "2.1.0");
    asked(&newer, &resource(&["title:str", "at:datetime"])).unwrap();
}

/// Apps whose packages are listed in requirements, with a `pyproject.toml` beside them.
fn listed(requirements: &str) -> String {
    format!(
        "#- /pyproject.toml\n[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n\n[tool.setuptools.dynamic]\ndependencies = {{file = [\"requirements.txt\"]}}\n#- /requirements.txt\n{requirements}#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
    )
}

#[test]
fn packages_are_listed_where_pyproject_says_that_they_are() {
    let settings = ScaffoldRequest::Settings(SettingsRequest {});
    let plan = asked(&listed("fastapi\n"), &settings).unwrap();
    let [edit] = plan.change.others.as_slice() else {
        panic!("{:?}", plan.change.others)
    };
    assert!(edit.path.ends_with("requirements.txt"), "{:?}", edit.path);
    assert_eq!(edit.applied(), "fastapi\npydantic-settings\n");
}

#[test]
fn the_test_client_gets_the_library_that_its_release_knows() {
    let health = ScaffoldRequest::Health(ide::HealthRequest {});
    let notes = |requirements: &str| asked(&listed(requirements), &health).unwrap().notes.join("\n");
    assert!(notes("fastapi==0.104.1\nstarlette==0.27.0\n").contains("add `httpx` to"));
    assert!(notes("fastapi==0.104.1\n").contains("add `httpx` to"));
    assert!(notes("fastapi\nstarlette==1.3.0\n").contains("add `httpx2` to"));
}

#[test]
fn an_asynchronous_client_needs_the_library_that_it_is_imported_from() {
    let health = ScaffoldRequest::Health(ide::HealthRequest {});
    let notes = |library: &str, listed_packages: &str| {
        let conftest = format!(
            "#- /tests/conftest.py\nfrom collections.abc import AsyncIterator\n\nimport pytest\nfrom {library} import ASGITransport, AsyncClient\n\nfrom main import app\n\n\n@pytest.fixture\nasync def client() -> AsyncIterator[AsyncClient]:\n    async with AsyncClient(transport=ASGITransport(app=app), base_url=\"http://test\") as client:\n        yield client\n"
        );
        let project = format!("{}{conftest}", listed(listed_packages));
        asked(&project, &health).unwrap().notes.join("\n")
    };
    assert!(notes("httpx", "fastapi\nhttpx2\n").contains("add `httpx` to"));
    assert!(notes("httpx2", "fastapi\nhttpx\n").contains("add `httpx2` to"));
    assert!(!notes("httpx", "fastapi\nhttpx>=0.28\n").contains("httpx"));
}
