//! What the evaluator is given: modules, how imports resolve, settings, versions.

use base::FileId;
use facts::FileFacts;
use std::{path::Path, sync::Arc};

/// Where an absolute dotted module name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleRef {
    /// A file of the workspace (an `__init__.py` for a package), or a readable file of an installed library.
    File(FileId),
    /// A folder without `__init__.py` that holds modules of the workspace.
    Namespace,
    /// A module of the standard library, or of an installed package whose source is not read.
    Library,
    /// It is in no source root, nor installed in the environment that was found.
    Missing,
    /// Not in the workspace, and no environment is known to look in.
    Unknown,
}

/// Why a file's text is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFileProblem {
    /// It is not below a folder of the workspace, or of a kind that is not read.
    Outside,
    /// There is no file at that path.
    Missing,
    /// It has more bytes than the limit, which is this.
    TooLarge(u64),
    /// Its bytes are not UTF-8.
    NotText,
    /// The system refuses.
    Unreadable,
}

impl std::fmt::Display for DataFileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Outside => f.write_str("is not read"),
            Self::Missing => f.write_str("is not there"),
            Self::TooLarge(limit) => write!(f, "is not read: it has more than {} KB", limit / 1024),
            Self::NotText => f.write_str("is not UTF-8"),
            Self::Unreadable => f.write_str("can't be read"),
        }
    }
}

/// The workspace as the evaluator sees it. Implementations answer from tables; they may read a library's file on demand.
pub trait ModuleSource: Sync {
    /// Where `module` (absolute, dotted) leads for an import in `from`.
    fn resolve(&self, from: FileId, module: &str) -> ModuleRef;
    /// The file of a module of an installed library that [`Self::resolve`] doesn't give, as it says nothing of the framework.
    fn library_file(&self, from: FileId, module: &str) -> Option<FileId>;
    /// The file of a module of the installed FastAPI, which [`Self::library_file`] leaves out: what it does is known.
    fn framework_file(&self, from: FileId, module: &str) -> Option<FileId>;
    /// Whether the distribution of an installed package, by its top name, requires the framework.
    fn requires_framework(&self, from: FileId, package: &str) -> bool;
    /// Whether a package, by its top name, is of the standard library, or installed with a distribution that neither is the
    /// framework nor requires it.
    fn is_apart_from_framework(&self, from: FileId, package: &str) -> bool;
    /// The facts of a file.
    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>>;
    /// The absolute dotted name under which Python would import the file (`app.main`; of a package without `.__init__`).
    fn module_name(&self, file: FileId) -> Arc<str>;
    /// Whether the file is an `__init__.py`.
    fn is_package(&self, file: FileId) -> bool;
    /// The workspace's files that are to be run, in a stable order; not tests and scripts.
    fn files(&self) -> Vec<FileId>;
    /// Tests, migrations and scripts: what they call is no part of the program's own wiring.
    fn tests_and_scripts(&self) -> Vec<FileId>;
    /// Absolute path of a file.
    fn file_path(&self, file: FileId) -> Arc<Path>;
    /// The Python file of the workspace at an absolute path.
    fn file_at(&self, path: &Path) -> Option<FileId>;
    /// What is directly in a folder of the workspace, sorted: names of Python files, and of folders (`true`) that hold some.
    fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>>;
    /// The text of a file of the project that is not Python, at an absolute path. The answer stays the same until the
    /// modules that asked are run again.
    fn data_file(&self, path: &Path) -> Result<Arc<str>, DataFileProblem>;
    /// Whether a file is the workspace's own, and nothing of an installed library.
    fn is_own(&self, file: FileId) -> bool;
    /// Whether a file names FastAPI or Starlette.
    fn mentions_framework(&self, file: FileId) -> bool;
    /// Modules directly below a package or namespace folder: plain names, sorted.
    fn submodules(&self, from: FileId, package: &str) -> Vec<Arc<str>>;
    /// The entry points of configuration (`[tool.routewright]`, `[tool.fastapi]`, FastAPI CLI's defaults), best first:
    /// the module's file and the attribute, where one is named.
    fn entry_points(&self) -> Vec<(FileId, Option<Arc<str>>)>;
    /// The value of an environment variable in the project's `.env` file nearest to `from`.
    fn dotenv(&self, from: FileId, name: &str) -> Option<Arc<str>>;
    /// Major and minor version of the Python that `from` runs on, where the environment or a pin says so.
    fn python_version(&self, from: FileId) -> Option<(u32, u32)>;
    /// The whole version of a package, by the name of its distribution, where it is installed or pinned.
    fn package_version(&self, from: FileId, package: &str) -> Option<Arc<str>>;
    /// The Pydantic version of the environment or lock that `from` belongs to.
    fn pydantic_version(&self, from: FileId) -> PydanticVersion;
    /// The FastAPI version of the environment or lock that `from` belongs to.
    fn fastapi_version(&self, from: FileId) -> FastApiVersion;
    /// The major version of Starlette of the environment or lock that `from` belongs to, or the one that its FastAPI brings; 0
    /// also where neither is known, since what a later one took away may be there.
    fn starlette_major(&self, from: FileId) -> u32;
}

