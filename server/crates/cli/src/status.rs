//! `routewright status`: which versions and which style a project has, and what shows it.

use crate::{
    args::{StatusFormat, StatusOptions},
    error::{Error, Outcome},
    output::{self, BOLD, CYAN, DIM, styled},
    target::{self, Target},
};
use ide::{GroundStatus, ProjectStatus, StyleStatus};
use serde_json::json;
use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

/// Prints what is known of the projects in PATH, or of the one around it.
///
/// # Errors
/// Where PATH does not exist.
pub(crate) fn run(options: &StatusOptions) -> Result<Outcome, Error> {
    let target = Target::new(&options.path)?;
    let analysis = target::open(std::slice::from_ref(&target), false).snapshot();
    let projects = analysis.projects(target.root());
    let text = match options.format {
        StatusFormat::Json => {
            let value = json!({"version": 1, "projects": projects, "problems": analysis.file_problems()});
            serde_json::to_string_pretty(&value).map_err(std::io::Error::other)? + "\n"
        }
        StatusFormat::Text => projects.iter().map(|project| told(project, target.root())).collect(),
    };
    output::print(&text)?;
    Ok(Outcome::Done)
}

fn told(project: &ProjectStatus, root: &Path) -> String {
    let mut text = String::new();
    let shown = |path: &Path| {
        let relative = path.strip_prefix(root).unwrap_or(path);
        let is_root = relative.as_os_str().is_empty();
        if is_root { Path::new(".") } else { relative }.display().to_string()
    };
    // Writing to a string can't fail.
    let _ = writeln!(text, "{}", styled(BOLD, format!("project {}", shown(&project.folder))));
    match (&project.environment, project.environment_found_by) {
        (Some(folder), Some(found_by)) => {
            let _ = writeln!(text, "  environment {} ({found_by})", shown(folder));
        }
        _ => text.push_str("  no environment was found\n"),
    }
    heading(&mut text, "versions");
    for (name, version) in &project.versions {
        let from = version.from.as_deref().map(|from| styled(CYAN, shown(from)));
        line(&mut text, name, &version.version, version.by, from);
    }
    heading(&mut text, "style");
    for item in &project.style {
        let value = item.value.as_deref().unwrap_or("not known");
        line(
            &mut text,
            item.name,
            value,
            &how(item),
            place(&item.file, item.line, shown),
        );
    }
    heading(&mut text, "ground");
    for part in &project.ground {
        let GroundStatus { symbol, detail, .. } = part;
        let value = symbol.as_deref().unwrap_or("none");
        let detail = detail.as_deref().unwrap_or_default();
        line(&mut text, part.name, value, detail, place(&part.file, part.line, shown));
    }
    text
}

fn heading(text: &mut String, name: &str) {
    let _ = writeln!(text, "  {name}");
}

fn line(text: &mut String, name: &str, value: &str, how: &str, place: Option<String>) {
    let how = styled(DIM, how);
    let _ = writeln!(text, "    {name:<16} {value:<24} {how}  {}", place.unwrap_or_default());
}

fn how(item: &StyleStatus) -> String {
    match item.count {
        Some(count) => format!("{} {count}\u{d7}", item.by),
        None => item.by.to_owned(),
    }
}

fn place(file: &Option<PathBuf>, line: Option<usize>, shown: impl Fn(&Path) -> String) -> Option<String> {
    let file = shown(file.as_deref()?);
    let place = match line {
        Some(line) => format!("{file}:{line}"),
        None => file,
    };
    Some(styled(CYAN, place))
}
