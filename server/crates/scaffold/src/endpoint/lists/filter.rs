//! *Filter and sort*: query parameters for a list that is there, handed to the function that reads its rows, in place.
//!
//! What is wanted stands in a class beside the schemas, so that one parameter is passed on however many filters there are.
//! Nothing of the functions goes: callers that say nothing get what they got.

use super::{
    super::{
        EndpointKind, EndpointRequest, Offer, callees,
        evidence::Evidence,
        host::Host,
        resource::Resource,
        schemas,
        siblings::{Code, Sibling},
    },
    SHARED, listed, range_of,
    rewrite::{self, Edits, applied, column_of},
    rows::{self, Rows, Selected},
    shown,
    wanted::{Asked, SORT, Wanted},
};
use crate::{
    Context, Insertion, Refusal, Site,
    draft::python,
    ground::with_imports,
    imports::{self, Need},
    resolve::{self, Binding},
    resource,
};
use base::{FileEdit, SourceChange, Span, TextEdit};
use model::Schema;
use ruff_python_ast::{Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use std::ops::Range;
use style::{Action, Format, Source, Style, words};

/// The parameter of what is wanted.
const WANTED: &str = "wanted";

/// The offer for a list of rows that can't be asked for some of them yet.
pub(in super::super) fn offer(ctx: &Context<'_>, source: &Source, host: &Host) -> Option<Offer> {
    let has_tables = ctx.model.tables().next().is_some();
    let siblings = host.siblings(ctx, source);
    let (resource, list) = listed(host, &siblings, None).filter(|_| has_tables)?;
    let code = Code::new(source, list.unit, list.stmt)?;
    let is_asked = |name: &str| name == WANTED || name == SORT;
    (!code.params().iter().any(|param| is_asked(&param.name))).then(|| Offer {
        title: format!("Filter and sort: GET {}{}", host.prefix, list.path),
        request: EndpointRequest {
            router: Some(host.name.clone()),
            path: Some(resource.collection),
            ..EndpointRequest::new(EndpointKind::Filter)
        },
        completes: false,
    })
}

/// Gives a list its parameters.
///
/// # Errors
/// Where nothing is listed, it has them, or it can't be told where the rows are read.
pub(in super::super) fn build(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    request: &EndpointRequest,
) -> Result<Insertion, Refusal> {
    let ctx = &site.ctx;
    let siblings = host.siblings(ctx, source);
    let asked = request.path.as_deref().map(|path| path.trim_end_matches('/'));
    let (resource, list) = listed(host, &siblings, asked).ok_or(Refusal::NoList)?;
    let code = Code::new(source, list.unit, list.stmt).ok_or_else(|| Refusal::NotDecorated(host.name.clone()))?;
    let taken: Vec<String> = code.params().into_iter().map(|param| param.name).collect();
    let is_plain = request.filter.is_none() && request.sort.is_none();
    let has = |name: &str| taken.iter().any(|taken| taken == name);
    if has(WANTED) || is_plain && has(SORT) {
        let what = format!("a filtered and sorted GET {}{}", host.prefix, list.path);
        return Err(Refusal::Exists(what, code.name().to_owned()));
    }
    let path = &resource.collection;
    let evidence = Evidence::gather(ctx, source, style, host, &siblings, &resource, Action::List, path);
    let refused = |why: &str| Refusal::NoFilter(words::spoken(&resource.many), why.to_owned());
    let table = evidence
        .family
        .table()
        .ok_or_else(|| refused("no table of their rows was found"))?;
    let asked = Asked {
        filter: request.filter.as_deref(),
        sort: request.sort.as_deref(),
        is_cursor: taken.iter().any(|name| name == "cursor" || name == "after"),
        taken,
    };
    let wanted = Wanted::read(site, table, &asked)?;
    if wanted.is_empty() {
        return Err(refused(
            "no column of them is one that is usually asked for: name some with `--filter` or `--sort`",
        ));
    }
    let filter = Filter {
        site,
        source,
        style,
        host,
        resource: &resource,
        list,
        table,
        wanted: &wanted,
        class: format!("{}Filter", evidence.family.stem),
        sort: format!("{}Sort", evidence.family.stem),
    };
    filter.insertion(&evidence, &code)
}

/// All that is known before it is written.
struct Filter<'a> {
    site: &'a Site<'a>,
    source: &'a Source,
    style: &'a Style,
    host: &'a Host,
    resource: &'a Resource,
    list: &'a Sibling,
    table: &'a Schema,
    wanted: &'a Wanted,
    /// The class of what is wanted, and the name of the orders there are.
    class: String,
    sort: String,
}

