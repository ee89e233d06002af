use super::{Declared, Locks, Origin, Readings, outermost};
use crate::fixture::Folder;

/// Reads the project in `below` of a folder with these files.
fn declared(files: &[(&str, &str)], below: &str) -> (Declared, Vec<String>) {
    let folder = Folder::new(files);
    read(folder.path(), below)
}

fn read(folder: &std::path::Path, below: &str) -> (Declared, Vec<String>) {
    let project = if below.is_empty() {
        folder.to_path_buf()
    } else {
        folder.join(below)
    };
    let mut locks = Locks::default();
    let mut readings = Readings::default();
    let top = outermost(&project, &project, &mut locks);
    let declared = Declared::read(&project, &top, None, &mut locks, &mut readings);
    let mut problems = readings.problems;
    problems.extend(locks.into_problems());
    let name = |file: &std::path::Path| file.file_name().unwrap().to_string_lossy().into_owned();
    let told = problems
        .iter()
        .map(|(file, problem)| format!("{}: {}", name(file), problem.message));
    (declared, told.collect())
}

/// `0.115.14 locked in uv.lock`.
fn told(declared: &Declared, distribution: &str) -> String {
    declared
        .version(distribution)
        .map_or_else(String::new, |(version, origin)| said(version, &origin))
}

fn said(version: &str, origin: &Origin) -> String {
    let file = origin.path().file_name().unwrap().to_string_lossy();
    format!("{version} {} in {file}", origin.kind())
}

fn fastapi(files: &[(&str, &str)]) -> String {
    told(&declared(files, "").0, "fastapi")
}

/// What uv, Poetry, PDM, pipenv and pip wrote themselves.
fn written_by_tools(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/locks");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn every_lock_file_is_read() {
    for name in ["uv.lock", "poetry.lock", "pdm.lock", "pylock.uv.toml"] {
        let text = written_by_tools(name);
        for (python, fastapi, sqlalchemy) in [
            ("3.10.13", "0.115.14", "2.0.58"),
            (
                "3.12",
                "0.165.0",
                if name == "poetry.lock" { "2.0.58" } else { "2.1.9" },
            ),
        ] {
            let (declared, problems) = declared(&[(name, &text), (".python-version", python)], "");
            assert_eq!(told(&declared, "fastapi"), format!("{fastapi} locked in {name}"));
            assert_eq!(told(&declared, "sqlalchemy"), format!("{sqlalchemy} locked in {name}"));
            assert_eq!(
                said(&declared.python.unwrap().0, &Origin::Locked(name.into())),
                format!("{python} locked in {name}")
            );
            assert_eq!(problems, Vec::<String>::new());
        }
    }
    for (name, wrote) in [("Pipfile.lock", "Pipfile.lock"), ("pylock.toml", "pylock.pip.toml")] {
        let text = written_by_tools(wrote);
        assert_eq!(fastapi(&[(name, &text)]), format!("0.115.14 locked in {name}"));
    }
}

#[test]
fn the_python_of_a_lock_is_the_lowest_it_was_made_for() {
    for (name, python) in [("uv.lock", "3.10"), ("poetry.lock", "3.10"), ("Pipfile.lock", "3.11")] {
        let (declared, _) = declared(&[(name, &written_by_tools(name))], "");
        let (version, origin) = declared.python.unwrap();
        assert_eq!(said(&version, &origin), format!("{python} range in {name}"));
    }
}

#[test]
fn members_of_a_workspace_get_what_its_lock_has_for_them() {
    let lock = written_by_tools("workspace/uv.lock");
    let member = |name: &str| format!("[project]\nname = '{name}'\nversion = '1'\ndependencies = ['fastapi']\n");
    let folder = Folder::new(&[
        ("uv.lock", &lock),
        ("packages/api/pyproject.toml", &member("api")),
        ("packages/legacy/pyproject.toml", &member("legacy")),
        ("packages/stranger/pyproject.toml", &member("stranger")),
        (".python-version", "3.13\n"),
    ]);
    let version = |below: &str, distribution: &str| told(&read(folder.path(), below).0, distribution);
    assert_eq!(version("packages/api", "fastapi"), "0.165.0 locked in uv.lock");
    assert_eq!(version("packages/api", "pydantic"), "2.14.4 locked in uv.lock");
    assert_eq!(version("packages/legacy", "fastapi"), "0.115.14 locked in uv.lock");
    assert_eq!(version("packages/legacy", "pydantic"), "1.10.27 locked in uv.lock");
    assert_eq!(version("packages/legacy", "starlette"), "0.46.2 locked in uv.lock");
    assert_eq!(version("packages/stranger", "fastapi"), "");
}

#[test]
fn a_broken_lock_is_told_with_its_remedy_and_the_rest_goes_on() {
    let conflict = "version = 1\n<<<<<<< HEAD\n";
    let (declared, problems) = declared(
        &[
            ("uv.lock", conflict),
            ("Pipfile.lock", "{"),
            ("requirements.txt", "fastapi==0.120.1\n-r gone.txt\n"),
        ],
        "",
    );
    assert_eq!(told(&declared, "fastapi"), "0.120.1 locked in requirements.txt");
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(
        problems[0].starts_with("requirements.txt: `gone.txt` is not there"),
        "{problems:#?}"
    );
    assert!(
        problems[1].starts_with("uv.lock: the lock file can't be read ("),
        "{problems:#?}"
    );
    assert!(problems[1].ends_with("; write it anew with `uv lock`"), "{problems:#?}");
    assert!(
        problems[2].ends_with("; write it anew with `pipenv lock`"),
        "{problems:#?}"
    );
}

