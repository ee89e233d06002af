//! Each habit that can be set shows in all that is written for a new project, which ruff has nothing to say about.

use crate::{
    parts::add,
    tools::{assert_tests_pass, tool, words},
};
use ide::{AuthRequest, HealthRequest, ResourceRequest, ScaffoldRequest};
use std::path::Path;
use testkit::Project;

const PYPROJECT: &str = "#- /pyproject.toml\n[project]\nname = \"shop\"\nrequires-python = \">=3.11\"\n";

/// What is written with a line of `[style]`, all in one project.
fn written(set: &str) -> Project {
    let project = Project::from_fixture(&format!("{PYPROJECT}#- /routewright.toml\n[style]\n{set}\n"));
    let api_key: AuthRequest = serde_json::from_str(r#"{"scheme": "api-key"}"#).unwrap();
    let requests = [
        ScaffoldRequest::Resource(ResourceRequest {
            name: "order_line".to_owned(),
            fields: ["title:str!", "is_open:bool", "price:decimal?"]
                .map(str::to_owned)
                .to_vec(),
            ..ResourceRequest::default()
        }),
        ScaffoldRequest::Auth(AuthRequest::default()),
        ScaffoldRequest::Auth(api_key),
        ScaffoldRequest::Health(HealthRequest {}),
    ];
    for request in &requests {
        add(&project, request);
    }
    project
}

/// The text of the Python modules below a folder, one behind the other.
fn text_below(folder: &Path) -> String {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    let texts = entries.iter().map(|path| match path.extension() {
        _ if path.is_dir() => text_below(path),
        Some(extension) if extension == "py" => std::fs::read_to_string(path).unwrap(),
        _ => String::new(),
    });
    texts.collect()
}

/// The rules that what is written keeps, whatever is set: a habit of `response_model` alone leaves annotations out, no more.
const RULES: &str = "E,F,I,UP,B,ASYNC,RUF";
const INJECTED: &str =
    "lint.flake8-bugbear.extend-immutable-calls = ['fastapi.Depends', 'fastapi.Query', 'fastapi.Path']";

fn check_with_ruff(project: &Project, set: &str) {
    let mut check = tool("ruff");
    check.args([
        "check",
        "--no-cache",
        "--select",
        RULES,
        "--ignore",
        "E501",
        "--config",
        INJECTED,
    ]);
    let mut format = tool("ruff");
    format.args(["format", "--no-cache", "--check"]);
    for mut command in [check, format] {
        let output = command.current_dir(project.root()).output().unwrap();
        assert!(output.status.success(), "{set}: {}", words(&output));
    }
}

#[test]
fn each_value_shows_in_all_that_is_written() {
    let of_lists = "async def list_order_lines(";
    let cases: [(&str, &[&str], &[&str]); 10] = [
        (
            "path-operations = 'async'",
            &[
                of_lists,
                "async def read_health(",
                "async def read_me(",
                "create_async_engine(",
            ],
            &["\ndef read_health("],
        ),
        (
            "path-operations = 'sync'",
            &[
                "\ndef list_order_lines(",
                "\ndef read_health(",
                "\ndef read_me(",
                " create_engine(",
                "-> Iterator[Session]:",
            ],
            &[of_lists, "create_async_engine(", "await engine", "AsyncSession"],
        ),
        (
            "markers = 'annotated'",
            &[
                "order_lines: OrderLineRepositoryDep",
                "session: SessionDep",
                "keys: ApiKeyServiceDep",
            ],
            &["= Depends(", "= Query("],
        ),
        (
            "markers = 'default'",
            &[
                "order_lines: OrderLineRepository = Depends()",
                "page: PageParams = Depends(get_page_params)",
                "session: AsyncSession = Depends(get_session)",
                "user: User = Depends(get_active_user)",
                "text: str | None = Depends(api_key_scheme)",
                "limit: int = Query(default=20, ge=1, le=100",
            ],
            &[
                "SessionDep",
                "RepositoryDep",
                "Annotated[PageParams",
                "ApiKeyServiceDep",
            ],
        ),
        (
            "response = 'annotation'",
            &["-> OrderLineRead:", "-> UserRead:", "-> dict[str, str]:"],
            &["response_model="],
        ),
        (
            "response = 'response_model'",
            &[
                "@router.get(\"/{order_line_id}\", response_model=OrderLineRead)",
                "@router.get(\"/me\", response_model=UserRead)",
                "@router.get(\"/health\", response_model=dict[str, str])",
                "return await order_lines.get(order_line_id)",
            ],
            &["-> OrderLineRead:", "OrderLineRead.model_validate(await"],
        ),
        (
            "response = 'both'",
            &[
                "@router.get(\"\", response_model=Page[OrderLineRead])",
                "-> Page[OrderLineRead]:",
                "response_model=OrderLineRead",
                "-> OrderLine:",
                "response_model=UserRead",
                "-> User:",
            ],
            &["-> OrderLineRead:", "-> UserRead:"],
        ),
        (
            "not-found = 'HTTPException'",
            &["HTTPException(\n                status_code=status.HTTP_404_NOT_FOUND, detail=\"Order line not found\""],
            &["raise NotFoundError("],
        ),
        (
            "not-found = 'app.core.errors:NotFoundError'",
            &["raise NotFoundError(\"Order line not found\")"],
            &["HTTP_404_NOT_FOUND, detail"],
        ),
        (
            "not-found = 'app.problems:Missing'",
            &["from app.problems import Missing\n", "raise Missing(\"OrderLine\")"],
            &["raise NotFoundError("],
        ),
    ];
    for (set, shown, hidden) in cases {
        let project = written(set);
        let text = text_below(&project.path("app"));
        for part in shown {
            assert!(text.contains(part), "{set}: {part} in {text}");
        }
        for part in hidden {
            assert!(!text.contains(part), "{set}: {part} in {text}");
        }
        check_with_ruff(&project, set);
    }
}

#[test]
fn modules_that_all_rests_on_are_written_so_too() {
    let numbers = text_below(written("status-codes = 'number'\ndocstrings = false").root());
    assert!(numbers.contains("status_code=204"), "{numbers}");
    for part in [
        "HTTP_204",
        "HTTP_404",
        "\"\"\"List",
        "\"\"\"Open a session",
        "\"\"\"Whoever",
    ] {
        assert!(!numbers.contains(part), "{part} in {numbers}");
    }
    let constants = text_below(written("status-codes = 'constant'\ndocstrings = true").root());
    for part in [
        "status.HTTP_204_NO_CONTENT",
        "\"\"\"List order lines.\"\"\"",
        "\"\"\"Open a session",
    ] {
        assert!(constants.contains(part), "{part} in {constants}");
    }
}

#[test]
fn what_is_written_otherwise_passes_its_own_tests() {
    let set = "path-operations = 'sync'\nmarkers = 'default'\nresponse = 'both'\nnot-found = 'HTTPException'\nstatus-codes = 'number'";
    let project = written(set);
    let mut python = tool("python");
    python.env("SECRET_KEY", "x".repeat(40));
    assert_tests_pass(python, project.root(), "tests");
    check_with_ruff(&project, set);
}
