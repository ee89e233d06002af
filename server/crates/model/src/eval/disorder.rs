//! Whose order isn't the code's: a folder is listed in the order of the disk, a set in that of hashes. What is wired in
//! such an order is known, but not what comes first.

use super::{
    Interp,
    heap::Thing,
    iterate::Items,
    value::{Args, ObjId, ObjectKind, Value},
};
use crate::{Place, Reason, Round, RouterId};
use base::FileId;
use std::sync::Arc;

/// A loop over things in such an order, while it runs.
#[derive(Debug)]
pub(super) struct Disorder {
    reason: Arc<Reason>,
    /// What is gone through.
    at: Place,
    round: u32,
    /// Objects and routers below these numbers were there before the round.
    objects: usize,
    routers: usize,
}

impl Interp<'_> {
    /// A list whose order is not known, with what decides it.
    pub(super) fn new_disordered(&mut self, items: Vec<Value>, decided_by: &str, at: Place) -> Value {
        let list = self.new_list(items);
        let reason = self.reason(decided_by, at);
        self.note_disorder(&list, Some(reason));
        list
    }

    /// Why it isn't known what of a collection comes first.
    pub(super) fn disorder_of(&self, value: &Value, at: Place) -> Option<Arc<Reason>> {
        match value {
            Value::Set(id) if self.has_several(*id) => (!self.has_numbers_alone(*id))
                .then(|| self.reason("the items of a set come in no order that is known", at)),
            Value::List(id) | Value::Dict(id) if self.has_several(*id) => self.disordered.get(id).cloned(),
            Value::Tuple(items) if items.len() > 1 => {
                let (_, reason) = self.disordered_tuples.get(&Arc::as_ptr(items).addr())?;
                Some(reason.clone())
            }
            Value::Maybe(inner) => self.disorder_of(inner, at),
            _ => None,
        }
    }

    /// What is made of something in an unknown order has none either.
    pub(super) fn note_disorder(&mut self, made: &Value, reason: Option<Arc<Reason>>) {
        let Some(reason) = reason else { return };
        match made {
            Value::List(id) | Value::Dict(id) => {
                self.disordered.insert(*id, reason);
            }
            Value::Tuple(items) => {
                let address = Arc::as_ptr(items).addr();
                self.disordered_tuples.insert(address, (items.clone(), reason));
            }
            _ => {}
        }
    }

    /// The first of a call's arguments whose order is not known.
    pub(super) fn disorder_of_arguments(&self, args: &Args, at: Place) -> Option<Arc<Reason>> {
        args.positional
            .iter()
            .find_map(|(value, _)| self.disorder_of(value, at))
    }

    /// The items of an iterable, and why their order isn't known.
    pub(super) fn items_in_order(&mut self, iterable: &Value, at: Place) -> (Items, Option<Arc<Reason>>) {
        self.yielded_disorder = None;
        let order = self.disorder_of(iterable, at);
        let items = self.items_of(iterable, at);
        (items, order.or(self.yielded_disorder.take()))
    }

    /// Begins a loop; what ends it takes what this gives.
    pub(super) fn begin_disorder(&mut self, order: Option<Arc<Reason>>, at: Place) -> usize {
        let before = self.disorders.len();
        self.disorders.extend(order.map(|reason| Disorder {
            reason,
            at,
            round: 0,
            objects: self.heap.objects.len(),
            routers: self.heap.router_owners.len(),
        }));
        before
    }

    /// The next round of the loop that began at `before`.
    pub(super) fn next_disordered_round(&mut self, before: usize) {
        let (objects, routers) = (self.objects.len(), self.router_owners.len());
        if let Some(disorder) = self.disorders.get_mut(before) {
            disorder.round += 1;
            disorder.objects = objects;
            disorder.routers = routers;
        }
    }

    pub(super) fn end_disorder(&mut self, before: usize) {
        self.disorders.truncate(before);
    }

    /// What is added to a collection in such a loop has the order of the loop, where other rounds can add to it, too.
    pub(super) fn note_changed_in_disorder(&mut self, thing: Thing) {
        let Thing::Object(id) = thing else { return };
        if self.disorders.is_empty() {
            return;
        }
        let is_shared = self.is_of_another_module(self.object(id).owner);
        let is_seen = |disorder: &&Disorder| is_shared || (id.0 as usize) < disorder.objects;
        let found = self.disorders.iter().find(is_seen);
        if let Some(reason) = found.map(|disorder| disorder.reason.clone()) {
            self.disordered.insert(id, reason);
        }
    }

    /// The round in which something is recorded on a router that other rounds can reach, too.
    pub(super) fn round_of(&self, router: RouterId) -> Option<Round> {
        let is_shared = self.is_of_another_module(*self.router_owners.get(router.0 as usize)?);
        let is_seen = |disorder: &&Disorder| is_shared || (router.0 as usize) < disorder.routers;
        self.disorders.iter().find(is_seen).map(|disorder| Round {
            order_of: disorder.at,
            decided_by: disorder.reason.clone(),
            number: disorder.round,
        })
    }

    /// How many such loops run.
    pub(super) fn disorder_depth(&self) -> usize {
        self.disorders.len()
    }

    /// Why what is yielded now comes in an unknown order, in a generator that began when so many loops ran.
    pub(super) fn disorder_since(&self, depth: usize) -> Option<Arc<Reason>> {
        self.disorders.get(depth).map(|disorder| disorder.reason.clone())
    }

    fn is_of_another_module(&self, owner: FileId) -> bool {
        self.running_module().is_some_and(|running| running != owner)
    }

    fn has_several(&self, id: ObjId) -> bool {
        match &self.object(id).kind {
            ObjectKind::List(items) => items.len() > 1,
            ObjectKind::Dict(entries) => entries.len() > 1,
            ObjectKind::Instance(_) => false,
        }
    }

    /// Numbers are their own hashes.
    fn has_numbers_alone(&self, set: ObjId) -> bool {
        self.list_items(set).iter().all(|item| matches!(item, Value::Int(_)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    const FOLDER: &str = r#"
#- /parts/__init__.py
#- /parts/a.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/a")
def a(): ...
@router.get("/a/more")
def more(): ...
#- /parts/b.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/b")
def b(): ...
"#;

    const ROUTES: &str = "main:app GET /a -> parts.a.a
             main:app GET /a/more -> parts.a.more
             main:app GET /b -> parts.b.b";

    /// Runs `code` beside a folder of two routers, with what it does it for.
    fn check_folder(code: &str, unresolved: &str) {
        let main = format!(
            "#- /main.py\nimport os, importlib\nfrom pathlib import Path\nfrom fastapi import FastAPI\n\
             app = FastAPI()\nHERE = Path(__file__).parent / \"parts\"\n{code}\n{FOLDER}"
        );
        check(&main, &format!("{ROUTES}{unresolved}"));
    }

    #[test]
    fn the_order_of_a_folder_is_told_once_for_a_loop() {
        check_folder(
            r#"
def names():
    found = []
    for file in os.listdir(HERE):
        if file.endswith(".py") and file != "__init__.py":
            found.append(file[:-3])
    return tuple(found)
table = {name: importlib.import_module(f"parts.{name}") for name in names()}
for module in [] + list(table.values()):
    app.include_router(module.router)
"#,
            "
             unresolved [] + list(table.values()): a folder is listed in the order of the disk, which `sorted(…)` would settle; 3 routes are tried in that order",
        );
    }

    #[test]
    fn generators_and_comprehensions_keep_the_order_open() {
        check_folder(
            r#"
def modules():
    for path in HERE.glob("*.py"):
        if path.stem != "__init__":
            yield importlib.import_module(f"parts.{path.stem}")
[app.include_router(module.router) for module in modules()]
"#,
            "
             unresolved modules(): a folder is listed in the order of the disk, which `sorted(…)` would settle; 3 routes are tried in that order",
        );
    }

    #[test]
    fn what_is_sorted_or_alone_is_in_order() {
        check_folder(
            r#"
names = []
for path in HERE.iterdir():
    parts = []
    parts.append(path.stem)
    for part in parts:
        names.append(part)
names.sort()
for name in names:
    if name != "__init__":
        app.include_router(importlib.import_module(f"parts.{name}").router)
"#,
            "",
        );
    }

    #[test]
    fn a_set_has_no_order() {
        check_folder(
            r#"
for name in {"a", "b"}:
    app.include_router(importlib.import_module(f"parts.{name}").router)
"#,
            r#"
             unresolved {"a", "b"}: the items of a set come in no order that is known; 3 routes are tried in that order"#,
        );
    }

    #[test]
    fn a_function_that_is_one_of_two_is_told() {
        check(
            r#"
#- /main.py
import unknown
from fastapi import FastAPI
app = FastAPI()
def one(): ...
def two(): ...
for path in ["/x", "/y"]:
    app.add_api_route(path, one if unknown.flag() else two)
"#,
            "main:app GET /x -> -
             main:app GET /y -> -
             unresolved GET /x and 1 more: a condition that is not decided before the program runs chooses its function",
        );
    }
}
