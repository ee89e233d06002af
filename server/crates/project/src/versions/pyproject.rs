//! Dependencies that `pyproject.toml` declares, for every tool, and those of a `Pipfile`.

use super::Claims;
use super::marker::Markers;
use super::requirements::{Wanted, read_requirement};
use pep440_rs::{Version, VersionSpecifiers};
use std::path::Path;
use std::str::FromStr;
use toml::{Table, Value};

fn at<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// Takes over the dependencies of a `pyproject.toml`: what it needs, then its extras and groups, then constraints.
pub(super) fn read(file: &Path, pyproject: &Table, claims: &mut Claims<'_>) {
    let lists = [&["project", "dependencies"][..], &["tool", "uv", "dev-dependencies"]];
    let groups = [
        &["project", "optional-dependencies"][..],
        &["dependency-groups"],
        &["tool", "pdm", "dev-dependencies"],
    ];
    let lists = lists.iter().filter_map(|keys| at(pyproject, keys));
    let groups = groups.iter().filter_map(|keys| at(pyproject, keys)?.as_table());
    for requirement in strings(lists.chain(groups.flat_map(Table::values))) {
        read_requirement(requirement, false, file, claims);
    }
    read_poetry(file, pyproject, claims);
    let constraints = ["constraint-dependencies", "override-dependencies"];
    let constraints = constraints.iter().filter_map(|key| at(pyproject, &["tool", "uv", key]));
    for constraint in strings(constraints) {
        read_requirement(constraint, true, file, claims);
    }
}

fn strings<'a>(lists: impl Iterator<Item = &'a Value>) -> impl Iterator<Item = &'a str> {
    lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str)
}

fn read_poetry(file: &Path, pyproject: &Table, claims: &mut Claims<'_>) {
    let groups = at(pyproject, &["tool", "poetry", "group"]).and_then(Value::as_table);
    let of_groups = groups.into_iter().flat_map(Table::values);
    let tables = [
        &["tool", "poetry", "dependencies"],
        &["tool", "poetry", "dev-dependencies"],
    ];
    let tables = tables.iter().filter_map(|keys| at(pyproject, &keys[..]));
    let tables = tables.chain(of_groups.filter_map(|group| group.get("dependencies")));
    let dependencies = tables.filter_map(Value::as_table).flatten();
    let markers = claims.markers;
    for (name, says) in dependencies.filter(|(name, _)| *name != "python") {
        // Several are for several Pythons or systems.
        let alternatives = says.as_array().map_or(std::slice::from_ref(says), Vec::as_slice);
        for says in alternatives.iter().filter(|says| is_meant(says, markers)) {
            let range = says.as_str().or_else(|| says.get("version")?.as_str());
            let range = VersionSpecifiers::from_str(&poetry_range(range.unwrap_or("*")));
            claims.add(
                name,
                Wanted::of(range.unwrap_or_else(|_| VersionSpecifiers::empty())),
                false,
                file,
            );
        }
    }
}

fn is_meant(says: &Value, markers: &Markers) -> bool {
    let text = |key: &str| says.get(key)?.as_str();
    let python = text("python").map(poetry_range);
    python.is_none_or(|range| markers.is_python_in(&range))
        && text("markers").is_none_or(|marker| markers.hold(marker, &[]))
}

/// Takes over the packages of a `Pipfile`.
pub(super) fn read_pipfile(file: &Path, pipfile: &Table, claims: &mut Claims<'_>) {
    for (name, says) in ["packages", "dev-packages"]
        .iter()
        .filter_map(|key| pipfile.get(*key)?.as_table())
        .flatten()
    {
        if says
            .get("markers")
            .and_then(Value::as_str)
            .is_none_or(|marker| claims.markers.hold(marker, &[]))
        {
            let range = says.as_str().or_else(|| says.get("version")?.as_str());
            let range = VersionSpecifiers::from_str(range.unwrap_or("*").trim_start_matches('*'));
            claims.add(
                name,
                Wanted::of(range.unwrap_or_else(|_| VersionSpecifiers::empty())),
                false,
                file,
            );
        }
    }
}

/// Poetry's `^1.2` and `~1.2` as a range of PEP 440; of alternatives (`||`) the last.
pub(super) fn poetry_range(range: &str) -> String {
    let last = range.rsplit("||").next().unwrap_or(range);
    let parts = last.split(',').map(str::trim).map(poetry_part);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",")
}

fn poetry_part(range: &str) -> String {
    let caret = range.strip_prefix('^');
    let Some(text) = caret.or_else(|| range.strip_prefix('~').filter(|rest| !rest.starts_with('='))) else {
        let is_plain = range.starts_with(|c: char| c.is_ascii_digit());
        return match range {
            "*" => String::new(),
            range if is_plain => format!("=={range}"),
            range => range.to_owned(),
        };
    };
    let Ok(version) = Version::from_str(text.trim()) else {
        return String::new();
    };
    let release = version.release();
    // The first part that is not zero may not change; with a tilde, the second part.
    let fixed = match caret {
        Some(_) => release.iter().position(|part| *part != 0).unwrap_or(release.len() - 1),
        None => usize::from(release.len() > 1),
    };
    let mut upper: Vec<String> = release[..=fixed].iter().map(u64::to_string).collect();
    upper[fixed] = (release[fixed] + 1).to_string();
    format!(">={version},<{}", upper.join("."))
}

#[cfg(test)]
mod tests {
    use super::poetry_range;

    #[test]
    fn poetry_s_operators_are_understood() {
        for (poetry, pep440) in [
            ("^0.115.2", ">=0.115.2,<0.116"),
            ("^1.2", ">=1.2,<2"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1", ">=1,<2"),
            ("~=1.2", "~=1.2"),
            ("0.1.0", "==0.1.0"),
            ("0.115.*", "==0.115.*"),
            (">=1.2, !=1.3", ">=1.2,!=1.3"),
            ("^1.10 || ^2.4", ">=2.4,<3"),
            ("*", ""),
        ] {
            assert_eq!(poetry_range(poetry), pep440);
        }
    }
}