/// A FastAPI release, as far as semantics differ; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FastApiVersion {
    /// `0`.
    pub major: u32,
    /// `163`.
    pub minor: u32,
    /// Patch.
    pub patch: u32,
}

impl Default for FastApiVersion {
    /// What is assumed where the project names none: the current release.
    fn default() -> Self {
        Self {
            major: 0,
            minor: 163,
            patch: 2,
        }
    }
}

impl FastApiVersion {
    /// Whether routes added after `include_router` count (release notes of 0.137).
    #[must_use]
    pub fn has_live_includes(self) -> bool {
        self.is_at_least(137, 0)
    }

    /// Whether a router can't be included in itself (`routing.py`, `include_router`, of 0.128.7).
    #[must_use]
    pub fn refuses_self_include(self) -> bool {
        self.is_at_least(128, 7)
    }

    /// The major version of Starlette that comes with it where nothing else is asked for (what its distribution requires).
    #[must_use]
    pub fn starlette_major(self) -> u32 {
        u32::from(self.is_at_least(133, 0))
    }

    /// Whether a model with computed fields has a schema of its own for answers even where input and output share theirs
    /// (`_compat/v2.py`, `_has_computed_fields`, of 0.123.4).
    #[must_use]
    pub fn finds_computed_fields(self) -> bool {
        self.is_at_least(123, 4)
    }

    /// Whether so has what holds such a model (of 0.163.1).
    #[must_use]
    pub fn finds_computed_fields_within(self) -> bool {
        self.is_at_least(163, 1)
    }

    /// Whether the schema of validation errors has `input` and `ctx` (`openapi/utils.py` of 0.128.1).
    #[must_use]
    pub fn tells_input_of_errors(self) -> bool {
        self.is_at_least(128, 1)
    }

    /// Whether bytes and uploads are told by their media type; before it by `"format": "binary"` (`_compat/v2.py`,
    /// `bytes_schema`, of 0.129.1).
    #[must_use]
    pub fn tells_media_type_of_bytes(self) -> bool {
        self.is_at_least(129, 1)
    }

    /// Whether security schemes answer 401 where credentials are missing; before it those that read a header, a query or a
    /// cookie answer 403 (`security/http.py` and `security/api_key.py` of 0.122).
    #[must_use]
    pub fn asks_for_credentials(self) -> bool {
        self.is_at_least(122, 0)
    }

    /// Whether a path operation sends server-sent events by yielding them (`sse.py` of 0.135).
    #[must_use]
    pub fn has_server_sent_events(self) -> bool {
        self.is_at_least(135, 0)
    }

    /// Whether a model may be a parameter of query, header or cookie (release notes of 0.115).
    #[must_use]
    pub fn has_parameter_models(self) -> bool {
        self.is_at_least(115, 0)
    }

    /// Whether a model of parameters may stand beside others (`dependencies/utils.py`, `_get_flat_fields_from_params`, of
    /// 0.157).
    #[must_use]
    pub fn has_parameter_models_beside_others(self) -> bool {
        self.is_at_least(157, 0)
    }

