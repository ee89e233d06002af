//! A resource in a project whose rows are read and written by objects of a generic class.

use crate::case::analyse;
use ide::{ResourceRequest, ScaffoldRequest};
use std::{collections::BTreeMap, path::Path};
use testkit::Project;

/// A thing with a title of which no two may be the same, in the base of that layout, in which texts are replaced by others:
/// what is written, by path.
fn written(name: &str, replaced: &[(&str, &str)]) -> BTreeMap<String, String> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/bases/crud"));
    let mut files = Vec::new();
    read(folder, folder, &mut files);
    let mut fixture = files.concat();
    for (old, new) in replaced {
        assert!(fixture.contains(old), "{old}");
        fixture = fixture.replace(old, new);
    }
    let project = Project::from_fixture(&fixture);
    let request = ResourceRequest {
        name: name.to_owned(),
        fields: ["title:str!", "price:decimal?", "day:date"].map(str::to_owned).to_vec(),
        ..Default::default()
    };
    let root = project.root().to_path_buf();
    let analysis = analyse(&root);
    let change = analysis
        .scaffold(&root, &ScaffoldRequest::Resource(request))
        .unwrap()
        .change;
    let edited = change.files.iter().map(|edit| {
        let path = analysis.path(edit.file).to_path_buf();
        let text = edit.apply(&std::fs::read_to_string(&path).unwrap());
        (path, text)
    });
    let created = change.creations.iter().cloned();
    let name = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    edited.chain(created).map(|(path, text)| (name(&path), text)).collect()
}

fn read(base: &Path, folder: &Path, files: &mut Vec<String>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(base).unwrap().display().to_string();
        if path.is_dir() {
            read(base, &path, files);
        } else if name.ends_with(".py") || name == "pyproject.toml" {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push(format!("#- /{name}\n{text}\n"));
        }
    }
}

/// What is written in a file.
fn in_file(file: &str, replaced: &[(&str, &str)]) -> String {
    written("gadget", replaced).remove(file).unwrap()
}

#[test]
fn what_only_types_name_is_imported_in_order() {
    let import = "    from .plant import Plant\n";
    let others = "    from .bed import Bed\n    from .plant import Plant  # noqa: F401\n    from .zone import Zone\n";
    let far = "    from app.models.plant import Plant\n\n    from .zone import Zone\n";
    let last = "    from collections.abc import Sequence\n\n    from .plant import Plant  # for its type\n";
    let shared = "    from app.models import Bed, Plant\n";
    let renamed = "    from .all import Plant as Plant\n";
    let unsorted = "    from .zone import Zone\n    from .plant import Plant\n";
    let lines = "    from app.models import (\n        Bed,\n        Plant,\n    )\n";
    let cases = [
        (
            import,
            "    from .gadget import Gadget\n    from .plant import Plant\n\n\n",
        ),
        (
            others,
            "    from .bed import Bed\n    from .gadget import Gadget  # noqa: F401\n    from .plant import Plant  # noqa: F401\n",
        ),
        (
            far,
            "    from app.models.gadget import Gadget\n    from app.models.plant import Plant\n\n    from .zone",
        ),
        (
            last,
            "Sequence\n\n    from .gadget import Gadget  # for its type\n    from .plant import Plant  # for its type\n",
        ),
        (shared, "    from app.models import Bed, Gadget, Plant\n"),
        (
            renamed,
            "    from .all import Gadget as Gadget\n    from .all import Plant as Plant\n",
        ),
        (
            unsorted,
            "    from .zone import Zone\n    from .plant import Plant\n    from .gadget import Gadget\n",
        ),
        (
            lines,
            "    from app.models import (\n        Bed,\n        Gadget,\n        Plant,\n    )\n",
        ),
    ];
    for (standing, wanted) in cases {
        let text = in_file("app/models/user.py", &[(import, standing)]);
        assert!(text.contains(wanted), "{wanted}\n{text}");
        let other_side = "    gadgets: Mapped[list[\"Gadget\"]] = relationship(back_populates=\"owner\")\n";
        assert!(text.contains(other_side), "{text}");
    }
}

