//! Contracts of small projects in memory. What FastAPI itself says is held against in `tests/tests/openapi`; here is what that
//! environment's Python can't run, and what is not known.

use crate::{
    Wiring,
    contract::{ClassKind, Contract, Data, SequenceKind, Type},
    testing::Memory,
};

fn contract(fixture: &str) -> Contract {
    let memory = Memory::new(fixture);
    let mut wiring = Wiring::default();
    let model = wiring.link(&memory, None);
    wiring.contract(&memory, &model, 0).unwrap()
}

const ALIASES: &str = r#"
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

type Ids = list[int]
type Tree[T] = dict[str, Tree[T]] | T


class Page[T](BaseModel):
    items: list[T]
    ids: Ids
    tree: Tree[int] | None = None


class Texts(Page[str]):
    pass


def first[T: int](q: T) -> T: ...


@app.get("/pages")
def pages(ids: Ids) -> Page[float]: ...


@app.get("/texts")
def texts() -> Texts: ...


app.get("/first")(first)
"#;

#[test]
fn type_parameters_and_aliases_are_python_3_12s() {
    let contract = contract(ALIASES);
    let item = |name: &str| {
        let class = contract.classes.iter().find(|class| &*class.name == name).unwrap();
        class.fields[0].ty.clone()
    };
    let list = |of: &str| Type::Sequence(SequenceKind::List, Box::new(Type::Library(of.into())));
    assert_eq!(item("Page[float]"), list("builtins.float"));
    assert_eq!(item("Texts"), list("builtins.str"));
    assert_eq!(item("Ids"), list("builtins.int"));
    let tree = contract
        .classes
        .iter()
        .find(|class| &*class.name == "Tree[int]")
        .unwrap();
    assert_eq!(tree.kind, ClassKind::Alias);
    assert_eq!(
        contract.operations[2].dependant.parameters[0].field.ty,
        Type::Library("builtins.int".into())
    );
    // FastAPI unpacks an alias that is the whole annotation.
    assert_eq!(
        contract.operations[0].dependant.parameters[0].field.ty,
        list("builtins.int")
    );
    let unknown: Vec<_> = contract
        .operations
        .iter()
        .flat_map(|operation| &operation.unknown)
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

const UNKNOWN: &str = r#"
import os

from elsewhere import Base, make
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title=os.environ["TITLE"])


class Item(Base):
    pass


class Own(BaseModel):
    value: make() = 3


@app.get("/items", summary=make())
def items(q: int) -> Item: ...


@app.get("/own")
def own() -> Own: ...
"#;

#[test]
fn what_is_not_known_has_a_reason() {
    let contract = contract(UNKNOWN);
    assert!(matches!(contract.info.get("title"), Some(Data::Unknown(_))));
    assert!(matches!(
        contract.operations[0].attributes.get("summary"),
        Some(Data::Unknown(_))
    ));
    assert!(matches!(contract.operations[0].response_model, Some(Type::Unknown(_))));
    assert!(matches!(contract.classes[0].fields[0].ty, Type::Unknown(_)));
}

#[test]
fn a_contract_leaves_the_wiring_as_it_was() {
    let mut memory = Memory::new(ALIASES);
    let mut wiring = Wiring::default();
    let model = wiring.link(&memory, None);
    let before = wiring.contract(&memory, &model, 0);
    assert_eq!(wiring.contract(&memory, &model, 0), before);
    let file = memory.set("main", &ALIASES.replace("/texts", "/words"));
    let changed = [file].into_iter().collect();
    let model = wiring.link(&memory, Some(&changed));
    let after = wiring.contract(&memory, &model, 0).unwrap();
    assert_eq!(&*after.operations[1].path, "/words");
    let fields = |contract: &Contract| {
        contract
            .classes
            .iter()
            .map(|class| class.fields.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(fields(&after), fields(&before.unwrap()));
}