    /// Whether a model of parameters may be optional (`_get_param_model` of 0.159).
    #[must_use]
    pub fn has_optional_parameter_models(self) -> bool {
        self.is_at_least(159, 0)
    }

    /// Whether a model of a form may be optional or stand beside others (`_get_form_model` of 0.158.2).
    #[must_use]
    pub fn has_form_models_beside_others(self) -> bool {
        self.is_at_least(158, 2)
    }

    /// Whether a form may be one of several models (`_get_form_models` of 0.161).
    #[must_use]
    pub fn has_unions_of_form_models(self) -> bool {
        self.is_at_least(161, 0)
    }

    /// Whether it is 0.`minor`.`patch` or later.
    fn is_at_least(self, minor: u32, patch: u32) -> bool {
        (self.major, self.minor, self.patch) >= (0, minor, patch)
    }
}

/// A Pydantic release, as far as schemas differ; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PydanticVersion {
    /// `2`.
    pub major: u32,
    /// `14`.
    pub minor: u32,
}

impl Default for PydanticVersion {
    /// What is assumed where the project names none: the current release.
    fn default() -> Self {
        Self { major: 2, minor: 14 }
    }
}

impl PydanticVersion {
    /// Whether it is Pydantic 1, whose models and schemas are others.
    #[must_use]
    pub fn is_first(self) -> bool {
        self.major < 2
    }

    /// Whether a literal of one value says its type (`json_schema.py`, `literal_schema`, of 2.7).
    #[must_use]
    pub fn tells_types_of_constants(self) -> bool {
        self.is_at_least(7)
    }

    /// Whether an enum of one member is told as a constant (`enum_schema` before 2.10).
    #[must_use]
    pub fn tells_enums_of_one_as_constants(self) -> bool {
        !self.is_at_least(10)
    }

    /// Whether a constant, of a literal or an enum, is told as an enum, too (of 2.7 to 2.9).
    #[must_use]
    pub fn tells_constants_as_enums(self) -> bool {
        self.is_at_least(7) && !self.is_at_least(10)
    }

    /// Whether a reference may have other keys beside it; before, it stands in `allOf` then (`json_schema.py` of 2.9).
    #[must_use]
    pub fn has_keys_beside_references(self) -> bool {
        self.is_at_least(9)
    }

    /// Whether a mapping of anything says that it takes anything (`dict_schema` of 2.11).
    #[must_use]
    pub fn tells_free_mappings(self) -> bool {
        self.is_at_least(11)
    }

    /// Whether decimals as text have a pattern (`decimal_schema` of 2.12 and 2.13).
    #[must_use]
    pub fn tells_patterns_of_decimals(self) -> bool {
        self.is_at_least(12) && !self.is_at_least(14)
    }

    /// Whether the docstring of a standard dataclass is its description (`dataclass_schema` of 2.13).
    #[must_use]
    pub fn describes_dataclasses(self) -> bool {
        self.is_at_least(13)
    }

    /// Whether fractions are read from numbers, too (2.14).
    #[must_use]
    pub fn takes_numbers_for_fractions(self) -> bool {
        self.is_at_least(14)
    }

    /// Whether it is 2.`minor` or later.
    fn is_at_least(self, minor: u32) -> bool {
        (self.major, self.minor) >= (2, minor)
    }
}

/// Texts and spans of the workspace's files, for features that show or edit source. Answers belong to one snapshot.
pub trait Files: Sync {
    /// The text of a file; empty where it can't be read any more.
    fn text(&self, file: FileId) -> Arc<str>;
    /// The facts of a file.
    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>>;
    /// The spans of a file's facts.
    fn spans(&self, file: FileId) -> Arc<facts::FileSpans>;
    /// Absolute path of a file.
    fn path(&self, file: FileId) -> Arc<Path>;

    /// The span of a place, in bytes.
    fn span(&self, place: crate::Place) -> base::Span {
        self.spans(place.file).expr(place.unit, place.expr)
    }
}
