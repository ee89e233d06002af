//! The routes that FastAPI adds to an app itself: OpenAPI document and documentation (`FastAPI.setup`).

use super::{
    Interp,
    value::{ObjId, Value},
};
use crate::{Builtin, BuiltinKind, Place, RouterId, RouterKind, Text};

impl Interp<'_> {
    /// `FastAPI.setup`: what it adds follows from the app's attributes at that moment.
    pub(crate) fn set_up(&mut self, object: ObjId, id: RouterId) {
        if self.is_rehearsal || self.router(id).kind != RouterKind::FastApi {
            return;
        }
        let at = self.router(id).made_at;
        let openapi = self.urls(object, BuiltinKind::OpenApi, at);
        if openapi.is_empty() {
            return;
        }
        let docs = self.urls(object, BuiltinKind::SwaggerUi, at);
        let redirect = match docs.is_empty() {
            true => Vec::new(),
            false => self.urls(object, BuiltinKind::SwaggerUiRedirect, at),
        };
        let redoc = self.urls(object, BuiltinKind::Redoc, at);
        let here = self.condition_depth > self.object(self.router_objects[id.0 as usize]).condition_depth;
        let (no_openapi, no_docs) = (is_perhaps_unset(&openapi), is_perhaps_unset(&docs));
        let events_then = self.router(id).events.len();
        let mut builtins = Vec::new();
        for (kind, urls, conditional) in [
            (BuiltinKind::OpenApi, openapi, here),
            (BuiltinKind::SwaggerUi, docs, here || no_openapi),
            (BuiltinKind::SwaggerUiRedirect, redirect, here || no_openapi || no_docs),
            (BuiltinKind::Redoc, redoc, here || no_openapi),
        ] {
            let is_one_of = urls.len() > 1;
            builtins.extend(urls.into_iter().filter_map(|url| {
                Some(Builtin {
                    kind,
                    path: url.path?,
                    conditional: conditional || is_one_of,
                    events_then,
                })
            }));
        }
        self.change_router(id, |router| router.builtins.extend(builtins));
    }

    /// What an attribute that holds a URL may be; nothing where it is certainly unset.
    fn urls(&self, object: ObjId, kind: BuiltinKind, at: Place) -> Vec<Url> {
        let mut urls = Vec::new();
        if let Some(value) = self.instance(object).and_then(|it| it.attrs.get(kind.argument())) {
            self.collect_urls(value, at, &mut urls);
        }
        if urls.iter().all(|url| url.path.is_none()) {
            urls.clear();
        }
        urls
    }

    fn collect_urls(&self, value: &Value, at: Place, urls: &mut Vec<Url>) {
        match value {
            Value::OneOf(values) => values.iter().for_each(|value| self.collect_urls(value, at, urls)),
            Value::Maybe(inner) => {
                self.collect_urls(inner, at, urls);
                urls.push(Url { path: None });
            }
            value => {
                let truth = self.truth(value);
                if truth != Some(false) {
                    urls.push(Url {
                        path: Some(self.text_of(value, at)),
                    });
                }
                if truth != Some(true) {
                    urls.push(Url { path: None });
                }
            }
        }
    }
}

/// One value that a URL may have: a path, or none at all.
struct Url {
    path: Option<Text>,
}

fn is_perhaps_unset(urls: &[Url]) -> bool {
    urls.iter().any(|url| url.path.is_none())
}

#[cfg(test)]
mod tests {
    use crate::testing::Memory;

    /// The routes that FastAPI adds, each with the number of the project's own routes before it; `?` marks a conditional one.
    fn builtins(fixture: &str) -> String {
        let model = Memory::new(fixture).link();
        let lines = model.builtins.iter().map(|route| {
            let mark = if route.conditional { "?" } else { "" };
            format!("{}{mark}{}", route.before, route.path)
        });
        lines.collect::<Vec<_>>().join(" ")
    }

    fn of_app(arguments: &str) -> String {
        builtins(&format!(
            "import os\nfrom fastapi import FastAPI\napp = FastAPI({arguments})\n@app.get('/')\ndef root(): ...\n"
        ))
    }

    #[test]
    fn they_come_first_and_follow_the_arguments() {
        assert_eq!(of_app(""), "0/openapi.json 0/docs 0/docs/oauth2-redirect 0/redoc");
        assert_eq!(of_app("openapi_url=None"), "");
        assert_eq!(of_app("openapi_url=''"), "");
        assert_eq!(of_app("docs_url=None"), "0/openapi.json 0/redoc");
        assert_eq!(
            of_app("redoc_url=None, swagger_ui_oauth2_redirect_url=None, docs_url='/'"),
            "0/openapi.json 0/"
        );
    }

    #[test]
    fn what_is_not_decided_is_conditional() {
        assert_eq!(
            of_app("docs_url='/d' if os.environ['X'] else None, redoc_url=None"),
            "0/openapi.json 0?/d 0?/docs/oauth2-redirect"
        );
        assert_eq!(
            of_app("openapi_url='/o' if os.environ['X'] else None, docs_url=None"),
            "0?/o 0?/redoc"
        );
        assert_eq!(
            of_app("redoc_url=os.environ['X']"),
            "0/openapi.json 0/docs 0/docs/oauth2-redirect 0?…"
        );
    }

    #[test]
    fn a_mounted_app_brings_its_own() {
        let fixture = "from fastapi import FastAPI\n\
                       app = FastAPI(openapi_url=None)\n\
                       sub = FastAPI(redoc_url=None, docs_url=None)\n\
                       @app.get('/')\ndef root(): ...\n\
                       app.mount('/sub', sub)\n";
        assert_eq!(builtins(fixture), "1/sub/openapi.json 1/openapi.json");
    }

    #[test]
    fn a_table_of_routes_comes_before_them() {
        let fixture = "from fastapi import FastAPI\nfrom starlette.routing import Route\n\
                       def a(request): ...\n\
                       app = FastAPI(routes=[Route('/a', a)], docs_url=None, redoc_url=None)\n";
        assert_eq!(builtins(fixture), "1/openapi.json");
    }

    #[test]
    fn a_subclass_decides_for_itself() {
        let fixture = |body: &str| {
            format!(
                "from fastapi import FastAPI\n\
                 class Api(FastAPI):\n    def setup(self):\n        {body}\n\
                 app = Api(docs_url=None, redoc_url=None)\n"
            )
        };
        assert_eq!(builtins(&fixture("pass")), "");
        assert_eq!(builtins(&fixture("super().setup()")), "0/openapi.json");
    }
}
