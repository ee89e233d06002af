//! The project's files of data as code reads them: `open`, `Path.read_text`, `json`, `tomllib`, `yaml` and their like.
//!
//! A file that stands in the project is as good as a constant. One that is not there may be made before the program
//! runs, so that is never taken for granted.

use super::{
    Interp,
    disk::{normal, path_value},
    value::{Args, DictEntry, LibObject, Value},
};
use crate::{
    DataFileProblem, Place,
    data::{self, Data, Format},
};
use std::{path::Path, sync::Arc};

/// What `open` gives: its path, and whether it gives bytes.
const FILE: &str = "io.IOBase";
/// Text as bytes.
const BYTES: &str = "builtins.bytes";

/// Whether this is a file that was opened for reading.
pub(crate) fn is_open_file(object: &LibObject) -> bool {
    &*object.callee == FILE
}

/// Whether this is an open file or the bytes of one.
pub(crate) fn is_data(object: &LibObject) -> bool {
    is_open_file(object) || (&*object.callee == BYTES && matches!(object.args.get(0, ""), Some(Value::Str(_))))
}

impl Interp<'_> {
    /// Functions that open files or read what a text or file holds; `None` for all others, and where the path is not known.
    pub(crate) fn call_data(&mut self, name: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        match name {
            "builtins.open" | "io.open" => {
                let path = self.path_in(args.get(0, "file")?)?;
                self.open(&path, args.get(1, "mode"), self.somewhere(at))
            }
            "importlib.resources.files" => self.resource_folder(args.get(0, "anchor")?),
            _ => {
                let (format, takes_path) = reader(name)?;
                Some(self.read_data(name, format, takes_path, args, self.somewhere(at)))
            }
        }
    }

    /// Methods of `pathlib.Path` that read; `None` for all others.
    pub(crate) fn read_path(&mut self, path: &Path, name: &str, args: &Args, at: Place) -> Option<Value> {
        match name {
            "open" => self.open(path, args.get(0, "mode"), at),
            "read_text" => Some(self.file_text(path, at)),
            "read_bytes" => Some(self.file_bytes(path, at)),
            _ => None,
        }
    }

    /// A method of an open file, or of bytes.
    pub(crate) fn data_method(&mut self, object: &LibObject, name: &str, at: Place) -> Value {
        let path = object.args.get(0, "").and_then(|path| self.path_in(path));
        let is_binary = object.args.get(1, "") == Some(&Value::Bool(true));
        match (is_open_file(object), name, path) {
            (true, "read", Some(path)) if is_binary => self.file_bytes(&path, at),
            (true, "read", Some(path)) => self.file_text(&path, at),
            (true, "readlines", Some(path)) if !is_binary => match self.file_text(&path, at) {
                Value::Str(text) => self.new_list(text.split_inclusive('\n').map(Value::str).collect()),
                unknown => unknown,
            },
            (true, "close", _) => Value::None,
            (false, "decode", _) => object.args.get(0, "").cloned().unwrap_or(Value::None),
            _ => Value::unknown(format!("the result of `{name}`"), Some(at)),
        }
    }

    /// Whether a file of data is there; the model rests on that.
    pub(crate) fn is_data_file(&mut self, path: &Path) -> bool {
        matches!(
            self.data_file(path),
            Ok(_) | Err(DataFileProblem::TooLarge(_) | DataFileProblem::NotText)
        )
    }

    fn data_file(&mut self, path: &Path) -> Result<Arc<str>, DataFileProblem> {
        let path = normal(path);
        let found = self.source.data_file(&path);
        if found != Err(DataFileProblem::Outside)
            && let Some(module) = self.running_module()
        {
            self.data_files.insert((path.into(), module));
        }
        found
    }

    fn open(&mut self, path: &Path, mode: Option<&Value>, at: Place) -> Option<Value> {
        let mode = match mode {
            Some(mode) => mode.as_str()?,
            None => "r",
        };
        let is_read = mode.contains('r') && !mode.contains('+');
        is_read.then(|| {
            Value::LibObject(Arc::new(LibObject {
                callee: FILE.into(),
                args: Args::of([path_value(path), Value::Bool(mode.contains('b'))]),
                at,
            }))
        })
    }

    fn file_text(&mut self, path: &Path, at: Place) -> Value {
        if path.is_relative() {
            let text = format!("`{}` is sought where the program is started", path.display());
            return Value::unknown(text, Some(at));
        }
        match self.data_file(path) {
            Ok(text) => Value::Str(text),
            Err(problem) => Value::unknown(format!("`{}` {problem}", name_of(path)), Some(at)),
        }
    }

    fn file_bytes(&mut self, path: &Path, at: Place) -> Value {
        match self.file_text(path, at) {
            text @ Value::Str(_) => Value::LibObject(Arc::new(LibObject {
                callee: BYTES.into(),
                args: Args::of([text]),
                at,
            })),
            unknown => unknown,
        }
    }

    /// The folder of a package, by its module or name.
    fn resource_folder(&mut self, anchor: &Value) -> Option<Value> {
        let file = match anchor {
            Value::Module(file) => *file,
            Value::Str(name) => match self.source.resolve(self.running_module()?, name) {
                crate::ModuleRef::File(file) => file,
                _ => return None,
            },
            _ => return None,
        };
        let folder = self.source.file_path(file).parent()?.to_path_buf();
        Some(path_value(&folder))
    }

    /// `json.load(file)`, `yaml.safe_load(text)`, …
    fn read_data(&mut self, name: &str, format: Format, takes_path: bool, args: &Args, at: Place) -> Value {
        if let Some(other) = args
            .keywords
            .iter()
            .find(|(keyword, value, _)| !is_harmless(keyword, value))
        {
            return Value::unknown(format!("what `{name}` with `{}` makes", other.0), Some(at));
        }
        if matches!(args.positional.get(1), Some((value, _)) if !is_harmless("Loader", value)) {
            return Value::unknown(format!("what `{name}` makes"), Some(at));
        }
        let given = args.values().next().cloned().unwrap_or(Value::None);
        let (text, of) = match &given {
            Value::LibObject(object) if is_data(object) => match object.args.get(0, "") {
                Some(Value::Path(path)) => (
                    self.file_text(Path::new(&**path), at),
                    Some(name_of(Path::new(&**path))),
                ),
                Some(text) => (text.clone(), None),
                None => return Value::None,
            },
            Value::Path(path) => (
                self.file_text(Path::new(&**path), at),
                Some(name_of(Path::new(&**path))),
            ),
            Value::Str(path) if takes_path => (
                self.file_text(Path::new(&**path), at),
                Some(name_of(Path::new(&**path))),
            ),
            Value::Str(_) => (given.clone(), None),
            Value::Unknown(_) => return given,
            _ => return Value::unknown(format!("what `{name}` makes of a value that is not known"), Some(at)),
        };
        let Value::Str(text) = text else { return text };
        match data::parse(format, &text) {
            Ok(data) => self.value_of(&data, at),
            Err(error) => {
                let of = of.map_or_else(|| "the text".to_owned(), |name| format!("`{name}`"));
                Value::unknown(
                    format!("{of} is no {} that can be read: {error}", format.name()),
                    Some(at),
                )
            }
        }
    }

    fn value_of(&mut self, data: &Data, at: Place) -> Value {
        if !self.step() {
            return Value::unknown("the work that may be done is used up", Some(at));
        }
        match data {
            Data::Null => Value::None,
            Data::Bool(value) => Value::Bool(*value),
            Data::Int(number) => Value::Int(*number),
            Data::Float(number) => Value::Float(*number),
            Data::Str(text) => Value::Str(text.clone()),
            Data::Other(what) => Value::unknown(*what, Some(at)),
            Data::List(items) => {
                let items = items.iter().map(|item| self.value_of(item, at)).collect();
                self.new_list(items)
            }
            Data::Dict(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| DictEntry {
                        key: self.value_of(key, at),
                        value: self.value_of(value, at),
                        at: None,
                    })
                    .collect();
                self.new_view(entries)
            }
        }
    }
}

