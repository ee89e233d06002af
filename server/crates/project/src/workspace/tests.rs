use super::{Options, Project, Reload};
use crate::fixture::Folder;
use crate::{EntryPointOrigin, Origin};
use std::path::Path;

fn discover(folder: &Path) -> Project {
    Project::discover(&[folder.to_path_buf()], &Options::default())
}

fn names(folder: &Folder, below: &str) -> Vec<String> {
    let project = discover(&folder.path().join(below));
    project.files().map(|file| project.module_name(file)).collect()
}

#[test]
fn names_are_those_python_would_import() {
    let src = Folder::new(&[
        ("pyproject.toml", ""),
        ("src/shop/__init__.py", ""),
        ("src/shop/main.py", ""),
        ("tests/t.py", ""),
    ]);
    assert_eq!(names(&src, ""), ["shop", "shop.main", "tests.t"]);
    let package_dir = Folder::new(&[
        ("pyproject.toml", "[tool.setuptools.package-dir]\n'' = 'lib'\n"),
        ("lib/shop/main.py", ""),
    ]);
    assert_eq!(names(&package_dir, ""), ["shop.main"]);
    let flat = Folder::new(&[("__init__.py", ""), ("main.py", "")]);
    assert_eq!(names(&flat, "").last().unwrap().rsplit('.').next(), Some("main"));
}

/// FastAPI's own documentation: `docs_src` has no `__init__.py`, most folders below have one.
#[test]
fn names_do_not_depend_on_the_folder_that_was_opened() {
    let folder = Folder::new(&[
        ("pyproject.toml", ""),
        ("docs_src/first_steps/__init__.py", ""),
        ("docs_src/first_steps/tutorial001.py", ""),
    ]);
    for below in ["", "docs_src", "docs_src/first_steps"] {
        assert_eq!(
            names(&folder, below),
            ["docs_src.first_steps", "docs_src.first_steps.tutorial001"]
        );
    }
}

#[test]
fn a_package_opened_by_itself_keeps_its_name() {
    let folder = Folder::new(&[
        ("app/__init__.py", ""),
        ("app/api/__init__.py", ""),
        ("app/api/main.py", ""),
    ]);
    assert_eq!(names(&folder, "app/api"), ["app.api", "app.api.main"]);
}

/// A stray `__init__.py` beside `.git` or `requirements.txt` makes no project of the folder above.
#[test]
fn a_project_that_is_a_package_ends_at_its_own_folder() {
    let at = |marker: &'static str, main: &'static str| {
        let folder = Folder::new(&[
            ("neighbour/main.py", ""),
            ("shop/__init__.py", ""),
            ("shop/main.py", main),
            ("shop/db.py", ""),
            (marker, ""),
        ]);
        let own = folder.path().join("shop");
        let main = own.join("main.py");
        let project = discover(&own);
        assert_eq!(project.project_folder(&main), own);
        assert_eq!(crate::workspace_of(&main, None), own);
        assert_eq!(crate::workspace_of(&main, Some(&own)), own);
        project.module_name(&main)
    };
    assert_eq!(at("shop/requirements.txt", "import fastapi\n"), "main");
    assert_eq!(at("shop/.git/HEAD", "import fastapi\n"), "main");
    assert_eq!(at("shop/requirements.txt", "from .db import x\n"), "shop.main");
    assert_eq!(at("shop/requirements.txt", "from shop.db import x\n"), "shop.main");
    assert_eq!(at("other", "import fastapi\n"), "shop.main");
    assert_eq!(at("other", "from db import x\n"), "main");
}

#[test]
fn what_stands_beside_a_package_is_read_where_it_was_asked_for() {
    let folder = Folder::new(&[("app/__init__.py", ""), ("app/main.py", ""), ("tests/t.py", "")]);
    let main = folder.path().join("app/main.py");
    assert_eq!(crate::workspace_of(&main, Some(folder.path())), folder.path());
    assert_eq!(crate::workspace_of(&main, None), folder.path().join("app"));
}

#[test]
fn a_folder_without_init_is_read_with_what_begins_above_it() {
    let folder = Folder::new(&[
        ("requirements.txt", ""),
        ("app/__init__.py", ""),
        ("app/routers/a.py", ""),
    ]);
    let file = folder.path().join("app/routers/a.py");
    assert_eq!(crate::workspace_of(&file, Some(folder.path())), folder.path());
    let routers = folder.path().join("app/routers");
    assert_eq!(crate::workspace_of(&file, Some(&routers)), routers);
    assert_eq!(crate::workspace_of(&file, None), routers);
}

