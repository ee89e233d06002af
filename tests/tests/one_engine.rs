//! Code actions, commands and the command line are one engine: what an editor is sent is what `routewright add` writes, and
//! what was added is not offered again.

#![allow(clippy::unwrap_used, clippy::panic)] // Tests fail by panicking.

use base::Span;
use ide::{Analysis, Host, HostOptions, Offer};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};
use testkit::{Client, MOMENT, Setup, binary, uri};

/// Files by their path below the project.
type Tree = BTreeMap<PathBuf, String>;

/// An offer, and where it is made: file, line and offset.
struct Offered {
    offer: Offer,
    file: PathBuf,
    line: u32,
    offset: u32,
}

fn tree(root: &Path) -> Tree {
    let mut files = Tree::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                files.insert(path.strip_prefix(root).unwrap().to_path_buf(), text);
            }
        }
    }
    files
}

fn write(root: &Path, files: &Tree) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn analyse(root: &Path) -> Analysis {
    Host::new(vec![root.to_path_buf()], HostOptions::default()).refresh()
}

/// One offer of each kind in each file: what is offered for one path operation is offered for the others likewise.
fn offers(root: &Path, files: &Tree) -> Vec<Offered> {
    let analysis = analyse(root);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (path, text) in files {
        let Some(file) = analysis
            .file_id(&root.join(path))
            .filter(|_| path.extension().is_some_and(|it| it == "py"))
        else {
            continue;
        };
        let mut offset = 0;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            for offer in analysis.scaffold_offers(file, Span::new(offset, offset)) {
                let kind = offer.title.split('`').next().unwrap().to_owned();
                if seen.insert((path.clone(), kind)) {
                    let (file, line) = (path.clone(), line as u32);
                    found.push(Offered {
                        offer,
                        file,
                        line,
                        offset,
                    });
                }
            }
            offset += content.len() as u32;
        }
    }
    found
}

/// What becomes of the files by an edit of the protocol.
fn edited(root: &Path, before: &Tree, edit: &Value) -> Tree {
    let mut after = before.clone();
    for change in edit["documentChanges"].as_array().unwrap() {
        let place = |uri: &Value| {
            let mut known = before.keys().map(|path| root.join(path));
            let named = known.find(|path| uri == &json!(self::uri(path)));
            named.unwrap_or_else(|| PathBuf::from(uri.as_str().unwrap().trim_start_matches("file://")))
        };
        if change["kind"] == "create" {
            let path = place(&change["uri"]).strip_prefix(root).unwrap().to_path_buf();
            assert!(after.insert(path, String::new()).is_none(), "{change}");
            continue;
        }
        let path = place(&change["textDocument"]["uri"])
            .strip_prefix(root)
            .unwrap()
            .to_path_buf();
        let text = after.get_mut(&path).unwrap();
        let at = |position: &Value| {
            let [line, column] = ["line", "character"].map(|key| position[key].as_u64().unwrap() as usize);
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            start + column
        };
        let mut edits: Vec<(usize, usize, &str)> = change["edits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edit| {
                let range = &edit["range"];
                (
                    at(&range["start"]),
                    at(&range["end"]),
                    edit["newText"].as_str().unwrap(),
                )
            })
            .collect();
        edits.sort_by_key(|(start, ..)| *start);
        let mut new = text.clone();
        for (start, end, inserted) in edits.into_iter().rev() {
            new.replace_range(start..end, inserted);
        }
        *text = new;
    }
    after
}

fn capabilities() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-8"]},
        "textDocument": {"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}},
        "workspace": {"workspaceEdit": {
            "documentChanges": true, "resourceOperations": ["create"], "changeAnnotationSupport": {},
        }},
    })
}

/// Whether something is still offered on the line that began at an offset of the text before.
fn is_offered(root: &Path, file: &Path, before: &str, offset: u32, title: &str) -> bool {
    let analysis = analyse(root);
    let file = analysis.file_id(&root.join(file)).unwrap();
    let begins = before[offset as usize..].split(['(', '\n']).next().unwrap();
    let now = analysis.source(file).text.to_string();
    let at = now.find(begins).unwrap() as u32;
    let offers = analysis.scaffold_offers(file, Span::new(at, at));
    offers.iter().any(|offer| offer.title == title)
}

/// Holds one project's offers against the command line; how many there were.
fn check(name: &str, project: &Path) -> usize {
    let files = tree(project);
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join(name);
    write(&root, &files);
    let (mut client, _) = Client::start(&Setup::new(&root).capabilities(capabilities()));
    let offers = offers(&root, &files);
    for Offered {
        offer,
        file,
        line,
        offset,
    } in &offers
    {
        let shown = format!("{name}, {}: {}", file.display(), offer.title);
        let actions = client.code_actions(&root.join(file), *line, 0);
        let action = actions
            .into_iter()
            .find(|action| action["title"] == offer.title.as_str());
        let action = action.unwrap_or_else(|| panic!("{shown} is not offered"));
        let resolved = client.request("codeAction/resolve", action);

        let copy = tempfile::tempdir().unwrap();
        let there = copy.path().canonicalize().unwrap().join(name);
        write(&there, &files);
        let arguments = offer.command.split(' ').skip(1);
        let run = Command::new(binary())
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", MOMENT)
            .current_dir(&there)
            .output()
            .unwrap();
        match resolved {
            Ok(action) => {
                let after = tree(&there);
                let edited = edited(&root, &files, &action["edit"]);
                let paths: BTreeSet<&PathBuf> = edited.keys().chain(after.keys()).collect();
                for path in paths {
                    assert_eq!(edited.get(path), after.get(path), "{shown}: {}", path.display());
                }
                assert!(
                    !is_offered(&there, file, &files[file], *offset, &offer.title),
                    "{shown} is offered again"
                );
            }
            // What can only be told when it is built is told by both.
            Err(error) => {
                let said = String::from_utf8_lossy(&run.stderr).into_owned();
                assert_eq!(tree(&there), files, "{shown}: {error}");
                assert!(!said.is_empty(), "{shown}: {error}");
            }
        }
    }
    offers.len()
}

#[test]
fn the_edit_of_each_offer_is_what_the_command_line_writes() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for folder in ["generated/bases", "projects"] {
        let entries = std::fs::read_dir(tests.join(folder)).unwrap();
        let mut projects: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        projects.sort();
        for project in projects {
            let name = project.file_name().unwrap().to_string_lossy().into_owned();
            count += check(&name, &project);
        }
    }
    assert!(count > 100, "{count} offers are too few to show anything");
}
