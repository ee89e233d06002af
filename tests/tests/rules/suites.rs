//! Runs every suite of `tests/rules/`.

use crate::case::cases;
use std::path::Path;

fn suites() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut suites: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    suites.sort();
    suites
}

#[test]
fn every_suite_finds_what_it_expects_and_nothing_else() {
    let mut problems = Vec::new();
    for (name, text) in suites() {
        for case in cases(&text) {
            let found = case.problems().into_iter();
            problems.extend(found.map(|problem| format!("{name} › {}: {problem}", case.name)));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_fix_of_a_suite_leaves_python_without_the_finding() {
    for (name, text) in suites() {
        for case in cases(&text) {
            crate::fixes::each_fix_removes_its_finding(&format!("{name} › {}", case.name), &case);
        }
    }
}

#[test]
fn every_rule_has_a_suite() {
    let names: Vec<String> = suites().into_iter().map(|(name, _)| name).collect();
    for rule in rules::registry() {
        assert!(names.iter().any(|name| name == rule.meta.name), "{}", rule.meta.name);
    }
}

#[test]
fn paths_without_end_are_survived() {
    for path in ["/a".repeat(100_000), "/{x}".repeat(50_000), "{".repeat(100_000)] {
        let decorator = format!("@app.get(\"{path}\")\n");
        let text = format!(
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n{decorator}{decorator}def f(x: int) -> int:\n    return x\n"
        );
        let found = crate::project::Project::write([("/main.py", text.as_str())]).check();
        assert!(
            found
                .iter()
                .all(|found| found.finding.rule.name == "path-missing-slash")
        );
    }
}