/// The edits of one file.
struct Changed {
    source: Source,
    format: Format,
    edits: Vec<TextEdit>,
    needs: Vec<Need>,
}

impl Filter<'_> {
    fn insertion(&self, evidence: &Evidence<'_>, code: &Code<'_>) -> Result<Insertion, Refusal> {
        let text = &*self.source.text;
        let suite = self.suite(self.source)?;
        let named = self.source.spans.expr(self.list.unit, code.function.name);
        let function = rows::function_named_at(&suite, named.start as usize)
            .ok_or_else(|| Refusal::NotDecorated(self.host.name.clone()))?;
        let mut files = vec![Changed {
            source: self.source.clone(),
            format: with_imports(self.site, self.style.format.clone()),
            edits: Vec::new(),
            needs: Vec::new(),
        }];
        let home = self.home(evidence);
        self.define(&mut files, home, function)?;
        let (names, needs) = self.names_in(self.source, home);
        let mut edits = self.parameters(function, &names);
        match self.selected(text, function) {
            Some(selected) => {
                edits.extend(self.narrowed(text, function, &selected, false));
                files[0].needs.extend(self.needs_of(&selected));
            }
            None => edits.extend(self.handed_on(&mut files, evidence, text, function, home)?),
        }
        files[0].needs.extend(needs);
        let edit = self.rewritten(self.source, &files[0].format, function, edits)?;
        files[0].edits.push(edit.clone());
        self.finished(files, &edit, code.name())
    }

    /// The query parameters of the operation.
    fn parameters(&self, function: &StmtFunctionDef, [class, sort]: &[String; 2]) -> Edits {
        let filters = (!self.wanted.filters.is_empty()).then(|| match self.style.habits.annotated.value {
            true => format!("{WANTED}: Annotated[{class}, Depends()]"),
            false => format!("{WANTED}: {class} = Depends()"),
        });
        let sort = (!self.wanted.sorts.is_empty()).then(|| format!("{SORT}: {sort} | None = None"));
        match (filters, sort) {
            (Some(filters), Some(sort)) if function.parameters.is_empty() => {
                vec![rewrite::last_parameter(function, &format!("{filters}, {sort}"))]
            }
            (filters, sort) => {
                let filters = filters.map(|declaration| rewrite::parameter(function, &declaration, true));
                let sort = sort.map(|declaration| rewrite::last_parameter(function, &declaration));
                filters.into_iter().chain(sort).collect()
            }
        }
    }

    /// Hands what is wanted to the functions that read the rows.
    fn handed_on(
        &self,
        files: &mut Vec<Changed>,
        evidence: &Evidence<'_>,
        text: &str,
        function: &StmtFunctionDef,
        home: Option<&Schema>,
    ) -> Result<Edits, Refusal> {
        let mut edits = Edits::new();
        for call in rewrite::calls(text, function) {
            let Some(called) = callees::called(evidence, &call.prefix, &call.name) else {
                continue;
            };
            if called.is_shared {
                return Err(self.refused(SHARED));
            }
            let Some(source) = Source::read(self.site.ctx.files, called.file) else {
                continue;
            };
            let suite = self.suite(&source)?;
            let Some(reading) = rows::function_named_at(&suite, called.name_at as usize) else {
                continue;
            };
            let Some(selected) = self.selected(&source.text, reading) else {
                continue;
            };
            if selected.class.starts_with("self.") {
                return Err(self.refused(SHARED));
            }
            let sorts = selected.selects.iter().any(|select| !select.is_count);
            let arguments = self.handed(sorts).map(|name| format!("{name}={name}"));
            let arguments: Vec<String> = arguments.collect();
            if arguments.is_empty() {
                continue;
            }
            let comma = if call.is_empty { "" } else { ", " };
            edits.push((call.end..call.end, format!("{comma}{}", arguments.join(", "))));
            self.narrow_called(files, &source, reading, &selected, home)?;
        }
        if edits.is_empty() {
            return Err(self.refused("it can't be told where their rows are read"));
        }
        Ok(edits)
    }

    /// What is handed on to a function: what only counts has no order.
    fn handed(&self, sorts: bool) -> impl Iterator<Item = &'static str> + use<> {
        let filters = (!self.wanted.filters.is_empty()).then_some(WANTED);
        let sort = (sorts && !self.wanted.sorts.is_empty()).then_some(SORT);
        filters.into_iter().chain(sort)
    }

    /// A function of another layer that reads the rows.
    fn narrow_called(
        &self,
        files: &mut Vec<Changed>,
        source: &Source,
        reading: &StmtFunctionDef,
        selected: &Selected<'_>,
        home: Option<&Schema>,
    ) -> Result<(), Refusal> {
        let ([class, sort], needs) = self.names_in(source, home);
        let sorts = selected.selects.iter().any(|select| !select.is_count);
        let declared = self.handed(sorts).map(|name| match name {
            WANTED => format!("{WANTED}: {class} | None = None"),
            _ => format!("{SORT}: {sort} | None = None"),
        });
        let declared: Vec<String> = declared.collect();
        let mut edits = self.narrowed(&source.text, reading, selected, true);
        edits.push(rewrite::keyword_parameter(reading, &declared.join(", ")));
        let at = self.file(files, source);
        let edit = self.rewritten(source, &files[at].format, reading, edits)?;
        let changed = &mut files[at];
        changed.edits.push(edit);
        changed.needs.extend(needs);
        changed.needs.extend(self.needs_of(selected));
        Ok(())
    }

    /// The conditions and the order, and where they are said.
    fn narrowed(&self, text: &str, function: &StmtFunctionDef, selected: &Selected<'_>, may_lack: bool) -> Edits {
        let mut edits = Edits::new();
        let Some(at) = rewrite::body_start(function) else {
            return edits;
        };
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let indent: String = text[line..at].chars().take_while(|c| c.is_whitespace()).collect();
        let body = &text[range_of(function.range())];
        let free = |names: [&'static str; 2]| match mentions(body, names[0]) {
            true => names[1],
            false => names[0],
        };
        let (conditions, order) = (free(["conditions", "matching"]), free(["order", "sorted_by"]));
        let mut lines = Vec::new();
        let has_filters = !self.wanted.filters.is_empty();
        let sorts = !self.wanted.sorts.is_empty() && selected.selects.iter().any(|select| !select.is_count);
        if has_filters {
            lines.extend(self.conditions(conditions, selected, may_lack));
        }
        if sorts {
            lines.extend(self.order(order, selected));
        }
        let lines = lines.iter().map(|line| format!("{line}\n{indent}"));
        edits.push((at..at, lines.collect()));
        for select in &selected.selects {
            let mut chain = String::new();
            if has_filters {
                chain.push_str(&format!(".{}(*{conditions})", select.method));
            }
            if sorts && !select.is_count && selected.orders.is_empty() {
                chain.push_str(&format!(".order_by(*{order})"));
            }
            edits.push((select.end..select.end, chain));
        }
        let orders = selected.orders.iter().filter(|_| sorts);
        edits.extend(orders.map(|(at, has_some)| {
            let comma = if *has_some { ", " } else { "" };
            (*at..*at, format!("*{order}{comma}"))
        }));
        edits
    }

    fn conditions(&self, name: &str, selected: &Selected<'_>, may_lack: bool) -> Vec<String> {
        let indent = &self.style.format.indent;
        let mut lines = vec![format!("{name}: list[ColumnElement[bool]] = []")];
        let (outer, first) = match (may_lack, self.wanted.filters.len()) {
            (true, 1) => ("", format!("{WANTED} is not None and ")),
            (true, _) => {
                lines.push(format!("if {WANTED} is not None:"));
                (indent.as_str(), String::new())
            }
            (false, _) => ("", String::new()),
        };
        for filter in &self.wanted.filters {
            let column = column_of(selected, &filter.column);
            lines.push(format!("{outer}if {first}{WANTED}.{} is not None:", filter.name));
            lines.push(format!(
                "{outer}{indent}{name}.append({column} {} {WANTED}.{})",
                filter.operator, filter.name
            ));
        }
        lines
    }

    fn order(&self, name: &str, selected: &Selected<'_>) -> Vec<String> {
        let indent = &self.style.format.indent;
        let ty = if selected.is_sqlmodel() {
            "Mapped"
        } else {
            "InstrumentedAttribute"
        };
        let columns = self.wanted.sorts.iter();
        let columns = columns.map(|column| format!("\"{column}\": {}", column_of(selected, column)));
        vec![
            format!("{name}: list[ColumnElement[Any]] = []"),
            format!("if {SORT} is not None:"),
            format!(
                "{indent}columns: dict[str, {ty}[Any]] = {{{}}}",
                columns.collect::<Vec<_>>().join(", ")
            ),
            format!("{indent}column = columns[{SORT}.removeprefix(\"-\")]"),
            format!("{indent}{name}.append(column.desc() if {SORT}.startswith(\"-\") else column.asc())"),
        ]
    }

    fn needs_of(&self, selected: &Selected<'_>) -> Vec<Need> {
        let mut needs = vec![Need::member("sqlalchemy", "ColumnElement")];
        if selected.is_sqlmodel() {
            needs.push(Need::member("sqlmodel", "col"));
        }
        if !self.wanted.sorts.is_empty() && selected.selects.iter().any(|select| !select.is_count) {
            let ty = if selected.is_sqlmodel() {
                "Mapped"
            } else {
                "InstrumentedAttribute"
            };
            needs.extend([Need::member("typing", "Any"), Need::member("sqlalchemy.orm", ty)]);
        }
        needs
    }

    /// The rows of the resource's table that a function reads itself.
    fn selected<'m>(&'m self, text: &str, function: &StmtFunctionDef) -> Option<Selected<'m>> {
        match rows::of(self.site, text, function, &[], Some(self.table))? {
            Rows::Table(selected) => Some(selected),
            Rows::Memory { .. } => None,
        }
    }

    /// The schema behind which what is wanted is defined: where there is none, it stands before the operation.
    fn home<'m>(&self, evidence: &Evidence<'m>) -> Option<&'m Schema> {
        let family = &evidence.family;
        family.output().or_else(|| family.input(Action::Create))
    }

    /// Defines what is wanted.
    fn define(
        &self,
        files: &mut Vec<Changed>,
        home: Option<&Schema>,
        function: &StmtFunctionDef,
    ) -> Result<(), Refusal> {
        let source = match home {
            Some(schema) => Source::read(self.site.ctx.files, schema.def.file).ok_or(Refusal::Unreadable)?,
            None => self.source.clone(),
        };
        let names = [
            (&self.class, !self.wanted.filters.is_empty()),
            (&self.sort, !self.wanted.sorts.is_empty()),
        ];
        for (name, _) in names.into_iter().filter(|(_, is_used)| *is_used) {
            if resolve::binds(&self.site.ctx, source.file, name) {
                return Err(Refusal::Clash(name.clone(), shown(self.site, &source)));
            }
        }
        let at = self.file(files, &source);
        let (filters, mut needs) = self.spelled(&source);
        let code = self.definitions(&filters, &files[at].format)?;
        let gap = "\n".repeat(files[at].format.blank_lines + 1);
        let edit = match home {
            Some(schema) => {
                let end = self.end_of(&source, &schema.name)?;
                insertion(end, format!("{gap}{}", code.trim_end()))
            }
            None => insertion(function.start().to_usize(), format!("{}{gap}", code.trim_end())),
        };
        files[at].edits.push(edit);
        if !filters.is_empty() {
            needs.push(Need::member("dataclasses", "dataclass"));
        }
        if !self.wanted.sorts.is_empty() {
            needs.push(Need::member("typing", "Literal"));
        }
        if code.contains("Query(") {
            needs.extend([Need::member("typing", "Annotated"), Need::member("fastapi", "Query")]);
        }
        files[at].needs.extend(needs);
        Ok(())
    }

    /// The filters as a module spells their types, `uuid.UUID` where it has `import uuid`, and what it imports for them.
    fn spelled(&self, source: &Source) -> (Vec<resource::Filter>, Vec<Need>) {
        let mut filters = self.wanted.filters.clone();
        let mut needs = Vec::new();
        for need in &self.wanted.needs {
            let (module, name) = (need.module(), need.bound_name());
            let bound = resolve::binding(&self.site.ctx, source.file, &source.facts, module);
            if !matches!(bound, Some(Binding::Module(_))) {
                needs.push(need.clone());
                continue;
            }
            let dotted = format!("{module}.{name}");
            for filter in &mut filters {
                for head in ["", "Annotated["] {
                    let start = format!("{head}{name} |");
                    if let Some(rest) = filter.annotation.strip_prefix(&start) {
                        filter.annotation = format!("{head}{dotted} |{rest}");
                    }
                }
            }
        }
        (filters, needs)
    }

    fn definitions(&self, filters: &[resource::Filter], format: &Format) -> Result<String, Refusal> {
        let many = words::spoken(&self.resource.many);
        let mut parts = Vec::new();
        if !filters.is_empty() {
            let documented = format!(
                "{}\"\"\"What a list of {many} is narrowed to; what is left out narrows nothing.\"\"\"\n\n",
                format.indent
            );
            let fields = filters.iter();
            let fields = fields.map(|filter| format!("{}{}: {} = None", format.indent, filter.name, filter.annotation));
            parts.push(format!(
                "@dataclass(frozen=True, kw_only=True)\nclass {}:\n{}{}\n",
                self.class,
                if self.style.habits.docstrings.value {
                    documented
                } else {
                    String::new()
                },
                fields.collect::<Vec<_>>().join("\n")
            ));
        }
        if !self.wanted.sorts.is_empty() {
            let sorts = self.wanted.sorts.iter();
            let sorts = sorts.flat_map(|sort| [format!("\"{sort}\""), format!("\"-{sort}\"")]);
            parts.push(format!(
                "{} = Literal[{}]\n",
                self.sort,
                sorts.collect::<Vec<_>>().join(", ")
            ));
        }
        let text = parts.join(&"\n".repeat(format.blank_lines));
        python::format(&text, format).map_err(|problem| Refusal::Template("filter".to_owned(), problem))
    }

    /// The names of what is wanted as a module writes them, and what it imports for that.
    fn names_in(&self, source: &Source, home: Option<&Schema>) -> ([String; 2], Vec<Need>) {
        let own = [self.class.clone(), self.sort.clone()];
        let mut needs = Vec::new();
        if source.file == self.source.file && !self.wanted.filters.is_empty() {
            needs.push(Need::member("fastapi", "Depends"));
            if self.style.habits.annotated.value {
                needs.push(Need::member("typing", "Annotated"));
            }
        }
        let Some(home) = home.filter(|home| home.def.file != source.file) else {
            return (own, needs);
        };
        let (name, of_home) = schemas::reference(&self.site.ctx, source, home);
        if let Some((alias, _)) = name.rsplit_once('.') {
            needs.extend(of_home);
            return (own.map(|name| format!("{alias}.{name}")), needs);
        }
        let used = [!self.wanted.filters.is_empty(), !self.wanted.sorts.is_empty()];
        let used = own.iter().zip(used).filter(|(_, is_used)| *is_used);
        needs.extend(used.map(|(name, _)| Need::member(&home.module, name)));
        (own, needs)
    }

    /// The place of a file among those that change.
    fn file(&self, files: &mut Vec<Changed>, source: &Source) -> usize {
        if let Some(known) = files.iter().position(|known| known.source.file == source.file) {
            return known;
        }
        files.push(Changed {
            format: with_imports(self.site, self.format_of(source)),
            source: source.clone(),
            edits: Vec::new(),
            needs: Vec::new(),
        });
        files.len() - 1
    }

    /// The layout of a module; as the project's where it shows none.
    fn format_of(&self, source: &Source) -> Format {
        let style = self.site.ctx.style(source.file);
        style.map_or_else(|| self.site.ctx.format_of(source), |style| style.format)
    }

    /// A function with edits, laid out as the project's formatter does where it was before: as a whole, or its head alone. A head
    /// that would be too long is laid out anyway.
    fn rewritten(
        &self,
        source: &Source,
        format: &Format,
        function: &StmtFunctionDef,
        edits: Edits,
    ) -> Result<TextEdit, Refusal> {
        let range = range_of(function.range());
        let indent = source.indent_at(range.start as u32).to_owned();
        let laid_out = |text: &str| -> Result<String, Refusal> {
            let wrong = |problem| Refusal::Template("filter".to_owned(), problem);
            let text = rewrite::dedented(text, indent.len());
            let text = python::format(&text, &super::narrower(format, &indent)).map_err(wrong)?;
            let lines = text
                .trim_end()
                .split('\n')
                .enumerate()
                .map(|(number, line)| match (number, line) {
                    (0, line) => line.to_owned(),
                    (_, "") => String::new(),
                    (_, line) => format!("{indent}{line}"),
                });
            Ok(lines.collect::<Vec<_>>().join("\n"))
        };
        // `end` makes a whole of what is laid out.
        let changed = |range: Range<usize>, edits: Edits, end: &str| -> Result<String, Refusal> {
            let old = format!("{}{end}", source.text[range.clone()].replace("\r\n", "\n"));
            let new = format!("{}{end}", applied(&source.text, range, edits).replace("\r\n", "\n"));
            let is_too_long = |line: &str| line.chars().count() > format.line_length;
            let was_laid_out = laid_out(&old).is_ok_and(|laid_out| laid_out == old);
            let new = match was_laid_out || !end.is_empty() && new.lines().any(is_too_long) {
                true => laid_out(&new)?,
                false => new,
            };
            Ok(new.strip_suffix(end).unwrap_or(&new).to_owned())
        };
        let plain = source.text[range.clone()].replace("\r\n", "\n");
        let is_laid_out = laid_out(&plain)? == plain;
        let body = function
            .body
            .first()
            .map_or(range.end, |first| first.start().to_usize());
        let text = match is_laid_out {
            true => changed(range.clone(), edits, "")?,
            false => {
                let (head, rest): (Edits, Edits) = edits.into_iter().partition(|(at, _)| at.start < body);
                let rest = applied(&source.text, body..range.end, rest).replace("\r\n", "\n");
                format!("{}{rest}", changed(range.start..body, head, "pass")?)
            }
        };
        Ok(TextEdit {
            span: Span::new(range.start as u32, range.end as u32),
            text,
        })
    }

    /// The whole change.
    fn finished(&self, files: Vec<Changed>, code: &TextEdit, name: &str) -> Result<Insertion, Refusal> {
        let ctx = &self.site.ctx;
        let mut change = SourceChange::default();
        let mut code_edit = 0;
        for Changed {
            source,
            format,
            mut edits,
            needs,
        } in files
        {
            edits.extend(imports::merge(ctx, &source, &format, &needs));
            if edits.is_empty() {
                continue;
            }
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            if source.file == self.source.file {
                code_edit = edits.iter().position(|edit| edit == code).unwrap_or_default();
            }
            for edit in &mut edits {
                edit.text = edit.text.replace('\n', format.eol);
            }
            let edit = FileEdit {
                file: source.file,
                edits,
            };
            python::check(&edit.apply(&source.text))
                .map_err(|problem| Refusal::Broken(shown(self.site, &source), problem))?;
            change.files.push(edit);
        }
        Ok(Insertion {
            change,
            file: self.source.file,
            code_edit,
            placeholders: Vec::new(),
            summary: format!(
                "filters and orders of GET {}{} in {name}",
                self.host.prefix, self.list.path
            ),
            notes: self.notes(),
        })
    }

    fn notes(&self) -> Vec<String> {
        let filters: Vec<&str> = self.wanted.filters.iter().map(|filter| filter.name.as_str()).collect();
        let sorts: Vec<&str> = self.wanted.sorts.iter().map(String::as_str).collect();
        let told = [("filtered", filters), ("sorted", sorts)].into_iter();
        told.filter(|(_, names)| !names.is_empty())
            .map(|(how, names)| format!("{how} by {}", names.join(", ")))
            .collect()
    }

    fn suite(&self, source: &Source) -> Result<Vec<Stmt>, Refusal> {
        let suite = python::suite(&source.text);
        suite.map_err(|problem| Refusal::Broken(shown(self.site, source), problem))
    }

    /// Where the line ends on which a class ends.
    fn end_of(&self, source: &Source, class: &str) -> Result<usize, Refusal> {
        let suite = self.suite(source)?;
        let found = suite.iter().find_map(|stmt| match stmt {
            Stmt::ClassDef(found) if found.name.as_str() == class => Some(found.end().to_usize()),
            _ => None,
        });
        let end = found.ok_or(Refusal::Unreadable)?;
        Ok(source.text[end..].find('\n').map_or(source.text.len(), |at| end + at))
    }

    fn refused(&self, why: &str) -> Refusal {
        Refusal::NoFilter(words::spoken(&self.resource.many), why.to_owned())
    }
}

fn insertion(at: usize, text: String) -> TextEdit {
    TextEdit {
        span: Span::new(at as u32, at as u32),
        text,
    }
}

fn mentions(text: &str, word: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|known| known == word)
}
