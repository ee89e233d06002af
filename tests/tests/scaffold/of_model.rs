//! A resource of a model that is there: a table is used as it is, a Pydantic model gives its fields.

use crate::case::analyse;
use base::Span;
use ide::{Plan, ResourceRequest, ScaffoldRequest};
use std::path::Path;
use testkit::Project;

const TABLE: &str = "

class Gadget(Base):
    __tablename__ = \"gadgets\"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    note: Mapped[str] = mapped_column(String(20), default=\"\")
    weight: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
";

/// The base `flat`, whose only resource with a table is `Part`, with more in its models.
fn flat(more: &str) -> Project {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/bases/flat");
    let mut fixture = String::new();
    for name in [
        "crud.py",
        "database.py",
        "main.py",
        "models.py",
        "schemas.py",
        "tests/conftest.py",
        "tests/test_parts.py",
    ] {
        let text = std::fs::read_to_string(base.join(name)).unwrap();
        let more = if name == "models.py" { more } else { "" };
        fixture.push_str(&format!("#- /{name}\n{text}{more}"));
    }
    Project::from_fixture(&fixture)
}

fn planned(project: &Project, model: &str) -> Result<Plan, String> {
    let root = project.path("");
    let request = ScaffoldRequest::Resource(ResourceRequest {
        name: "gadget".to_owned(),
        fields: Vec::new(),
        model: Some(model.to_owned()),
        ..Default::default()
    });
    analyse(&root)
        .scaffold(&root, &request)
        .map_err(|refusal| refusal.to_string())
}

/// All that a plan writes.
fn written(plan: &Plan) -> String {
    let edits = plan.change.files.iter().flat_map(|file| &file.edits);
    let edited = edits.map(|edit| edit.text.as_str());
    let created = plan.change.creations.iter().map(|(_, text)| text.as_str());
    edited.chain(created).collect::<Vec<_>>().join("\n")
}

/// The resources that are offered where `at` stands.
fn titles(project: &Project, file: &str, at: &str) -> Vec<String> {
    let root = project.path("");
    let analysis = analyse(&root);
    let file = analysis.file_id(&root.join(file)).unwrap();
    let at = analysis.source(file).text.find(at).unwrap() as u32;
    let offers = analysis.scaffold_offers(file, Span::new(at, at));
    let titles = offers.into_iter().map(|offer| offer.title);
    titles.filter(|title| title.starts_with("Add CRUD")).collect()
}

#[test]
fn a_table_gets_path_operations_and_stays_as_it_is() {
    let project = flat(TABLE);
    let plan = planned(&project, "models:Gadget").unwrap();
    let text = written(&plan);
    assert!(
        !text.contains("class Gadget(Base)") && !text.contains("__tablename__"),
        "{text}"
    );
    assert!(text.contains("select(models.Gadget)"), "{text}");
    // What the columns hold is what clients may send.
    assert!(
        text.contains("name: str = Field(min_length=1, max_length=80)"),
        "{text}"
    );
    assert!(
        text.contains("note: str = Field(default=\"\", max_length=20)"),
        "{text}"
    );
    assert!(text.contains("weight: int | None"), "{text}");
    // A unique column answers duplicates as the sibling's does.
    assert!(text.contains("get_gadget_by_name"), "{text}");
}

#[test]
fn crud_is_offered_on_a_model_that_no_path_operation_is_about() {
    let project = flat(TABLE);
    assert_eq!(titles(&project, "models.py", "class Gadget"), ["Add CRUD for `Gadget`"]);
    assert_eq!(titles(&project, "models.py", "class Part"), [""; 0]);
    assert_eq!(titles(&project, "schemas.py", "class PartCreate"), [""; 0]);
    // Only at the class itself.
    assert_eq!(titles(&project, "models.py", "\"gadgets\""), [""; 0]);
}

