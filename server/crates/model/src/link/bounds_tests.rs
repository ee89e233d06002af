//! Work is bounded; a bound that ends work says so at its place, and the rest of the model is intact.

use crate::{
    Model,
    testing::{Memory, check, table},
};

/// A program's model, behind an app with one route.
fn linked(program: &str) -> Model {
    let app = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\n";
    Memory::new(&format!("{app}{program}")).link()
}

/// What is reported, each with its reason.
pub(super) fn reported(model: &Model) -> Vec<String> {
    let entries = model.unresolved.iter();
    entries
        .map(|entry| format!("{}: {}", entry.what, entry.why.text))
        .collect()
}

/// Whether claims of absence can be made of the app.
fn is_complete(model: &Model) -> bool {
    let app = model.apps.first().unwrap();
    let router = &model.routers[app.router.0 as usize];
    router.incomplete.is_none() && !router.escapes
}

#[test]
fn what_doubles_in_a_loop_is_not_kept() {
    for (start, double) in [
        ("'/ab'", "s + s"),
        ("'/ab'", "f'{s}{s}'"),
        ("'/ab'", "'%s%s' % (s, s)"),
        ("'/ab'", "'{}{}'.format(s, s)"),
        ("'/ab'", "s.join([s, s])"),
        ("'/ab'", "s.replace('a', s)"),
        ("'/ab'", "s * 99"),
        ("['/a', '/b']", "s + s"),
        ("('/a', '/b')", "s + s"),
    ] {
        let model = linked(&format!(
            "s = {start}\nfor i in range(4000):\n    s = {double}\napp.add_api_route(s, x)\n@app.get('/y')\ndef y(): ...\n"
        ));
        let table = table(&model);
        assert!(table.starts_with("main:app GET /x -> main.x\n"), "{double}");
        assert!(table.contains("main:app GET /y -> main.y\n"), "{double}");
        assert_eq!(model.unresolved.len(), 1, "{double}: {:?}", reported(&model));
    }
}

#[test]
fn a_long_text_says_what_it_is() {
    let model = linked("s = 'ab'\nfor i in range(40):\n    s = s + s\napp.add_api_route(s, x)\n");
    assert_eq!(reported(&model), ["GET …: a string too long to be followed"]);
}

#[test]
fn a_loop_with_more_rounds_than_are_followed() {
    for program in [
        "for i in range(1000000000):\n    app.add_api_route(f'/{i}', x)\n",
        "n = 10 ** 9\nfor i in range(n):\n    app.add_api_route(f'/{i}', x)\n",
        "for i, _ in enumerate(range(5000)):\n    app.add_api_route(f'/{i}', x)\n",
        "for i in [n + 1 for n in range(5000)]:\n    app.add_api_route(f'/{i}', x)\n",
        "while True:\n    app.add_api_route('/w', x)\n",
        "def numbers():\n    i = 0\n    while True:\n        yield i\n        i += 1\nfor i in numbers():\n    app.add_api_route(f'/{i}', x)\n",
    ] {
        let model = linked(program);
        assert!(table(&model).starts_with("main:app GET /x -> main.x\n"), "{program}");
        assert_eq!(
            reported(&model),
            ["loop: the loop has more rounds than are followed"],
            "{program}"
        );
        assert!(!is_complete(&model), "{program}");
    }
}

#[test]
fn a_long_loop_that_registers_nothing_is_not_worth_a_word() {
    let model = linked(
        "total = 0\nfor i in range(1000000):\n    total += i\nwhile True:\n    total += 1\nfor i in range(4096):\n    app.add_api_route(f'/{i}', x)\n",
    );
    assert_eq!(reported(&model), [""; 0]);
    assert!(is_complete(&model));
    assert!(table(&model).contains("GET /4095 -> main.x\n"));
}

#[test]
fn comprehensions_in_each_other_end() {
    let model = linked("n = [0 for a in range(4000) for b in range(4000) for c in range(4000)]\n");
    assert_eq!(table(&model), "main:app GET /x -> main.x\n");
}

#[test]
fn a_call_whose_work_is_used_up_is_reported_where_it_stands() {
    let work = format!(
        "def work(n):\n    if n > 9:\n        return\n{}",
        "    work(n)\n".repeat(10)
    );
    let after = "def later():\n    app.add_api_route('/later', x)\nlater()\n";
    let model = linked(&format!("{work}work(1)\nwork(2)\n{after}"));
    let table = table(&model);
    assert!(table.starts_with("main:app GET /x -> main.x\n"));
    assert!(table.contains("main:app GET /later -> main.x\n"));
    assert_eq!(
        reported(&model),
        [
            "work(1): the work that one call may do is used up",
            "work(2): the work that one call may do is used up"
        ]
    );
}

#[test]
fn a_factory_that_calls_itself_ends() {
    let model = linked("def create(n):\n    made = FastAPI()\n    made.mount('/sub', create(n))\n    return made\n");
    assert!(table(&model).contains("main:app GET /x -> main.x\n"));
}

#[test]
fn a_module_of_the_project_goes_before_one_of_the_same_name() {
    check(
        "#- /main.py
from fastapi import FastAPI
from queue import router
app = FastAPI()
app.include_router(router)
#- /queue.py
from fastapi import APIRouter
router = APIRouter()
@router.get('/queue')
def read(): ...
",
        "main:app GET /queue -> queue.read",
    );
}

#[test]
fn a_syntax_error_in_an_imported_module_hides_its_own_statement_only() {
    let model = Memory::new(
        "#- /main.py
from fastapi import FastAPI
from broken import router
app = FastAPI()
app.include_router(router)
@app.get('/x')
def x(): ...
#- /broken.py
from fastapi import APIRouter
router = APIRouter()
@router.get('/before')
def before(): ...
def half(:
@router.get('/after')
def after(): ...
",
    )
    .link();
    let table = table(&model);
    assert!(table.contains("main:app GET /before -> broken.before\n"), "{table}");
    assert!(table.contains("main:app GET /x -> main.x\n"), "{table}");
}
