//! Editors drive the real server: Neovim through its own client, VS Code's client library, Helix's configuration.
//!
//! `tests/editors/prepare.py` installs what these tests run; without it they fail and say so.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that can't go on fails the test it helps"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take to notice that its editor is gone.
const GRACE: Duration = Duration::from_secs(15);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder of the built `routewright`.
fn binary_folder() -> PathBuf {
    testkit::binary().parent().unwrap().to_path_buf()
}

/// A path below the repository that `prepare.py` makes.
fn prepared(path: &str) -> PathBuf {
    let found = root().join(path);
    assert!(
        found.exists(),
        "{path} is missing; install it with: python3 tests/editors/prepare.py"
    );
    found
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of a project in a folder of its own, so that no session leaves anything behind.
struct Project {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Project {
    fn copy_of(path: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("project");
        copy_folder(&self::root().join(path), &root);
        Self { _folder: folder, root }
    }
}

/// Neovim, headless, running one scenario of `tests/editors/neovim.lua` on the project that is the first argument. What it
/// keeps is not the user's, nor shared with another one: two that make the same folder at once get in each other's way.
fn neovim(scenario: &str, arguments: &[&Path], title: &str) -> Command {
    let search = std::env::var("PATH").unwrap();
    let mut command = Command::new(prepared("target/editors/venv/bin/nvim"));
    command
        .args(["--headless", "-l"])
        .arg(root().join("tests/editors/neovim.lua"))
        .arg(scenario)
        .arg(root().join("editors/neovim"))
        .args(arguments)
        .arg(title)
        .env("PATH", format!("{}:{search}", binary_folder().display()))
        .env("NVIM_LOG_FILE", "/dev/null")
        .envs(["CONFIG", "DATA", "STATE", "CACHE"].map(|kind| {
            let folder = arguments[0].with_file_name("kept").join(kind);
            (format!("XDG_{kind}_HOME"), folder)
        }))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Run a scenario to its end: it succeeds, and no server outlives the editor.
fn play(scenario: &str, arguments: &[&Path], title: &str) {
    let output = neovim(scenario, arguments, title).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{scenario}:\n{said}");
    for server in said.lines().filter_map(|line| line.strip_prefix("server ")) {
        assert_gone(server);
    }
}

fn assert_gone(process: &str) {
    let status = PathBuf::from(format!("/proc/{process}/status"));
    let deadline = Instant::now() + GRACE;
    let alive = || fs::read_to_string(&status).is_ok_and(|text| !text.contains("State:\tZ"));
    while alive() {
        assert!(Instant::now() < deadline, "server {process} outlives its editor");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn neovim_shows_a_mistake_and_inserts_an_endpoint() {
    let project = Project::copy_of("tests/editors/shop");
    let expected = root().join("tests/editors/shop_items_inserted.py");
    let title = "Insert endpoint: DELETE /items/{item_id} (delete item)";
    play("shop", &[&project.root, &expected], title);
}

#[test]
fn neovim_takes_a_scaffold_back_with_one_undo_in_each_file() {
    let project = Project::copy_of("tests/editors/shop");
    play("scaffold", &[&project.root], "");
}

#[test]
fn neovim_opens_the_bookshop() {
    let project = Project::copy_of("examples/bookshop");
    play("bookshop", &[&project.root], "");
}

#[test]
fn neovim_health_check_finds_the_server() {
    let project = Project::copy_of("tests/editors/shop");
    play("health", &[&project.root], "");
}

/// The server of an editor that holds it open.
fn server_of(editor: &mut Child) -> String {
    let lines = BufReader::new(editor.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    for line in lines {
        let line = line.unwrap();
        if let Some(server) = line.strip_prefix("server ") {
            return server.to_owned();
        }
        said.push(line);
    }
    panic!("no server was started:\n{}", said.join("\n"));
}

#[test]
fn the_server_goes_when_neovim_is_killed() {
    let project = Project::copy_of("tests/editors/shop");
    let mut editor = neovim("hold", &[&project.root], "").spawn().unwrap();
    let server = server_of(&mut editor);
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_gone(&server);
}

#[test]
fn the_vscode_extension_passes_its_own_tests() {
    prepared("editors/vscode/node_modules");
    let output = Command::new("npm")
        .args(["test", "--silent"])
        .current_dir(root().join("editors/vscode"))
        .env("ROUTEWRIGHT_BINARY", binary_folder().join("routewright"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
}

/// The features that a server's entry can be limited to, as Helix 23.05 and every later version know them; a name that
/// Helix doesn't know makes it refuse the whole file.
const HELIX_FEATURES: [&str; 17] = [
    "code-action",
    "completion",
    "diagnostics",
    "document-highlight",
    "document-symbols",
    "format",
    "goto-declaration",
    "goto-definition",
    "goto-implementation",
    "goto-reference",
    "goto-type-definition",
    "hover",
    "inlay-hints",
    "rename-symbol",
    "signature-help",
    "workspace-command",
    "workspace-symbols",
];

/// Check a `language-servers` list; whether it names Routewright.
fn names_routewright(servers: &toml::Value) -> bool {
    let mut found = false;
    for server in servers.as_array().unwrap() {
        let Some(table) = server.as_table() else {
            found |= server.as_str().unwrap() == "routewright";
            continue;
        };
        found |= table["name"].as_str() == Some("routewright");
        for (key, features) in table.iter().filter(|(key, _)| *key != "name") {
            assert!(["only-features", "except-features"].contains(&key.as_str()), "{key}");
            for feature in features.as_array().unwrap() {
                assert!(HELIX_FEATURES.contains(&feature.as_str().unwrap()), "{feature}");
            }
        }
    }
    found
}

#[test]
fn the_helix_configuration_is_one_that_helix_reads() {
    let text = fs::read_to_string(root().join("editors/helix/languages.toml")).unwrap();
    let configuration: toml::Table = text.parse().unwrap();
    let server = &configuration["language-server"]["routewright"];
    assert_eq!(server["command"].as_str(), Some("routewright"));
    assert_eq!(server["args"].as_array().unwrap(), &[toml::Value::from("server")]);
    let python = &configuration["language"][0];
    assert_eq!(python["name"].as_str(), Some("python"));
    assert!(names_routewright(&python["language-servers"]));
}

#[test]
fn the_settings_that_the_pages_show_exist() {
    let helix = fs::read_to_string(root().join("editors/helix/languages.toml")).unwrap();
    let shown: String = helix
        .lines()
        .skip_while(|line| !line.starts_with("# ["))
        .map_while(|line| line.strip_prefix("# "))
        .map(|line| format!("{line}\n"))
        .collect();
    let table: toml::Table = shown.parse().unwrap();
    let settings = table["language-server"]["routewright"]["config"]["routewright"]
        .as_table()
        .unwrap();
    let rules = settings["rules"]["ignore"].as_array().unwrap();
    let neovim = fs::read_to_string(root().join("editors/neovim/README.md")).unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let name = rule.as_str().unwrap();
        assert!(rules::is_known_name(name), "{name}");
        assert!(
            neovim.contains(&format!("rules = {{ ignore = {{ '{name}' }} }}")),
            "{neovim}"
        );
    }
}

#[test]
fn the_helix_page_shows_settings_that_helix_reads() {
    let page = fs::read_to_string(root().join("editors/helix/README.md")).unwrap();
    let blocks: Vec<_> = page.split("```toml\n").skip(1).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let (text, _) = block.split_once("```").unwrap();
        let table: toml::Table = text.parse().unwrap();
        assert!(names_routewright(&table["language-servers"]));
    }
}
