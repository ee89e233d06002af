//! What is read off a whole snapshot once, for all requests to it.

use crate::{
    Context, Site,
    endpoint::body::Raised,
    ground::{Documented, Ground},
    require::Guards,
};
use base::FileId;
use facts::FileFacts;
use model::{Callable, CallableId, Model, StmtPlace};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use style::Census;

/// The form that a login takes, in FastAPI.
pub(crate) const LOGIN_FORM: &str = "OAuth2PasswordRequestForm";

/// See the module.
#[derive(Debug, Default)]
pub struct Memo {
    /// What the snapshot before this one said.
    before: Option<Arc<Census>>,
    census: OnceLock<Arc<Census>>,
    /// How many functions of a file are documented.
    pub(crate) documented: OfFiles<Documented>,
    /// What a file raises where something is not there.
    pub(crate) missing: OfFiles<Arc<[(StmtPlace, Raised)]>>,
    grounds: OfProjects<Ground>,
    guards: OfProjects<Guards>,
    /// Whether logging is configured.
    logging: OfProjects<bool>,
    /// The functions that take the form of a login.
    logins: OnceLock<Vec<CallableId>>,
    /// What was known before an edit that changed no more than bodies and layout.
    known: Option<Arc<Memo>>,
}

impl Memo {
    /// That of the snapshot that follows; `is_alike` if the modules of both say the same but for bodies and layout.
    #[must_use]
    pub fn next(self: &Arc<Self>, is_alike: bool) -> Self {
        let known = match (is_alike, &self.known) {
            (false, _) => None,
            (true, Some(known)) if self.grounds.is_empty() && self.guards.is_empty() && self.logging.is_empty() => {
                Some(known.clone())
            }
            (true, _) => Some(Arc::new(Self {
                grounds: self.grounds.clone(),
                guards: self.guards.clone(),
                logging: self.logging.clone(),
                ..Self::default()
            })),
        };
        Self {
            before: self.census.get().or(self.before.as_ref()).cloned(),
            documented: self.documented.clone(),
            missing: self.missing.clone(),
            known,
            ..Self::default()
        }
    }

    /// The functions that take the form of a login; nearly always there are few.
    pub(crate) fn logins(&self, model: &Model) -> &[CallableId] {
        let takes_form = |callable: &Callable| {
            let mut types = callable.parameters.iter().filter_map(|parameter| parameter.ty.as_ref());
            types.any(|ty| ty.display.contains(LOGIN_FORM))
        };
        self.logins.get_or_init(|| {
            let callables = model.callables.entries();
            let logins = callables.filter(|(_, callable)| takes_form(callable));
            logins.map(|(number, _)| CallableId(number as u32)).collect()
        })
    }

    pub(crate) fn census(&self, ctx: &Context<'_>) -> &Census {
        self.census
            .get_or_init(|| Arc::new(Census::take(ctx.model, ctx.files, self.before.as_deref())))
    }
}

/// Something of each file, and the facts that say so; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct OfFiles<T>(Arc<Mutex<HashMap<FileId, Said<T>>>>);

/// Facts, and what they say.
type Said<T> = (Arc<FileFacts>, T);

impl<T> Default for OfFiles<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> OfFiles<T> {
    pub(crate) fn get(&self, file: FileId, facts: &Arc<FileFacts>, read: impl FnOnce() -> T) -> T {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match files.get(&file) {
            Some((known, it)) if Arc::ptr_eq(known, facts) => it.clone(),
            _ => {
                let it = read();
                files.insert(file, (facts.clone(), it.clone()));
                it
            }
        }
    }
}

/// Something of each project, by its folder.
#[derive(Debug)]
struct OfProjects<T>(Mutex<Vec<(PathBuf, Arc<T>)>>);

impl<T> Default for OfProjects<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> OfProjects<T> {
    fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn clone(&self) -> Self {
        Self(Mutex::new(
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        ))
    }

    /// What is known already.
    fn known(&self, root: &Path) -> Option<Arc<T>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(of, _)| of == root).map(|(_, it)| it.clone())
    }

    fn get(&self, root: &Path, read: impl FnOnce() -> T) -> Arc<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, it)) = known.iter().find(|(of, _)| of == root) {
            return it.clone();
        }
        let it = Arc::new(read());
        known.push((root.to_path_buf(), it.clone()));
        it
    }
}

impl Site<'_> {
    /// What the project has that scaffolds build on.
    #[must_use]
    pub fn ground(&self) -> Arc<Ground> {
        self.ctx.memo.grounds.get(self.root, || Ground::read(self))
    }

    /// The same for titles: as it was before edits of bodies and layout, which no title rests on.
    pub(crate) fn known_ground(&self) -> Arc<Ground> {
        let memo = self.ctx.memo;
        let before = || memo.known.as_ref().and_then(|known| known.grounds.known(self.root));
        let known = memo.grounds.known(self.root).or_else(before);
        known.unwrap_or_else(|| self.ground())
    }

    /// Whether logging is configured, as far as titles rest on it.
    pub(crate) fn known_logging(&self, read: impl FnOnce() -> bool) -> bool {
        let memo = self.ctx.memo;
        let before = || memo.known.as_ref().and_then(|known| known.logging.known(self.root));
        let known = memo.logging.known(self.root).or_else(before);
        *known.unwrap_or_else(|| memo.logging.get(self.root, read))
    }

    /// The same of the guards.
    pub(crate) fn known_guards(&self) -> Arc<Guards> {
        let memo = self.ctx.memo;
        let before = || memo.known.as_ref().and_then(|known| known.guards.known(self.root));
        let known = memo.guards.known(self.root).or_else(before);
        known.unwrap_or_else(|| self.guards())
    }

    /// The dependencies with which the project says who is asking.
    pub(crate) fn guards(&self) -> Arc<Guards> {
        self.ctx.memo.guards.get(self.root, || Guards::read(self))
    }
}
