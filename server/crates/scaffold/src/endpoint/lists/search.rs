//! *Search*: the list of a resource narrowed to what a text is found in, at `/search` below it.
//!
//! The operation that lists says how rows are read, which pages there are and what is answered: it is said again with a text
//! to look for, and so are the functions that it calls, where the rows are read there.

use super::{
    super::{
        EndpointKind, EndpointRequest, Offer,
        callees::{self, Called},
        evidence::Evidence,
        host::Host,
        kinds::Operation,
        memory, plain,
        resource::{self, Resource},
        siblings::{Code, Sibling},
    },
    SHARED, listed, narrower, range_of,
    rewrite::{self, Edits, Text, applied, dedented},
    rows::{self, Rows},
    shown,
};
use crate::{
    Context, Insertion, Refusal, Site,
    draft::python,
    ground::with_imports,
    imports::{self, Need},
    resource::texts,
};
use base::{FileEdit, Span, TextEdit};
use model::Schema;
use ruff_python_ast::StmtFunctionDef;
use ruff_text_size::Ranged;
use style::{Action, Source, Style, words};

/// The offer of a resource that is listed and not searched yet.
pub(in super::super) fn offer(ctx: &Context<'_>, source: &Source, host: &Host) -> Option<Offer> {
    let siblings = host.siblings(ctx, source);
    let (resource, _) = listed(host, &siblings, None)?;
    let path = format!("{}/search", resource.collection);
    let is_new = resource::serving(ctx, host, "GET", &path).is_none();
    (is_new && may_read_rows(ctx, source, &siblings, &resource)).then(|| Offer {
        title: format!(
            "Insert endpoint: GET {}{path} (search {})",
            host.prefix,
            words::spoken(&resource.many)
        ),
        request: EndpointRequest {
            router: Some(host.name.clone()),
            path: Some(resource.collection),
            ..EndpointRequest::new(EndpointKind::Search)
        },
        completes: false,
    })
}

/// Whether there are rows at all that a list may read: those of some table, or items kept in memory.
fn may_read_rows(ctx: &Context<'_>, source: &Source, siblings: &[Sibling], resource: &Resource) -> bool {
    let own = || resource.own.iter().filter_map(|&own| siblings.get(own));
    ctx.model.tables().next().is_some() || memory::is_used_by(ctx, source, own())
}

/// Inserts it.
///
/// # Errors
/// Where nothing is listed, or it can't be told where the rows are read.
pub(in super::super) fn build(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    request: &EndpointRequest,
) -> Result<Insertion, Refusal> {
    let ctx = &site.ctx;
    let siblings = host.siblings(ctx, source);
    let asked = request.path.as_deref();
    let asked = asked.map(|path| path.trim_end_matches('/').trim_end_matches("/search"));
    let (resource, list) = listed(host, &siblings, asked).ok_or(Refusal::NoList)?;
    let path = format!("{}/search", resource.collection);
    if let Some(existing) = resource::serving(ctx, host, "GET", &path) {
        return Err(Refusal::Exists(format!("GET {}{path}", host.prefix), existing));
    }
    let name = match &request.name {
        Some(name) => plain::free(ctx, source, name)?,
        None => resource::free_name(ctx, source, &format!("search_{}", resource.many)),
    };
    let mut style = style.clone();
    style.format = with_imports(site, style.format);
    let search = Search {
        site,
        source,
        style: &style,
        host,
        siblings: &siblings,
        resource: &resource,
        list,
        path: &path,
        name: &name,
    };
    search.insertion()
}

/// All that is known before it is written.
struct Search<'a> {
    site: &'a Site<'a>,
    source: &'a Source,
    style: &'a Style,
    host: &'a Host,
    siblings: &'a [Sibling],
    resource: &'a Resource,
    list: &'a Sibling,
    path: &'a str,
    name: &'a str,
}

/// A function of another layer said again, and what its module has to import.
struct Followed {
    edit: FileEdit,
    /// What the operation's module has to import of it.
    need: Option<Need>,
}

