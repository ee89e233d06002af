//! `docs/scaffolds.md`: every scaffold with what it does to projects of the tests, and which of them serves what guides for
//! builders of FastAPI backends ask for.

use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// A diff of more lines is folded.
const SHORT: usize = 60;

/// Why the page can't be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// A file that it is made from can't be read.
    #[error("{0}: {1}")]
    Read(PathBuf, io::Error),
    /// A file is not what it should be.
    #[error("{0}: {1}")]
    Parse(PathBuf, toml::de::Error),
    /// Requirements that claim what is not so, one a line.
    #[error("tests/generated/requirements.toml:\n{0}")]
    Requirements(String),
}

/// The page, from the files of the repository.
///
/// # Errors
/// Where a file can't be read, or a requirement names a scaffold, rule or text that is not there.
pub(crate) fn page(root: &Path) -> Result<String, PageError> {
    let evidence = Evidence::read(root)?;
    let guides: Guides = read_toml(&root.join("tests/generated/requirements.toml"))?;
    let problems = guides.problems(&evidence);
    if !problems.is_empty() {
        return Err(PageError::Requirements(problems.join("\n")));
    }
    let mut page = INTRODUCTION.to_owned();
    page += &overview();
    for scaffold in ide::scaffolds() {
        page += &section(scaffold, &evidence);
    }
    page += &guides.render();
    Ok(page)
}

const INTRODUCTION: &str = "\
# Scaffolds

A scaffold reads the project first and writes what its team would have written there. The same engine serves
code actions, the commands of the [protocol](protocol.md) and `routewright add`, where `--dry-run` shows the change as a diff.

- **One change over all files, or none.** An editor shows it before it is made, and takes it back in one step.
- **Nothing is overwritten.** What is there is used, files are extended, and a clash is refused with its reason.
- **Asked twice, it changes nothing** and says why.
- **Style** is read off the project; `routewright status` shows it with its evidence, and `[tool.routewright.style]` sets it
  ([configuration](configuration.md)).
- **Packages** that are needed are added where the project lists its own.

What is shown here comes from the tests: the projects in `tests/generated/bases`, where the result is formatted, linted, type-checked,
served, and tested with SQLite and PostgreSQL.

";

fn overview() -> String {
    let mut table = String::from("| scaffold | command | |\n| --- | --- | --- |\n");
    for scaffold in ide::scaffolds() {
        let _ = writeln!(
            table,
            "| [{name}](#{name}) | `routewright {command}` | {summary} |",
            name = scaffold.name,
            command = scaffold.command,
            summary = scaffold.summary,
        );
    }
    table + "\n[What guides ask for](#what-guides-ask-for), and what serves it, is at the end.\n"
}

fn section(scaffold: &ide::About, evidence: &Evidence) -> String {
    let mut text = format!(
        "\n## {}\n\n{}.\n\n```sh\nroutewright {}\n```\n\n{}\n",
        scaffold.name,
        scaffold.summary,
        scaffold.command,
        scaffold.docs.trim(),
    );
    let examples = evidence.examples(scaffold.name);
    for (at, example) in examples.iter().enumerate() {
        // The shortest is shown open; of the endpoint's, which are all short, every one.
        text += &example.render(at == 0 || example.link.is_none());
    }
    text
}

/// What a scaffold does somewhere.
struct Example {
    title: String,
    diff: String,
    /// Where the whole of it is, below the repository's root, unless this is all.
    link: Option<String>,
}

impl Example {
    fn render(&self, is_open: bool) -> String {
        let lines = self.diff.lines().count();
        match (&self.link, is_open) {
            (Some(link), false) => format!("\n[{}](../{link}), {lines} lines of a diff\n", self.title),
            _ if lines <= SHORT => format!("\n{}:\n\n```diff\n{}```\n", self.title, self.diff),
            _ => format!(
                "\n<details>\n<summary>{}, {lines} lines</summary>\n\n```diff\n{}```\n\n</details>\n",
                self.title, self.diff
            ),
        }
    }
}

/// Diffs that persons have read, by name, those of scaffolds over several files and those of endpoints.
struct Evidence {
    goldens: BTreeMap<String, String>,
    endpoints: BTreeMap<String, Vec<Example>>,
    manifest: Manifest,
}

/// What is taken from `matrix.toml`.
#[derive(Deserialize)]
struct Manifest {
    scaffold: BTreeMap<String, Variant>,
}

