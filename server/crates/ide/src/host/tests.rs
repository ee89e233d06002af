use super::*;
use crate::RouteSelection;
use base::LineCol;

const MAIN: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef read():\n    return 1\n";

struct Fixture {
    folder: tempfile::TempDir,
    host: Host,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(&folder.path().join(name), text);
        }
        let host = Host::new(vec![folder.path().to_path_buf()], HostOptions::default());
        host.refresh();
        Self { folder, host }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        let analysis = self.host.refresh();
        let file = analysis.file_id(&self.path(name)).unwrap();
        analysis.source(file).text.to_string()
    }

    /// Replaces a range of one line; returns how many relinks that costs.
    fn relinks_after(&self, name: &str, line: u32, cols: (u32, u32), text: &str) -> u64 {
        let before = self.host.refresh().relinks();
        let version = self.host.version(&self.path(name)).unwrap_or(0) + 1;
        let at = |col| LineCol { line, col };
        let edit = ContentChange {
            range: Some((at(cols.0), at(cols.1))),
            text: text.to_owned(),
        };
        self.host
            .change(&self.path(name), version, &[edit], PositionEncoding::Utf16);
        self.host.refresh().relinks() - before
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn text_that_means_the_same_relinks_nothing() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    fixture.host.open(&fixture.path("main.py"), 1, MAIN);
    assert_eq!(fixture.relinks_after("main.py", 1, (0, 0), "# a comment\n"), 0);
    assert_eq!(fixture.relinks_after("main.py", 3, (3, 3), "  "), 0);
}

#[test]
fn a_change_of_wiring_relinks_once() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    fixture.host.open(&fixture.path("main.py"), 1, MAIN);
    assert_eq!(fixture.relinks_after("main.py", 5, (10, 11), "/items"), 1);
}

#[test]
fn a_buffer_wins_over_the_disk_until_it_is_closed() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    let path = fixture.path("main.py");
    fixture.host.open(&path, 1, "import fastapi  # buffer\n");
    write(&path, "import fastapi  # disk\n");
    fixture.host.touch([path.clone()]);
    assert_eq!(fixture.text("main.py"), "import fastapi  # buffer\n");
    fixture.host.set_roots(vec![fixture.folder.path().to_path_buf()]);
    assert_eq!(fixture.text("main.py"), "import fastapi  # buffer\n");
    fixture.host.close(&path);
    assert_eq!(fixture.text("main.py"), "import fastapi  # disk\n");
}

#[test]
fn many_files_that_change_at_once_relink_once() {
    let names: Vec<String> = (0..20).map(|i| format!("app/r{i}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), MAIN)).collect();
    let fixture = Fixture::new(&files);
    let before = fixture.host.snapshot().relinks();
    for name in &names[1..] {
        write(&fixture.path(name), &MAIN.replace("\"/\"", "\"/other\""));
    }
    std::fs::remove_file(fixture.path(&names[0])).unwrap();
    write(&fixture.path("app/new.py"), MAIN);
    let touched = names.iter().map(String::as_str).chain(["app/new.py"]);
    fixture.host.touch(touched.map(|name| fixture.path(name)));
    let after = fixture.host.refresh();
    assert_eq!(after.relinks() - before, 1);
    assert!(
        after
            .source(after.file_id(&fixture.path("app/new.py")).unwrap())
            .text
            .contains("FastAPI")
    );
}

#[test]
fn a_file_that_can_not_matter_is_not_parsed() {
    let fixture = Fixture::new(&[("main.py", MAIN), ("other.py", "import json\n")]);
    assert_eq!(fixture.text("main.py"), MAIN);
    let analysis = fixture.host.snapshot();
    assert!(
        analysis
            .file_id(&fixture.path("other.py"))
            .is_none_or(|file| analysis.source(file).text.is_empty())
    );
}

#[test]
fn a_file_that_begins_to_matter_is_parsed() {
    let fixture = Fixture::new(&[("main.py", MAIN), ("other.py", "X = 1\n")]);
    fixture.host.open(&fixture.path("main.py"), 1, MAIN);
    assert_eq!(fixture.relinks_after("main.py", 0, (0, 0), "import other\n"), 1);
    assert_eq!(fixture.text("other.py"), "X = 1\n");
}

#[test]
fn a_document_outside_the_workspace_is_served_alone() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    let elsewhere = Path::new("untitled:Untitled-1");
    fixture.host.open(elsewhere, 1, MAIN);
    let analysis = fixture.host.refresh();
    let file = analysis.file_id(elsewhere).unwrap();
    assert_eq!(&*analysis.source(file).text, MAIN);
    fixture.host.close(elsewhere);
    assert_eq!(&*fixture.host.refresh().source(file).text, "");
}

#[test]
fn readers_get_what_they_ask_for() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    let published = fixture.host.snapshot();
    fixture.host.open(&fixture.path("main.py"), 1, "import fastapi\n");
    assert_eq!(fixture.host.snapshot().revision(), published.revision());
    let wanted = fixture.host.revision();
    assert!(fixture.host.at_least(wanted).revision() >= wanted);
}