impl Search<'_> {
    fn insertion(&self) -> Result<Insertion, Refusal> {
        let ctx = &self.site.ctx;
        let text = &*self.source.text;
        let suite = python::suite(text).map_err(|problem| Refusal::Broken(shown(self.site, self.source), problem))?;
        let undecorated = || Refusal::NotDecorated(self.host.name.clone());
        let code = Code::new(self.source, self.list.unit, self.list.stmt).ok_or_else(undecorated)?;
        let named = self.source.spans.expr(self.list.unit, code.function.name);
        let function = rows::function_named_at(&suite, named.start as usize).ok_or_else(undecorated)?;
        let evidence = Evidence::gather(
            ctx,
            self.source,
            self.style,
            self.host,
            self.siblings,
            self.resource,
            Action::List,
            &self.resource.collection,
        );
        let path = self.style.format.string(self.path);
        let decorator = rewrite::decorator(text, function, &self.list.path, &path).ok_or_else(undecorated)?;
        let is_annotated = self.style.habits.annotated.value;
        let declaration = match is_annotated {
            true => "q: Annotated[str, Query(min_length=1, max_length=100)]",
            false => "q: str = Query(min_length=1, max_length=100)",
        };
        let mut edits: Edits = vec![decorator, rewrite::parameter(function, declaration, !is_annotated)];
        edits.push((range_of(function.name.range()), self.name.to_owned()));
        edits.extend(rewrite::docstring(function, &self.sentence()));
        let mut needs = vec![Need::member("typing", "Annotated"), Need::member("fastapi", "Query")];
        let store = memory::store_of(&evidence);
        let stores: Vec<String> = store.iter().map(|(name, _)| name.clone()).collect();
        let mut others = Vec::new();
        match rows::of(self.site, text, function, &stores, evidence.family.table()) {
            Some(rows) => {
                let texts = self.texts(&evidence, store.is_some_and(|(_, holds_models)| !holds_models));
                edits.extend(self.narrowed(text, function, &rows, &texts)?);
                needs.extend(needs_of(&rows));
            }
            None => {
                for call in rewrite::calls(text, function) {
                    let Some(called) = callees::called(&evidence, &call.prefix, &call.name) else {
                        continue;
                    };
                    if called.is_shared {
                        return Err(self.refused(SHARED));
                    }
                    let name = self.called_name(&call.name, others.is_empty());
                    let Some(followed) = self.followed(&called, &name, evidence.family.table())? else {
                        continue;
                    };
                    let comma = if call.is_empty { "" } else { ", " };
                    edits.push((call.name_range, name));
                    edits.push((call.end..call.end, format!("{comma}q=q")));
                    needs.extend(followed.need);
                    others.push(followed.edit);
                }
                if others.is_empty() {
                    return Err(self.refused("it can't be told where its rows are read"));
                }
            }
        }
        let mut insertion = self.inserted(applied(text, range_of(function.range()), edits), needs)?;
        for edit in others {
            match insertion.change.files.iter_mut().find(|known| known.file == edit.file) {
                Some(known) => known.edits.extend(edit.edits),
                None => insertion.change.files.push(edit),
            }
        }
        Ok(insertion)
    }

    /// The operation in its module.
    fn inserted(&self, function: String, needs: Vec<Need>) -> Result<Insertion, Refusal> {
        let wrong = |problem| Refusal::Template("search".to_owned(), problem);
        let text = dedented(&function, self.host.indent.len());
        let text = python::format(&text, &narrower(&self.style.format, &self.host.indent)).map_err(wrong)?;
        let mut module = python::take_apart(&text).map_err(wrong)?;
        let import = |need| python::Import {
            need,
            is_for_effect: false,
        };
        module.imports.extend(needs.into_iter().map(import));
        let operation = Operation {
            module,
            method: "GET",
            path: self.path,
            path_is_open: false,
            name: self.name,
            packages: &[],
            replaced: None,
            notes: Vec::new(),
        };
        operation.insert(self.site, self.source, self.style, self.host, self.siblings)
    }

    /// The function of another layer that reads the rows; nothing where it reads none.
    fn followed(&self, called: &Called, name: &str, table: Option<&Schema>) -> Result<Option<Followed>, Refusal> {
        let ctx = &self.site.ctx;
        let Some(source) = Source::read(ctx.files, called.file) else {
            return Ok(None);
        };
        let text = &*source.text;
        let suite = python::suite(text).map_err(|problem| Refusal::Broken(shown(self.site, &source), problem))?;
        let Some(function) = rows::function_named_at(&suite, called.name_at as usize) else {
            return Ok(None);
        };
        let Some(rows) = rows::of(self.site, text, function, &[], table) else {
            return Ok(None);
        };
        if let Rows::Table(selected) = &rows
            && selected.class.starts_with("self.")
        {
            return Err(self.refused(SHARED));
        }
        if text.contains(&format!("def {name}(")) {
            return Err(Refusal::Clash(name.to_owned(), shown(self.site, &source)));
        }
        let mut edits = self.narrowed(text, function, &rows, &[])?;
        edits.push((range_of(function.name.range()), name.to_owned()));
        edits.push(rewrite::keyword_parameter(function, "q: str"));
        edits.extend(rewrite::docstring(function, &self.sentence()));
        let start = function.start().to_usize();
        let indent = source.indent_at(start as u32).to_owned();
        let format = ctx.format_of(&source);
        let wrong = |problem| Refusal::Template("search".to_owned(), problem);
        let copied = dedented(&applied(text, range_of(function.range()), edits), indent.len());
        let copied = python::format(&copied, &narrower(&format, &indent)).map_err(wrong)?;
        let lines = copied.trim_end().lines().map(|line| match line {
            "" => String::new(),
            line => format!("{indent}{line}"),
        });
        let blank = if indent.is_empty() { format.blank_lines } else { 1 };
        let code = format!("{}{}", "\n".repeat(blank + 1), lines.collect::<Vec<_>>().join("\n"));
        let end = text[function.end().to_usize()..].find('\n');
        let at = end.map_or(text.len(), |end| function.end().to_usize() + end) as u32;
        let mut edits = imports::merge(ctx, &source, &format, &needs_of(&rows));
        edits.push(TextEdit {
            span: Span::new(at, at),
            text: code,
        });
        for edit in &mut edits {
            edit.text = edit.text.replace('\n', format.eol);
        }
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let edit = FileEdit {
            file: called.file,
            edits,
        };
        python::check(&edit.apply(text)).map_err(|problem| Refusal::Broken(shown(self.site, &source), problem))?;
        let need = called.module.as_ref().map(|module| Need::member(module, name));
        Ok(Some(Followed { edit, need }))
    }

    /// What narrows the rows of a function.
    fn narrowed(
        &self,
        text: &str,
        function: &StmtFunctionDef,
        rows: &Rows<'_>,
        texts: &[Text],
    ) -> Result<Edits, Refusal> {
        let body = function.body.first().map_or(0, |first| first.start().to_usize());
        let line = text[..body].rfind('\n').map_or(0, |at| at + 1);
        let indent: String = text[line..body].chars().take_while(|c| c.is_whitespace()).collect();
        rewrite::narrowed(function, rows, &self.resource.one, texts, &indent)
            .ok_or_else(|| self.refused("there is no text in its rows to be found"))
    }

    /// What the items in memory have of text.
    fn texts(&self, evidence: &Evidence<'_>, is_key: bool) -> Vec<Text> {
        let family = &evidence.family;
        let schema = family.input(Action::Create).or_else(|| family.output());
        let schema = schema.or_else(|| family.named(&family.stem));
        let fields = schema.map(|schema| texts(evidence.ctx, schema)).unwrap_or_default();
        let of_fields = fields.into_iter().map(|(name, is_optional)| Text {
            name,
            is_optional,
            is_key,
        });
        of_fields.collect()
    }

    /// `search_parts` beside `get_parts`, `search` beside `list`.
    fn called_name(&self, old: &str, is_first: bool) -> String {
        let Resource { one, many, .. } = self.resource;
        match (is_first, old.contains(many.as_str()) || old.contains(one.as_str())) {
            (true, true) => format!("search_{many}"),
            (true, false) => "search".to_owned(),
            (false, _) => format!("{old}_found"),
        }
    }

    fn sentence(&self) -> String {
        format!("Search {}.", words::spoken(&self.resource.many))
    }

    fn refused(&self, why: &str) -> Refusal {
        Refusal::NoSearch(words::spoken(&self.resource.many), why.to_owned())
    }
}

/// What conditions take.
fn needs_of(rows: &Rows<'_>) -> Vec<Need> {
    let Rows::Table(selected) = rows else {
        return Vec::new();
    };
    let is_sqlmodel = selected.is_sqlmodel();
    let library = if is_sqlmodel { "sqlmodel" } else { "sqlalchemy" };
    let col = is_sqlmodel.then(|| Need::member(library, "col"));
    let or = (selected.texts.len() > 1).then(|| Need::member(library, "or_"));
    col.into_iter().chain(or).collect()
}