/// A scaffold with certain options.
#[derive(Deserialize)]
struct Variant {
    commands: Vec<String>,
}

impl Evidence {
    fn read(root: &Path) -> Result<Self, PageError> {
        let mut goldens = BTreeMap::new();
        for path in files(&root.join("tests/generated/goldens"), "diff")? {
            goldens.insert(stem(&path), read(&path)?);
        }
        let mut endpoints = BTreeMap::new();
        for path in files(&root.join("tests/scaffold"), "md")? {
            endpoints.insert(stem(&path), insertions(&read(&path)?));
        }
        Ok(Self {
            goldens,
            endpoints,
            manifest: read_toml(&root.join("tests/generated/matrix.toml"))?,
        })
    }

    /// What a scaffold of the catalogue does, the shortest first.
    fn examples(&self, name: &str) -> Vec<Example> {
        if name == "endpoint" {
            let firsts = self.endpoints.values().filter_map(|suite| suite.first());
            return firsts.map(Example::again).collect();
        }
        let mut found: Vec<Example> = self
            .goldens
            .iter()
            .filter_map(|(golden, diff)| {
                let (base, variant) = golden.split_once('+')?;
                let commands = &self.manifest.scaffold.get(variant)?.commands;
                (scaffold_of(commands.first()?) == name).then(|| Example {
                    title: format!(
                        "In the project `{base}`: `routewright {}`",
                        commands.join("`, `routewright ")
                    ),
                    diff: diff.clone(),
                    link: Some(format!("tests/generated/goldens/{golden}.diff")),
                })
            })
            .collect();
        found.sort_by_key(|example| example.diff.lines().count());
        found
    }

    /// Whether a text stands in an added line of a diff.
    fn shows(&self, diff: &str, text: &str) -> bool {
        let golden = self.goldens.get(diff).map(String::as_str);
        let endpoints = self.endpoints.get(diff).into_iter().flatten();
        let mut diffs = golden.into_iter().chain(endpoints.map(|example| &*example.diff));
        diffs.any(|diff| diff.lines().any(|line| line.starts_with('+') && line.contains(text)))
    }
}

impl Example {
    fn again(&self) -> Self {
        Self {
            title: self.title.clone(),
            diff: self.diff.clone(),
            link: self.link.clone(),
        }
    }
}

/// The name in the catalogue of what a command of the matrix asks for.
fn scaffold_of(command: &str) -> &str {
    let mut words = command.split_whitespace().skip(1);
    match words.next() {
        Some("auth") if command.contains(" --on ") => "require",
        name => name.unwrap_or_default(),
    }
}

/// The insertions of a suite of endpoints: titles, and what is expected where it is a diff.
fn insertions(suite: &str) -> Vec<Example> {
    let about = suite.lines().next().unwrap_or_default().trim_start_matches("# ");
    let mut found = Vec::new();
    for case in suite.split("\n## ").skip(1) {
        let title = case.lines().next().unwrap_or_default();
        let expected = case
            .split_once("\n```diff\n")
            .and_then(|(_, rest)| rest.split_once("\n```"));
        let Some((diff, _)) = expected else {
            continue;
        };
        found.push(Example {
            title: format!("{about}: {title}"),
            diff: format!("{diff}\n"),
            link: None,
        });
    }
    found
}

/// What is asked for.
#[derive(Deserialize)]
struct Guides {
    guide: Vec<Guide>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guide {
    title: String,
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    what: String,
    by: Option<String>,
    shown: Option<String>,
    note: Option<String>,
    later: Option<String>,
    missing: Option<String>,
}

impl Guides {
    fn problems(&self, evidence: &Evidence) -> Vec<String> {
        let requirements = self.guide.iter().flat_map(|guide| &guide.requirements);
        requirements
            .filter_map(|requirement| {
                let problem = requirement.problem(evidence)?;
                Some(format!("{}: {problem}", requirement.what))
            })
            .collect()
    }

