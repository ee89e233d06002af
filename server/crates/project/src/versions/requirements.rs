//! Requirements files, as pip reads them, and requirements as PEP 508 writes them.

use super::{Claims, normalized_name};
use crate::ConfigProblem;
use pep440_rs::{Operator, Version, VersionSpecifiers};
use pep508_rs::{Requirement, VerbatimUrl, VersionOrUrl};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What a requirement says of the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Exactly this one.
    Pinned(SmolStr),
    /// One in a range; empty where any will do.
    Range(VersionSpecifiers),
}

impl Wanted {
    pub(super) fn of(range: VersionSpecifiers) -> Self {
        let is_pin = |operator: &Operator| matches!(operator, Operator::Equal | Operator::ExactEqual);
        let pin = range.iter().find(|specifier| is_pin(specifier.operator()));
        match pin {
            Some(pin) => Self::Pinned(pin.version().to_string().into()),
            None => Self::Range(range),
        }
    }
}

/// `requirements.txt` of a folder first, then others of that kind by name; what they are compiled from comes last.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let below = folder.join("requirements");
    let entries = [folder, below.as_path()].map(std::fs::read_dir).into_iter().flatten();
    let paths = entries.flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            is_requirements(&name, path.parent() == Some(&below)) && path.is_file()
        })
        .collect();
    files.sort_by_cached_key(|path| {
        let is_source = path.extension().is_some_and(|extension| extension == "in");
        let is_main = path.file_name().is_some_and(|name| name == "requirements.txt");
        (is_source, !is_main, path.clone())
    });
    files
}

/// Whether a file of that name holds requirements; in a folder `requirements` every text file does.
pub(crate) fn is_requirements(name: &str, is_in_folder: bool) -> bool {
    let stem = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in"));
    stem.is_some_and(|stem| is_in_folder || stem.starts_with("requirements") || stem.ends_with("requirements"))
}

/// Reads a requirements file and what it includes.
pub(super) fn read(file: &Path, claims: &mut Claims<'_>) {
    read_once(file, false, claims, &mut FxHashSet::default());
}

fn read_once(file: &Path, is_constraints: bool, claims: &mut Claims<'_>, seen: &mut FxHashSet<PathBuf>) {
    if !seen.insert(file.to_path_buf()) {
        return;
    }
    claims.readings.requirements.insert(file.to_path_buf());
    let Ok(bytes) = std::fs::read(file) else { return };
    let text = decoded(&bytes).replace("\\\r\n", " ").replace("\\\n", " ");
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let line = without_comment(line).trim();
        let Some((included, of_constraints)) = include(line) else {
            if !line.starts_with('-') {
                read_line(line, is_constraints, file, claims);
            }
            continue;
        };
        if included.contains("://") {
            continue;
        }
        let target = file.parent().unwrap_or(file).join(included);
        claims.readings.requirements.insert(target.clone());
        if target.is_file() {
            read_once(&target, is_constraints || of_constraints, claims, seen);
        } else {
            let message = format!("`{included}` is not there, so what it asks for does not count; correct the path");
            let problem = ConfigProblem {
                span: (text.len() == bytes.len()).then_some(span),
                message,
            };
            claims.readings.problems.push((file.to_path_buf(), problem));
        }
    }
}

/// A file's text: UTF-8, or UTF-16 where it begins so, as shells of Windows write it (`pip._internal.req.req_file`, `BOMS`).
fn decoded(bytes: &[u8]) -> String {
    let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A comment begins the line, or behind white space (`pip._internal.req.req_file.COMMENT_RE`).
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    let end = line.find(" #").or_else(|| line.find("\t#"));
    &line[..end.unwrap_or(line.len())]
}

/// The file that `-r` or `-c` names, and whether it holds constraints.
fn include(line: &str) -> Option<(&str, bool)> {
    let options = [
        ("--requirement", false),
        ("--constraint", true),
        ("-r", false),
        ("-c", true),
    ];
    let (rest, of_constraints) = options
        .iter()
        .find_map(|(option, of_constraints)| Some((line.strip_prefix(option)?, *of_constraints)))?;
    let file = rest.trim_start().trim_start_matches('=').trim();
    (!file.is_empty()).then_some((file.trim_matches(['"', '\'']), of_constraints))
}

fn read_line(line: &str, is_constraint: bool, file: &Path, claims: &mut Claims<'_>) {
    // Options of one requirement, such as its hashes.
    let line = line.split(" --").next().unwrap_or_default().trim();
    if !line.is_empty() && !line.starts_with(['.', '/']) {
        read_requirement(line, is_constraint, file, claims);
    }
}

/// Takes over a requirement as PEP 508 writes it, if its marker holds. What can't be read says nothing.
pub(super) fn read_requirement(text: &str, is_constraint: bool, file: &Path, claims: &mut Claims<'_>) {
    let Ok(requirement) = Requirement::<VerbatimUrl>::from_str(text) else {
        return;
    };
    if !claims.markers.holds_for(&requirement.marker, &[]) {
        claims.named.insert(normalized_name(requirement.name.as_ref()));
        return;
    }
    let wanted = match requirement.version_or_url {
        None => Wanted::Range(VersionSpecifiers::empty()),
        Some(VersionOrUrl::VersionSpecifier(range)) => Wanted::of(range),
        Some(VersionOrUrl::Url(url)) => match version_in_url(&url.to_string()) {
            Some(version) => Wanted::Pinned(version),
            None => Wanted::Range(VersionSpecifiers::empty()),
        },
    };
    claims.add(requirement.name.as_ref(), wanted, is_constraint, file);
}

/// The version that a URL names: a tag (`git+https://…@0.115.0`), or an archive's (`…/fastapi-0.115.0-py3-none-any.whl`).
fn version_in_url(url: &str) -> Option<SmolStr> {
    let url = url.split('#').next().unwrap_or(url);
    let file = url.rsplit('/').next()?;
    let of_tag = file.rsplit_once('@').map(|(_, tag)| tag.trim_start_matches('v'));
    let of_archive = || {
        let stem = file.strip_suffix(".whl").or_else(|| file.strip_suffix(".tar.gz"))?;
        stem.split('-').nth(1)
    };
    let text = of_tag.or_else(of_archive)?;
    Version::from_str(text).ok().map(|version| version.to_string().into())
}
