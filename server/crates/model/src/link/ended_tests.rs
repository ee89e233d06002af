//! Modules that end with an exception which is certain, and what FastAPI's versions make of routers that include themselves.

use super::bounds_tests::reported;
use crate::{
    FastApiVersion,
    testing::{Memory, table},
};

const CIRCLE: &str = r#"
#- /a.py
from fastapi import APIRouter, FastAPI
router = APIRouter()
from b import other
router.include_router(other)
@router.get("/a")
def a(): ...
app = FastAPI()
app.include_router(router)
#- /b.py
from fastapi import APIRouter
from a import router
other = APIRouter()
other.include_router(router)
@other.get("/b")
def b(): ...
"#;

/// The table of a program under FastAPI 0.minor.patch, and what is reported.
fn told(fixture: &str, minor: u32, patch: u32) -> (String, Vec<String>) {
    let mut memory = Memory::new(fixture);
    memory.version = FastApiVersion { major: 0, minor, patch };
    let model = memory.link();
    let table = table(&model);
    let routes: Vec<&str> = table.lines().filter(|line| !line.starts_with("unresolved")).collect();
    (routes.join("\n"), reported(&model))
}

const INTO_ITSELF: &str = "FastAPI raises an AssertionError here: a router can't be included in itself";
const IN_A_CIRCLE: &str =
    "FastAPI raises an AssertionError here: the router that is included includes this one already";

#[test]
fn routers_that_include_each_other() {
    let (routes, reasons) = told(CIRCLE, 136, 3);
    assert_eq!(routes, "a:app GET /b -> b.b\na:app GET /a -> a.a");
    assert_eq!(reasons, [""; 0]);
    for (minor, patch) in [(137, 0), (163, 2)] {
        let (routes, reasons) = told(CIRCLE, minor, patch);
        assert_eq!(routes, "");
        assert_eq!(reasons, [format!("router.include_router(other): {IN_A_CIRCLE}")]);
    }
}

#[test]
fn an_include_took_what_was_there_however_often() {
    let program = "from fastapi import APIRouter, FastAPI
a = APIRouter()
b = APIRouter()
@a.get('/a')
def in_a(): ...
@b.get('/b')
def in_b(): ...
a.include_router(b)
b.include_router(a)
app = FastAPI()
app.include_router(b)
";
    let (routes, reasons) = told(program, 136, 3);
    let b = "main:app GET /b -> main.in_b";
    assert_eq!(routes, format!("{b}\nmain:app GET /a -> main.in_a\n{b}"));
    assert_eq!(reasons, [""; 0]);
}

#[test]
fn a_router_that_includes_itself() {
    let program = |before: &str| {
        format!(
            "from fastapi import APIRouter, FastAPI
app = FastAPI()
@app.get('/x')
def x(): ...
router = APIRouter()
{before}router.include_router(router)
@router.get('/y')
def y(): ...
app.include_router(router)
"
        )
    };
    let served = "main:app GET /x -> main.x\nmain:app GET /y -> main.y";
    let (routes, reasons) = told(&program(""), 128, 6);
    assert_eq!((routes.as_str(), reasons.len()), (served, 0));
    let (routes, reasons) = told(&program("router.add_api_route('/z', x)\n"), 128, 6);
    assert_eq!((routes.as_str(), reasons.len()), ("", 1));
    assert!(reasons[0].contains("never comes to an end here"), "{reasons:?}");
    for (minor, patch) in [(128, 7), (136, 3), (137, 0), (163, 2)] {
        let (routes, reasons) = told(&program(""), minor, patch);
        assert_eq!(routes, "");
        assert_eq!(reasons, [format!("router.include_router(router): {INTO_ITSELF}")]);
    }
}

#[test]
fn whoever_catches_the_exception_goes_on() {
    for caught in [
        "try:\n    router.include_router(router)\nexcept AssertionError:\n    app.add_api_route('/caught', x)\n",
        "from contextlib import suppress\nwith suppress(AssertionError):\n    router.include_router(router)\napp.add_api_route('/caught', x)\n",
    ] {
        let program = format!(
            "from fastapi import APIRouter, FastAPI\napp = FastAPI()\ndef x(): ...\nrouter = APIRouter()\n{caught}"
        );
        let (routes, reasons) = told(&program, 163, 2);
        assert_eq!(routes, "main:app GET /caught -> main.x", "{caught}");
        assert_eq!(reasons, [""; 0]);
    }
}

#[test]
fn an_exception_under_a_condition_ends_its_arm() {
    let program = "import os
from fastapi import APIRouter, FastAPI
app = FastAPI()
def x(): ...
router = APIRouter()
if os.getpid() > 1000:
    router.include_router(router)
    app.add_api_route('/never', x)
app.add_api_route('/x', x)
";
    let (routes, reasons) = told(program, 163, 2);
    assert!(routes.starts_with("main:app GET /x -> main.x"), "{routes}");
    assert_eq!(reasons, [format!("router.include_router(router): {INTO_ITSELF}")]);
}

#[test]
fn a_module_that_raises_ends_and_so_do_its_importers() {
    let fixture = "#- /main.py
from fastapi import FastAPI
app = FastAPI()
@app.get('/x')
def x(): ...
import gone
#- /gone.py
raise RuntimeError('moved')
#- /spared.py
from fastapi import FastAPI
app = FastAPI()
try:
    import gone
except RuntimeError:
    @app.get('/without')
    def without(): ...
#- /later.py
from fastapi import FastAPI
app = FastAPI()
@app.get('/y')
def y(): ...
def setup():
    import gone
";
    let (routes, reasons) = told(fixture, 163, 2);
    assert_eq!(
        routes,
        "later:app GET /y -> later.y\nspared:app GET /without -> spared.without"
    );
    assert_eq!(
        reasons,
        ["RuntimeError(\"moved\"): the module raises it when it is imported"]
    );
}

#[test]
fn what_a_function_does_ends_the_module_that_calls_it() {
    let program = "from fastapi import APIRouter, FastAPI
app = FastAPI()
def wire(router):
    router.include_router(router)
    return router
def later():
    made = FastAPI()
    made.include_router(wire(APIRouter()))
    return made
";
    let (routes, _) = told(&format!("{program}@app.get('/x')\ndef x(): ...\n"), 163, 2);
    assert_eq!(routes, "main:app GET /x -> main.x");
    let (routes, _) = told(
        &format!("{program}@app.get('/x')\ndef x(): ...\napp.include_router(wire(APIRouter()))\n"),
        163,
        2,
    );
    assert_eq!(routes, "");
}

#[test]
fn routers_without_routes_in_each_other_end() {
    let mut program = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\nr0 = APIRouter()\n".to_owned();
    for i in 1..60 {
        program += &format!(
            "r{i} = APIRouter()\nr{i}.include_router(r{0})\nr{i}.include_router(r{0})\n",
            i - 1
        );
    }
    program += "app.include_router(r59)\n@app.get('/x')\ndef x(): ...\n";
    let (_, reasons) = told(&program, 163, 2);
    assert_eq!(
        reasons,
        ["include_router: the app has more routes, or more routers in each other, than are listed"]
    );
}

#[test]
fn an_app_mounted_in_itself_is_listed_once() {
    let program =
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\napp.mount('/sub', app)\n";
    let (routes, reasons) = told(program, 163, 2);
    assert_eq!(routes, "main:app GET /x -> main.x");
    assert_eq!(
        reasons,
        ["mount: what is mounted in itself serves its routes at every depth: they are listed once"]
    );
}