/// What a function reads, and whether a string is the path of a file to it.
fn reader(name: &str) -> Option<(Format, bool)> {
    Some(match name {
        "json.load" | "json.loads" | "orjson.loads" | "ujson.load" | "ujson.loads" | "simplejson.load"
        | "simplejson.loads" => (Format::Json, false),
        "tomllib.load" | "tomllib.loads" | "tomli.load" | "tomli.loads" | "rtoml.load" | "rtoml.loads"
        | "toml.loads" => (Format::Toml, false),
        "toml.load" => (Format::Toml, true),
        "yaml.load" | "yaml.safe_load" | "yaml.full_load" | "yaml.unsafe_load" => (Format::Yaml, false),
        _ => return None,
    })
}

/// Whether an argument leaves what is read as it is.
fn is_harmless(keyword: &str, value: &Value) -> bool {
    match keyword {
        "Loader" => matches!(
            value.lib_name(),
            Some(
                "yaml.SafeLoader"
                    | "yaml.CSafeLoader"
                    | "yaml.FullLoader"
                    | "yaml.CFullLoader"
                    | "yaml.Loader"
                    | "yaml.CLoader"
                    | "yaml.UnsafeLoader"
            )
        ),
        "fp" | "s" | "f" | "stream" | "toml" | "strict" => true,
        _ => false,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn tables_in_files_are_constants() {
        check(
            r#"
#- /main.py
import json
import os.path
import tomllib
import yaml
from pathlib import Path
from fastapi import FastAPI
app = FastAPI()
HERE = Path(__file__).parent
def handler(): ...
for path in json.loads((HERE / "routes.json").read_text(encoding="utf-8")):
    app.add_api_route(path, handler)
with (HERE / "routes.toml").open("rb") as file:
    app.add_api_route(tomllib.load(file)["path"], handler)
with open(os.path.join(os.path.dirname(__file__), "routes.yaml")) as file:
    for method, path in yaml.safe_load(file).items():
        app.add_api_route(path, handler, methods=[method])
app.add_api_route(json.loads((HERE / "absent.json").read_text())["path"], handler)
app.add_api_route(json.load(open(HERE / "broken.json"))["path"], handler)
app.add_api_route(json.load(open("routes.json"))[0], handler)
#- /routes.json
["/first", "/second"]
#- /routes.toml
path = "/third"
#- /routes.yaml
POST: /fourth
#- /broken.json
{"path": }
"#,
            "main:app GET /first -> main.handler
             main:app GET /second -> main.handler
             main:app GET /third -> main.handler
             main:app POST /fourth -> main.handler
             main:app GET … -> main.handler
             main:app GET … -> main.handler
             main:app GET … -> main.handler
             unresolved GET …: `absent.json` is not there
             unresolved GET …: `broken.json` is no JSON that can be read: expected value at line 1 column 10
             unresolved GET …: `routes.json` is sought where the program is started",
        );
    }
}