#[test]
fn what_is_not_certain_of_a_model_is_refused_and_not_offered() {
    let column = |line: &str| TABLE.replace("    weight: Mapped[int | None]\n", &format!("    {line}\n"));
    for (more, part) in [
        (
            column("part_id: Mapped[int] = mapped_column(ForeignKey(\"parts.id\"))"),
            "refers to another table",
        ),
        (column("data: Mapped[bytes]"), "it can't be told how clients send"),
        (
            column("size: Mapped[int] = mapped_column(default=compute)"),
            "its default",
        ),
        (
            TABLE.replace(
                "    created_at: Mapped[datetime] = mapped_column(server_default=func.now())\n",
                "",
            ),
            "created_at",
        ),
        (TABLE.replace("id: Mapped[int]", "id: Mapped[str]"), "id: int"),
    ] {
        let project = flat(&more);
        let refusal = planned(&project, "models:Gadget").unwrap_err();
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
    assert!(planned(&flat(""), "models:Gadget").unwrap_err().contains("no model"));
    let renamed = TABLE.replace("class Gadget", "class Gizmo");
    let refusal = planned(&flat(&renamed), "models:Gizmo").unwrap_err();
    assert!(refusal.contains("`Gizmo` is no `Gadget`"), "{refusal}");
    let unknown = flat(&column("data: Mapped[bytes]"));
    assert_eq!(titles(&unknown, "models.py", "class Gadget"), [""; 0]);
}

#[test]
fn a_pydantic_model_gives_the_fields_of_a_new_table() {
    let project = Project::from_fixture(
        "#- /app/__init__.py\n#- /app/schemas.py\nfrom pydantic import BaseModel, Field\n\n\nclass Gadget(BaseModel):\n    \
         name: str = Field(max_length=40)\n    price: float = 0.5\n    tags: dict[str, str] | None = None\n\
         #- /app/main.py\nfrom fastapi import FastAPI\n\nfrom app.schemas import Gadget\n\napp = FastAPI()\n\
         first = Gadget(name=\"x\")\n",
    );
    assert_eq!(
        titles(&project, "app/schemas.py", "class Gadget"),
        ["Add CRUD for `Gadget`"]
    );
    let text = written(&planned(&project, "app.schemas:Gadget").unwrap());
    assert!(
        text.contains("class Gadget(UUIDMixin, TimestampMixin, Base):"),
        "{text}"
    );
    assert!(
        text.contains("price: Mapped[float] = mapped_column(default=0.5)"),
        "{text}"
    );
    assert!(
        text.contains("name: str = Field(min_length=1, max_length=40)"),
        "{text}"
    );
}

#[test]
fn schemas_that_would_share_a_name_are_refused_with_the_remedy() {
    for style in [
        "create-schema = \"{}Base\"",
        "create-schema = \"{}In\"\nupdate-schema = \"{}In\"",
    ] {
        let project = Project::from_fixture(&format!(
            "#- /routewright.toml\n[style]\n{style}\n#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
        ));
        let root = project.path("");
        let request = ScaffoldRequest::Resource(ResourceRequest {
            name: "gadget".to_owned(),
            fields: vec!["name:str".to_owned()],
            ..Default::default()
        });
        let refusal = analyse(&root).scaffold(&root, &request).unwrap_err().to_string();
        assert!(refusal.contains("[tool.routewright.style]"), "{refusal}");
    }
}

#[test]
fn a_table_is_not_called_as_a_model_of_its_own_module() {
    let project = Project::from_fixture(
        "#- /app/__init__.py\n#- /app/models.py\nfrom pydantic import BaseModel\n\n\nclass Gadget(BaseModel):\n    name: str\n\
         #- /app/main.py\nfrom fastapi import FastAPI\n\nfrom app.models import Gadget\n\napp = FastAPI()\n\
         first = Gadget(name=\"x\")\n",
    );
    let refusal = planned(&project, "app.models:Gadget").unwrap_err();
    assert!(refusal.contains("something else in app/models.py"), "{refusal}");
    assert_eq!(titles(&project, "app/models.py", "class Gadget"), [""; 0]);
}
