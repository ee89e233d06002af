//! What a resource is asked to be, against what the project's own ones are.

use crate::{case::analyse, migrations::layered};
use ide::{Plan, ResourceRequest, ScaffoldRequest};
use testkit::Project;

fn plan(project: &Project, fields: &[&str]) -> Result<Plan, String> {
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        soft_delete: true,
        model: None,
    };
    let root = project.root();
    analyse(root)
        .scaffold(root, &ScaffoldRequest::Resource(request))
        .map_err(|refusal| refusal.to_string())
}

#[test]
fn what_is_deleted_for_good_is_no_pattern_for_what_is_marked() {
    let refusal = plan(&layered(""), &["title:str"]).unwrap_err();
    assert!(
        refusal.contains("is deleted for good: let it have `deleted_at`"),
        "{refusal}"
    );
}

#[test]
fn the_mark_is_no_field_to_ask_for() {
    let empty = Project::from_fixture("#- /pyproject.toml\n[project]\nname = \"shop\"\n");
    let refusal = plan(&empty, &["deleted_at:datetime?"]).unwrap_err();
    assert!(refusal.contains("`--soft-delete` brings it"), "{refusal}");
    let made = plan(&empty, &["title:str!"]).unwrap();
    assert!(
        made.notes
            .join("\n")
            .contains("what is unique of gadgets that are deleted stays taken")
    );
}