#[test]
fn a_workspace_that_is_removed_leaves_an_empty_model() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    let root = fixture.folder.path().to_path_buf();
    std::fs::remove_dir_all(&root).unwrap();
    fixture.host.touch([root]);
    let analysis = fixture.host.refresh();
    assert!(analysis.model().routes.is_empty());
    assert!(analysis.findings().is_empty());
}

#[test]
fn typing_in_a_body_that_the_evaluator_never_entered_relinks_nothing() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    fixture.host.open(&fixture.path("main.py"), 1, MAIN);
    assert_eq!(fixture.relinks_after("main.py", 7, (4, 4), "v\n    "), 0);
    for (index, letter) in "alue = compute(item_id, \"x\")".chars().enumerate() {
        let col = index as u32 + 5;
        let relinks = fixture.relinks_after("main.py", 7, (col, col), &letter.to_string());
        assert_eq!(relinks, 0, "{index} {letter}: {}", fixture.text("main.py"));
    }
}

#[test]
fn tidying_up_changes_nothing_that_is_told() {
    let fixture = Fixture::new(&[("main.py", MAIN)]);
    let path = fixture.path("main.py");
    fixture.host.open(&path, 1, MAIN);
    let operations = |analysis: &Analysis| analysis.model().operations.len();
    for round in 0..40 {
        replace(&fixture, "main.py", &MAIN.replace("\"/\"", &format!("\"{round}\"")));
        fixture.host.refresh();
    }
    let worn = fixture.host.snapshot();
    assert!(operations(&worn) > 40);
    fixture.host.tidy();
    let tidied = fixture.host.snapshot();
    assert_eq!(operations(&tidied), 1);
    assert_eq!(told(&tidied), told(&worn));
    assert_eq!((tidied.revision(), tidied.relinks()), (worn.revision(), worn.relinks()));
    fixture.host.tidy();
    assert!(Arc::ptr_eq(&fixture.host.snapshot().world, &tidied.world));
    replace(&fixture, "main.py", MAIN);
    assert!(told(&fixture.host.refresh()).is_empty());
}