#[test]
fn imports_prove_a_source_root_that_nothing_declares() {
    let folder = Folder::new(&[
        ("pyproject.toml", ""),
        ("backend/app/__init__.py", ""),
        ("backend/app/main.py", "from app.api import router\n"),
        ("backend/app/api.py", "from fastapi import APIRouter\n"),
        ("scripts/run.py", "import app.main\nimport redis\n"),
        ("scripts/redis.py", "import redis\n"),
        ("requirements.txt", "redis\n"),
        ("demo/main.py", "from . import x\nimport fastapi\n"),
    ]);
    let expected = [
        "app",
        "app.api",
        "app.main",
        "demo.main",
        "scripts.redis",
        "scripts.run",
    ];
    assert_eq!(names(&folder, ""), expected);
    let mut project = discover(folder.path());
    let run = folder.path().join("scripts/run.py");
    let main = crate::Resolution::File(folder.path().join("backend/app/main.py"));
    assert_eq!(project.resolve(&run, "app.main"), main);
    let demo = folder.path().join("demo/main.py");
    folder.write("demo/main.py", "from database import session\n");
    folder.write("demo/database.py", "");
    assert_eq!(
        project.file_added(&folder.path().join("demo/database.py")),
        Reload::Files
    );
    assert_eq!(project.file_added(&demo), Reload::Files);
    project.settle();
    assert_eq!(project.module_name(&demo), "main");
}

#[test]
fn imports_say_where_a_project_without_packaging_is_imported_from() {
    let folder = Folder::new(&[
        ("pyproject.toml", ""),
        ("shop/alembic.ini", ""),
        ("shop/main.py", "from shop.db import session\n"),
        ("shop/db.py", "import alembic\n"),
        ("orders/requirements.txt", ""),
        ("orders/main.py", "from db import session\n"),
        ("orders/db.py", ""),
    ]);
    assert_eq!(names(&folder, ""), ["db", "main", "shop.db", "shop.main"]);
    let mut project = discover(folder.path());
    let main = folder.path().join("shop/main.py");
    folder.write("shop/main.py", "from db import session\n");
    assert_eq!(project.file_added(&main), Reload::Files);
    project.settle();
    assert_eq!(project.module_name(&main), "main");
}

#[test]
fn a_source_folder_may_be_a_package_by_mistake() {
    let by = |import: &str| {
        let folder = Folder::new(&[
            ("pyproject.toml", ""),
            ("src/__init__.py", ""),
            ("src/app/__init__.py", ""),
            ("src/app/main.py", "from .core.setup import create\n"),
            ("src/app/core/__init__.py", ""),
            ("src/app/core/setup.py", "def create(): ...\n"),
            ("src/migrations/env.py", import),
            ("tests/test_main.py", "from src.app.main import app\n"),
        ]);
        let project = discover(folder.path());
        let main = folder.path().join("src/app/main.py");
        let test = folder.path().join("tests/test_main.py");
        assert_eq!(
            project.resolve(&test, "src.app.main"),
            crate::Resolution::File(main.clone())
        );
        assert_eq!(
            project.project_folder(&folder.path().join("src/app/core/setup.py")),
            folder.path()
        );
        project.module_name(&main)
    };
    assert_eq!(by("from app.main import app\n"), "app.main");
    assert_eq!(by("from src.app.main import app\n"), "src.app.main");
    assert_eq!(by("import os\n"), "src.app.main");
}

#[test]
fn the_nearest_configuration_counts() {
    let folder = Folder::new(&[
        (
            "pyproject.toml",
            "[tool.routewright]\nexclude = ['legacy/']\nsource-roots = ['lib']\n",
        ),
        ("legacy/old.py", ""),
        ("lib/shop.py", ""),
        ("api/routewright.toml", "exclude = []\npyton = 'x'\n"),
        ("api/legacy/kept.py", ""),
    ]);
    let project = discover(folder.path());
    let found: Vec<String> = project.files().map(|file| project.module_name(file)).collect();
    assert_eq!(found, ["legacy.kept", "shop"]);
    let (file, problems) = project.problems().iter().next().unwrap();
    assert!(file.ends_with("api/routewright.toml"));
    assert_eq!(problems[0].message, "unknown key `pyton`; did you mean `python`?");
}