    fn render(&self) -> String {
        let mut text = String::from(GUIDES);
        for guide in &self.guide {
            let _ = write!(
                text,
                "\n### {}\n\n| asked for | served by | |\n| --- | --- | --- |\n",
                guide.title
            );
            for requirement in &guide.requirements {
                text += &requirement.render();
            }
        }
        text
    }
}

const GUIDES: &str = "
## What guides ask for

Five widely used guides describe how a FastAPI backend is to be built. Each of their requirements, in few words, and what serves
it; the text in the last column stands in the diff that is named, which a test checks.
";

impl Requirement {
    /// What is wrong with what it claims.
    fn problem(&self, evidence: &Evidence) -> Option<String> {
        match (&self.by, &self.shown, &self.later, &self.missing) {
            (None, None, Some(_), None) | (None, None, None, Some(_)) => None,
            (Some(by), shown, None, None) => match (by.split_once(' '), shown) {
                (Some(("rule", name)), None) => rules::rule(name).is_none().then(|| format!("there is no rule {name}")),
                (Some(("command", _)), None) => None,
                (Some(_), _) => Some(format!("{by} is neither a scaffold nor a rule nor a command")),
                (None, _) if ide::about_scaffold(by).is_none() => Some(format!("there is no scaffold {by}")),
                (None, Some(shown)) => Self::unshown(shown, evidence),
                (None, None) => Some("it says of no diff that it shows it".to_owned()),
            },
            _ => Some("it is served, comes later or is missing: one of them".to_owned()),
        }
    }

    fn unshown(shown: &str, evidence: &Evidence) -> Option<String> {
        match shown.split_once(": ") {
            Some((diff, text)) if evidence.shows(diff, text) => None,
            Some((diff, text)) => Some(format!("no added line of {diff} has `{text}`")),
            None => Some("`shown` is `DIFF: TEXT`".to_owned()),
        }
    }

    fn render(&self) -> String {
        let by = match self.by.as_deref().map(|by| by.split_once(' ').unwrap_or(("", by))) {
            Some(("rule", name)) => format!("[{name}](rules/{name}.md)"),
            Some(("command", name)) => format!("`routewright {name}`"),
            Some((_, name)) => format!("[{name}](#{name})"),
            None if self.missing.is_some() => "**missing**".to_owned(),
            None => "comes next".to_owned(),
        };
        let shown = self.shown.as_deref().and_then(|shown| shown.split_once(": "));
        let shown = shown.map(|(diff, text)| format!("`{}` in {diff}", text.replace('|', "\\|")));
        let remarks = [shown, self.note.clone(), self.later.clone(), self.missing.clone()];
        let remarks: Vec<String> = remarks.into_iter().flatten().collect();
        format!(
            "| {} | {by} | {} |\n",
            self.what.replace('|', "\\|"),
            remarks.join("; ")
        )
    }
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, PageError> {
    let failed = |error| PageError::Read(folder.to_path_buf(), error);
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<String, PageError> {
    fs::read_to_string(path).map_err(|error| PageError::Read(path.to_path_buf(), error))
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, PageError> {
    toml::from_str(&read(path)?).map_err(|error| PageError::Parse(path.to_path_buf(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn the_page_is_fresh() {
        let kept = fs::read_to_string(root().join("docs/scaffolds.md")).unwrap_or_default();
        assert!(
            kept == page(&root()).unwrap(),
            "docs/scaffolds.md: run `cargo xtask docs`"
        );
    }

    #[test]
    fn every_scaffold_has_an_example() {
        let evidence = Evidence::read(&root()).unwrap();
        for scaffold in ide::scaffolds() {
            assert!(!evidence.examples(scaffold.name).is_empty(), "{}", scaffold.name);
        }
    }

    #[test]
    fn a_requirement_that_claims_what_is_not_so_is_told() {
        let evidence = Evidence::read(&root()).unwrap();
        let said = |text: &str| {
            let requirement: Requirement = toml::from_str(&format!("what = 'x'\n{text}")).unwrap();
            requirement.problem(&evidence).unwrap_or_default()
        };
        assert_eq!(said("missing = 'it'"), "");
        assert_eq!(said("by = 'rule bad-prefix'"), "");
        assert_eq!(said("by = 'rule no'"), "there is no rule no");
        assert_eq!(said("by = 'no'\nshown = 'a: b'"), "there is no scaffold no");
        assert_eq!(said("by = 'errors'"), "it says of no diff that it shows it");
        assert_eq!(
            said("by = 'errors'\nshown = 'layered+errors: xyzzy'"),
            "no added line of layered+errors has `xyzzy`"
        );
        assert_eq!(
            said("by = 'errors'\nmissing = 'it'"),
            "it is served, comes later or is missing: one of them"
        );
    }
}