#[test]
fn requirements_are_read_with_extras_markers_and_includes() {
    let files = [
        (
            "requirements.txt",
            "-r base.txt\nuvicorn[standard]==0.40.0 ; python_version > '3.9' # note\n-e .\nstarlette==0.1 ; python_version < '3'\n",
        ),
        (
            "base.txt",
            "FastAPI [standard] >=0.115, <0.116 --hash=sha256:00\n./local/thing\npydantic==2.11.10 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n-r requirements.txt\n",
        ),
    ];
    let (declared, problems) = declared(&files, "");
    assert_eq!(told(&declared, "uvicorn"), "0.40.0 locked in requirements.txt");
    assert_eq!(told(&declared, "fastapi"), "0.115.14 range in base.txt");
    assert_eq!(told(&declared, "pydantic"), "2.11.10 locked in base.txt");
    assert_eq!(told(&declared, "starlette"), "");
    assert!(declared.names("starlette"));
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn constraints_narrow_what_is_asked_for() {
    let constrained = |first: &str| {
        fastapi(&[
            ("requirements.txt", &format!("{first}\nfastapi>=0.100\n")),
            ("limits/all.txt", "fastapi==0.112.1\n"),
        ])
    };
    for option in ["-c limits/all.txt", "--constraint=limits/all.txt", "-climits/all.txt"] {
        assert_eq!(constrained(option), "0.112.1 locked in all.txt", "{option}");
    }
    let only_constrained = declared(
        &[
            ("requirements.txt", "-c limits.txt\n"),
            ("limits.txt", "fastapi<0.112\n"),
        ],
        "",
    );
    assert!(!only_constrained.0.names("fastapi"));
    let uv = "[project]\ndependencies = ['fastapi']\n[tool.uv]\nconstraint-dependencies = ['fastapi<0.120']\n";
    assert_eq!(fastapi(&[("pyproject.toml", uv)]), "0.119.1 range in pyproject.toml");
}

#[test]
fn requirements_that_a_shell_of_windows_wrote_are_read() {
    let folder = Folder::new(&[]);
    let file = folder.path().join("requirements.txt");
    let text = "\u{feff}fastapi==0.115.2\r\npydantic==2.9.2\r\n";
    let little = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big, text.as_bytes().to_vec()] {
        std::fs::write(&file, bytes).unwrap();
        let (declared, problems) = read(folder.path(), "");
        assert_eq!(told(&declared, "fastapi"), "0.115.2 locked in requirements.txt");
        assert_eq!(told(&declared, "pydantic"), "2.9.2 locked in requirements.txt");
        assert_eq!(problems, Vec::<String>::new());
    }
}

#[test]
fn a_url_can_name_a_version() {
    for line in [
        "fastapi @ git+https://example.com/fastapi.git@0.115.2",
        "fastapi @ https://example.com/fastapi-0.115.2-py3-none-any.whl#sha256=00",
    ] {
        assert_eq!(
            fastapi(&[("requirements.txt", line)]),
            "0.115.2 locked in requirements.txt"
        );
    }
}

#[test]
fn pyproject_ranges_are_read() {
    for (text, expected) in [
        ("[project]\ndependencies = [\"fastapi[standard]<0.120\"]\n", "0.119.1"),
        (
            "[project]\ndependencies = ['fastapi']\n[project.optional-dependencies]\nold = ['fastapi<0.110']\n",
            "0.109.2",
        ),
        (
            "[tool.poetry.dependencies]\npython = \"^3.12\"\nfastapi = {version = \"^0.110\", extras = []}\n",
            "0.110.3",
        ),
        (
            "[tool.poetry.group.web.dependencies]\nfastapi = '~0.111.0'\n",
            "0.111.1",
        ),
        (
            "[tool.poetry.dependencies]\npython = '^3.11'\nfastapi = [{version = '<0.116', python = '<3.11'}, {version = '^0.130', python = '>=3.11'}]\n",
            "0.130.0",
        ),
        ("[dependency-groups]\nweb = [\"fastapi==0.130.*\"]\n", "0.130.0"),
    ] {
        assert_eq!(
            fastapi(&[("pyproject.toml", text)]),
            format!("{expected} range in pyproject.toml")
        );
    }
    let pipfile = "[packages]\nfastapi = '<0.116'\n[requires]\npython_version = '3.11'\n";
    let (declared, _) = declared(&[("Pipfile", pipfile)], "");
    assert_eq!(told(&declared, "fastapi"), "0.115.14 range in Pipfile");
    assert_eq!(declared.python.unwrap().0, "3.11");
}

#[test]
fn what_is_around_a_project_counts_where_it_says_nothing_itself() {
    let files = [
        ("requirements.txt", "fastapi==0.110.0\nstarlette==0.36.3\n"),
        ("alembic/alembic.ini", ""),
        ("worker/pyproject.toml", "[project]\ndependencies = ['fastapi']\n"),
        (".git/HEAD", ""),
    ];
    assert_eq!(
        told(&declared(&files, "alembic").0, "fastapi"),
        "0.110.0 locked in requirements.txt"
    );
    assert_eq!(told(&declared(&files, "worker").0, "starlette"), "");
}

#[test]
fn a_pinned_python_comes_before_a_range() {
    let pyproject = "[project]\nrequires-python = '>=3.10,<4'\n";
    let files = [
        (".python-version", "3.13.1\n"),
        ("api/pyproject.toml", pyproject),
        (".git/HEAD", ""),
    ];
    let (version, origin) = declared(&files, "api").0.python.unwrap();
    assert_eq!(said(&version, &origin), "3.13.1 locked in .python-version");
    let (version, origin) = declared(&files[1..], "api").0.python.unwrap();
    assert_eq!(said(&version, &origin), "3.10 range in pyproject.toml");
}