#[test]
fn configured_entry_points_come_first() {
    let folder = Folder::new(&[
        (
            "pyproject.toml",
            "[tool.fastapi]\nentrypoint = 'shop.web:api'\n[tool.routewright]\nentrypoint = ['shop.admin:app']\n",
        ),
        ("src/shop/web.py", ""),
        ("src/shop/admin.py", ""),
        ("app.py", ""),
        ("app/main.py", ""),
    ]);
    let project = discover(folder.path());
    let found: Vec<_> = project.entry_points();
    let file = |path: &str| folder.path().join(path);
    assert_eq!(found[0].file, file("src/shop/admin.py"));
    assert_eq!(
        (found[1].file.clone(), found[1].attribute.as_deref()),
        (file("src/shop/web.py"), Some("api"))
    );
    assert_eq!(
        (found[2].file.clone(), found[2].origin),
        (file("app.py"), EntryPointOrigin::Search)
    );
    assert_eq!(found.len(), 3);
}

#[test]
fn a_project_s_own_lock_says_more_than_an_environment_around_it() {
    let lock = "[[package]]\nname = 'fastapi'\nversion = '0.115.0'\n";
    let folder = Folder::new(&[
        (
            ".venv/lib/python3.13/site-packages/fastapi-0.163.2.dist-info/METADATA",
            "",
        ),
        (".venv/pyvenv.cfg", ""),
        ("api/pyproject.toml", "[tool.routewright]\npython = 'gone'\n"),
        ("api/poetry.lock", lock),
        ("web/requirements.txt", "fastapi\n"),
    ]);
    let project = discover(folder.path());
    let version = |file: &str| project.version(&folder.path().join(file), "fastapi").unwrap();
    assert_eq!(version("api/main.py").0, "0.115.0");
    assert_eq!(version("web/main.py").0, "0.163.2");
    let (file, problems) = project.problems().iter().next().unwrap();
    assert!(file.ends_with("api/pyproject.toml"));
    assert!(
        problems[0].message.starts_with("no environment is at `gone`"),
        "{problems:?}"
    );
}

#[test]
fn versions_come_from_the_environment_before_the_lock() {
    let folder = Folder::new(&[
        (
            "uv.lock",
            "[[package]]\nname = 'fastapi'\nversion = '0.115.0'\n[[package]]\nname = 'sqlmodel'\nversion = '0.0.50'\n",
        ),
        ("main.py", ""),
        ("api/pyproject.toml", ""),
        (".venv/pyvenv.cfg", ""),
        (
            ".venv/lib/python3.13/site-packages/fastapi-0.163.2.dist-info/METADATA",
            "",
        ),
    ]);
    let project = discover(folder.path());
    let version = |distribution| {
        project
            .version(&folder.path().join("api/main.py"), distribution)
            .unwrap()
    };
    assert_eq!(
        version("fastapi"),
        ("0.163.2", Origin::Installed(folder.path().join(".venv")))
    );
    assert_eq!(
        version("sqlmodel"),
        ("0.0.50", Origin::Locked(folder.path().join("uv.lock")))
    );
}

#[test]
fn the_nearest_dotenv_file_counts() {
    let folder = Folder::new(&[
        (".env", "A=outer\nB=outer\n"),
        ("one/pyproject.toml", ""),
        ("one/.env", "A=inner\n"),
        ("two/pyproject.toml", ""),
    ]);
    let project = discover(folder.path());
    let value = |file: &str, name| {
        project
            .dotenv(&folder.path().join(file), name)
            .map(|value| value.to_string())
    };
    assert_eq!(value("one/main.py", "A").as_deref(), Some("inner"));
    assert_eq!(value("one/main.py", "B"), None);
    assert_eq!(value("two/main.py", "B").as_deref(), Some("outer"));
}

#[test]
fn files_come_and_go() {
    let folder = Folder::new(&[("app/main.py", "")]);
    let mut project = discover(folder.path());
    folder.write("app/users.py", "");
    folder.write(".venv/x.py", "");
    let path = |path: &str| folder.path().join(path);
    assert_eq!(project.file_added(&path("app/users.py")), Reload::Files);
    assert_eq!(project.file_added(&path("app/users.py")), Reload::Nothing);
    folder.write("app/generated.py", "");
    folder.write("app/.gitignore", "generated.py\n");
    assert_eq!(project.file_added(&path("app/generated.py")), Reload::Nothing);
    assert_eq!(project.file_added(&path("app/.gitignore")), Reload::All);
    assert_eq!(project.file_added(&path(".venv/x.py")), Reload::Nothing);
    assert_eq!(project.file_added(&path("pyproject.toml")), Reload::All);
    assert_eq!(project.file_removed(&path("app")), Reload::Files);
    assert_eq!(project.files().count(), 0);
}

#[test]
fn a_folder_that_is_gone_is_noted() {
    let project = discover(Path::new("/nowhere/at all"));
    assert_eq!(project.files().count(), 0);
    assert_eq!(project.notes().len(), 1);
}