/// Bodies that the evaluator never enters, and that rules read to judge other files.
#[test]
fn a_body_reaches_the_findings_of_other_files() {
    let deps = "from fastapi import Request\n\ndef load(request: Request):\n    return request.url\n\ndef help(value):\n    return value\n";
    let main = "from fastapi import APIRouter, Depends, FastAPI\nfrom deps import load\n\napp = FastAPI()\nleft = APIRouter()\n\n\
                @left.get(\"/left\")\ndef f(): ...\n\n@app.get(\"/{x}\", dependencies=[Depends(load)])\ndef g(): ...\n";
    let fixture = Fixture::new(&[("main.py", main), ("deps.py", deps)]);
    let path = fixture.path("deps.py");
    fixture.host.open(&path, 1, deps);
    let bodies = [
        ("return request.method", "return value", 2),
        ("return request.path_params['x']", "return value", 1),
        ("return help(request)", "return value", 2),
        ("return help(request)", "return value.path_params", 1),
        ("return request.method", "value.include_router(1)", 1),
        ("return request.method", "return value + 1", 2),
    ];
    for (load, help, count) in bodies {
        let text = deps.replace("return request.url", load).replace("return value", help);
        let relinks = fixture.host.refresh().relinks();
        replace(&fixture, "deps.py", &text);
        let edited = fixture.host.refresh();
        assert_eq!(edited.relinks(), relinks, "{text}");
        let fresh = Host::new(vec![fixture.folder.path().to_path_buf()], HostOptions::default());
        fresh.open(&path, 1, &text);
        assert_eq!(told(&edited), told(&fresh.refresh()), "{text}");
        assert_eq!(told(&edited).len(), count, "{text}");
    }
}