#[test]
fn what_comes_last_in_order_is_imported_last() {
    let import = "    from .plant import Plant\n";
    let standing = "    from .bed import Bed\n    from .plant import Plant\n    from .road import Road  # and others\n";
    let wanted = "    from .road import Road  # and others\n    from .zone import Zone\n";
    let text = written("zone", &[(import, standing)])
        .remove("app/models/user.py")
        .unwrap();
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_is_imported_for_others_stands_alone_as_isort_has_it() {
    let text = in_file("app/schemas/__init__.py", &[]);
    let wanted = "\
from .bed import BedUpdate as BedUpdate
from .gadget import Gadget as Gadget
from .gadget import GadgetCreate as GadgetCreate
from .gadget import GadgetUpdate as GadgetUpdate
from .plant import Plant as Plant
";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_is_imported_for_others_stands_together_where_the_project_has_it_so() {
    let apart = "\
from .plant import Plant as Plant
from .plant import PlantCreate as PlantCreate
from .plant import PlantUpdate as PlantUpdate
";
    let together = "from .plant import (\n    Plant as Plant,\n    PlantCreate as PlantCreate,\n    PlantUpdate as PlantUpdate,\n)\n";
    let text = in_file("app/schemas/__init__.py", &[(apart, together)]);
    let wanted = "\
from .gadget import (
    Gadget as Gadget,
    GadgetCreate as GadgetCreate,
    GadgetUpdate as GadgetUpdate,
)
";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_dict_of_which_nothing_is_left_says_what_it_is_where_types_are_checked() {
    let file = "app/tests/api/api_v1/test_gadgets.py";
    assert!(in_file(file, &[]).contains("    data: dict[str, object] = {}\n"));
    let unchecked = in_file(file, &[(") -> None:", "):")]);
    assert!(unchecked.contains("    data = {}\n"), "{unchecked}");
    let twice = [(
        "    data = {\"notes\": \"Water it twice a week\"}\n",
        "    data = {\"notes\": \"\"}\n    data = {\"notes\": \"Water it twice a week\"}\n",
    )];
    assert!(!in_file(file, &twice).contains("dict[str, object]"));
}

#[test]
fn a_value_that_is_there_already_is_answered_in_a_statement_of_several_lines() {
    let text = in_file("app/api/api_v1/endpoints/gadgets.py", &[]);
    let wanted = "\
    try:
        gadget = crud.gadget.create_with_owner(
            db=db, obj_in=gadget_in, owner_id=current_user.id
        )
    except IntegrityError as error:
        raise HTTPException(status_code=409, detail=\"Gadget already exists\") from error
    return gadget
";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_text_is_another_each_time_where_that_of_the_sibling_is() {
    let file = "app/tests/utils/gadget.py";
    let wanted = "title=random_lower_string()";
    let text = in_file(file, &[]);
    assert!(text.contains(wanted) && !text.contains("    name = "), "{text}");
    let direct = [
        ("    name = random_lower_string()\n    notes", "    notes"),
        ("name=name", "name=random_lower_string()"),
    ];
    assert!(in_file(file, &direct).contains(wanted));
    let constant = [
        ("    name = random_lower_string()\n", "    name = \"Sage\"\n"),
        ("notes = random_lower_string()", "notes = None"),
    ];
    assert!(in_file(file, &constant).contains("title=\"first\""));
}

#[test]
fn what_a_schema_inherits_is_not_said_again() {
    let file = "app/schemas/gadget.py";
    let text = in_file(file, &[]);
    for wanted in [
        "class GadgetCreate(GadgetBase):\n    title: str = Field(min_length=1, max_length=255)\n    day: date = Field()\n\n",
        "class GadgetUpdate(GadgetBase):\n    pass\n",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let plain = [("    name: str = Field(max_length=100)\n", "    name: str\n")];
    let text = in_file(file, &plain);
    assert!(text.contains("    id: int\n    title: str\n"), "{text}");
    assert!(!text.contains("Field()"), "{text}");
}

#[test]
fn a_table_that_is_nobodys_is_not_written_for_like_one_that_has_an_owner() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/bases/crud"));
    let request = ResourceRequest {
        name: "bed".to_owned(),
        model: Some("app.models.bed:Bed".to_owned()),
        ..Default::default()
    };
    let refused = analyse(root).scaffold(root, &ScaffoldRequest::Resource(request));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("on which this rests"), "{refused}");
}