#[test]
fn findings_that_move_with_their_text_are_those_of_a_fresh_start() {
    let text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"a\")\ndef a():\n    return 1\n\n\n# between\n\n\n@app.get(\"b\")\ndef b():\n    return 2\n";
    let fixture = Fixture::new(&[("main.py", text)]);
    let path = fixture.path("main.py");
    fixture.host.open(&path, 1, text);
    let spans = |host: &Host| {
        let analysis = host.refresh();
        let findings = analysis.findings_of(analysis.file_id(&path).unwrap());
        findings
            .iter()
            .map(|finding| (finding.rule.name, finding.span, finding.fix.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(spans(&fixture.host).len(), 2);
    for (line, col, inserted) in [
        (10, 9, " them"),
        (0, 0, "# above\n"),
        (8, 0, "\n"),
        (9, 4, "x = 1; "),
        (6, 0, "# routewright: ignore[path-missing-slash]\n"),
        (4, 0, "# é\n"),
        (8, 13, "   # routewright: ignore[path-missing-slash]"),
        (3, 0, "# end\n"),
    ] {
        let relinks = fixture.relinks_after("main.py", line, (col, col), inserted);
        assert_eq!(relinks, 0, "{inserted}");
        let fresh = Host::new(vec![fixture.folder.path().to_path_buf()], HostOptions::default());
        fresh.open(&path, 1, &fixture.text("main.py"));
        assert_eq!(spans(&fixture.host), spans(&fresh), "{}", fixture.text("main.py"));
    }
}

/// A generator of numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

const WIRING: [(&str, &[&str]); 4] = [
    (
        "app/main.py",
        &[
            "from fastapi import FastAPI\nfrom app.items import router\nfrom app.settings import PREFIX\n\napp = FastAPI()\napp.include_router(router, prefix=PREFIX)\n",
            "from fastapi import FastAPI\nfrom app.items import router\n\napp = FastAPI()\napp.include_router(router)\napp.include_router(router, prefix='/again')\n",
            "from app.users import router\nfrom app.factory import make\n\napp = make(router)\n",
        ],
    ),
    (
        "app/items.py",
        &[
            "from fastapi import APIRouter, Depends\nfrom app.deps import get\n\nrouter = APIRouter(prefix='/items')\n\n\n@router.get('/{item_id}')\ndef read(item_id: int, db=Depends(get)):\n    return item_id\n",
            "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('items')\n@router.post('/items')\ndef items():\n    value = 1\n    return value\n\n\ndef helper(): ...\n",
        ],
    ),
    (
        "app/users.py",
        &[
            "from app.items import router\n\n\n@router.delete('/users')\ndef remove(): ...\n",
            "from fastapi import APIRouter as R\n\nrouter = R()\nfor name in ('a', 'b'):\n    router.get(f'/{name}')(lambda: name)\n",
        ],
    ),
    (
        "app/factory.py",
        &[
            "from fastapi import FastAPI\n\n\ndef make(*routers):\n    app = FastAPI()\n    for router in routers:\n        app.include_router(router, prefix='/made')\n    return app\n",
            "import fastapi\n\n\ndef make(router):\n    app = fastapi.FastAPI()\n    app.mount('/sub', fastapi.FastAPI())\n    app.include_router(router)\n    return app\n",
        ],
    ),
];

/// Damages or moves a text: what someone does while typing.
fn scribble(text: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = dice.roll(chars.len() + 1);
    match dice.roll(4) {
        0 => {
            let end = (at + dice.roll(12)).min(chars.len());
            chars.drain(at..end);
        }
        1 => chars.insert(at, ['(', '"', '@', '\n', ' ', ')', 'x', '#'][dice.roll(8)]),
        2 => chars.splice(at..at, "\n@router.get(".chars()).for_each(drop),
        _ => chars.truncate(at),
    }
    chars.into_iter().collect()
}

#[test]
fn after_any_edits_the_model_is_that_of_a_fresh_start() {
    let first: Vec<(&str, &str)> = WIRING.iter().map(|(name, texts)| (*name, texts[0])).collect();
    let more = [
        ("app/__init__.py", ""),
        ("app/settings.py", "PREFIX = '/v1'\n"),
        ("app/deps.py", "def get(): ...\n"),
    ];
    let fixture = Fixture::new(&[first.as_slice(), &more].concat());
    let root = fixture.folder.path().to_path_buf();
    let mut texts: Vec<String> = first.iter().map(|(_, text)| (*text).to_owned()).collect();
    for (name, text) in &first {
        fixture.host.open(&fixture.path(name), 1, text);
    }
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for round in 0..200 {
        for _ in 0..dice.roll(8) {
            let file = dice.roll(WIRING.len());
            texts[file] = scribble(&texts[file], &mut dice);
            replace(&fixture, WIRING[file].0, &texts[file]);
            let _ = fixture.host.refresh().findings();
        }
        for (file, (name, valid)) in WIRING.iter().enumerate() {
            texts[file] = valid[dice.roll(valid.len())].to_owned();
            replace(&fixture, name, &texts[file]);
            if dice.roll(2) == 0 {
                fixture.host.refresh();
            }
        }
        change_on_disk(&fixture, &mut dice);
        let fresh = Host::new(vec![root.clone()], HostOptions::default());
        for ((name, _), text) in WIRING.iter().zip(&texts) {
            fresh.open(&fixture.path(name), 1, text);
        }
        let (edited, fresh) = (fixture.host.refresh(), fresh.refresh());
        assert_eq!(
            edited.routes(&root, RouteSelection::default()),
            fresh.routes(&root, RouteSelection::default()),
            "round {round}: {texts:#?}"
        );
        assert_eq!(told(&edited), told(&fresh), "round {round}: {texts:#?}");
    }
}

/// Makes, changes or deletes a file that is not open.
fn change_on_disk(fixture: &Fixture, dice: &mut Dice) {
    const TEXTS: [&str; 3] = [
        "PREFIX = '/v1'\n",
        "from app.deps import *\nPREFIX = '/v2'\n",
        "PREFIX = ('/v3'\n",
    ];
    let path = fixture.path("app/settings.py");
    match dice.roll(6) {
        text @ 0..3 => write(&path, TEXTS[text]),
        3 if path.exists() => std::fs::remove_file(&path).unwrap(),
        _ => return,
    }
    fixture.host.touch([path]);
}

fn replace(fixture: &Fixture, name: &str, text: &str) {
    let edit = ContentChange {
        range: None,
        text: text.to_owned(),
    };
    let path = fixture.path(name);
    let version = fixture.host.version(&path).unwrap() + 1;
    fixture.host.change(&path, version, &[edit], PositionEncoding::Utf16);
}

/// Every finding, by the names of files.
fn told(analysis: &Analysis) -> Vec<(PathBuf, base::Span, String)> {
    let mut told: Vec<_> = analysis
        .findings()
        .values()
        .flat_map(|findings| findings.iter())
        .map(|finding| {
            let path = analysis.path(finding.file).to_path_buf();
            (path, finding.span, finding.message.clone())
        })
        .collect();
    told.sort();
    told
}
