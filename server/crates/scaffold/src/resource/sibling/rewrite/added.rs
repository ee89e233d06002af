//! Fields of the new resource that take no place: given where all that a new one needs is given.

use super::Rewriter;
use crate::resource::{
    fields::{FieldKind, FieldSpec, Plain},
    sibling::visit::{Names, maker},
};
use ruff_python_ast::{self as ast, Expr, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::{Ranged, TextRange};

impl Rewriter<'_> {
    /// Whether what is given is all that a new one needs.
    pub(super) fn is_whole(&self, given: &[&str]) -> bool {
        let mut required = self.copy.required.iter();
        // A relationship sets its key.
        let is_given =
            |name: &str| given.contains(&name) || name.strip_suffix("_id").is_some_and(|one| given.contains(&one));
        !self.copy.required.is_empty() && required.all(|name| is_given(name))
    }

    pub(super) fn added_keywords(&mut self, call: &ast::ExprCall) -> Vec<String> {
        let holder = call.arguments.keywords.iter().find_map(|keyword| {
            let attribute = keyword.value.as_attribute_expr()?;
            (attribute.attr.as_str() == keyword.arg.as_ref()?.as_str()).then_some(&*attribute.value)
        });
        if let Some(holder) = holder {
            let mut names = Names::default();
            names.visit_expr(holder);
            self.added_reads.extend(names.loaded);
        }
        let holder = holder.map(|holder| self.text[holder.range()].to_owned());
        self.lacks_row |= holder.is_none() && self.needs_row();
        let made = self.made_text(call);
        let is_text = |spec: &FieldSpec| matches!(spec.kind, FieldKind::Plain(Plain::Str)) && spec.limits.is_none();
        let value = |spec: &FieldSpec| match &made {
            Some(made) if is_text(spec) => Some(format!("{made}()")),
            _ => python_sample(spec),
        };
        self.added()
            .filter(|spec| holder.is_some() || !spec.optional)
            .filter_map(|spec| match &holder {
                Some(holder) => Some(format!("{0}={holder}.{0}", spec.column())),
                None => Some(format!("{}={}", spec.name, value(spec)?)),
            })
            .collect()
    }

    /// The function with which a test makes another text each time, for a text that is gone: `title=random_string()`, also by
    /// way of a variable.
    fn made_text(&self, call: &ast::ExprCall) -> Option<String> {
        let keywords = call.arguments.keywords.iter().filter(|_| self.is_test);
        let mut texts = keywords.filter(|keyword| {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            self.copy.map.drops(name) && self.copy.map.is_text(name)
        });
        texts.find_map(|keyword| match &keyword.value {
            Expr::Name(variable) => self.made.get(variable.id.as_str()).cloned(),
            value => maker(value).map(str::to_owned),
        })
    }

    pub(super) fn added(&self) -> impl Iterator<Item = &FieldSpec> {
        self.copy
            .map
            .added
            .iter()
            .filter_map(|name| self.copy.specs.iter().find(|spec| spec.name == *name))
    }

    pub(super) fn dict(&mut self, dict: &ast::ExprDict) {
        let mut given = Vec::new();
        let mut elements = Vec::new();
        for item in &dict.items {
            let name = match &item.key {
                Some(Expr::StringLiteral(key)) => key.value.to_str(),
                _ => "",
            };
            let start = item.key.as_ref().map_or(item.value.start(), Ranged::start);
            let is_gone = self.copy.map.drops(name);
            self.lost_values |= is_gone && (item.value.is_literal_expr() || item.value.is_unary_op_expr());
            elements.push((TextRange::new(start, item.value.end()), is_gone));
            given.push(name);
        }
        let added = match self.is_whole(&given) {
            true => self.added_items(dict),
            false => Vec::new(),
        };
        if !elements.is_empty() && added.is_empty() && elements.iter().all(|(_, is_gone)| *is_gone) {
            self.emptied.insert(dict.start());
        }
        self.thin(elements, &added);
    }

    /// The items of a dict for the fields that take no place: attributes of the object that the others are attributes of, or
    /// values like the others; nothing where the others are neither, or columns of a table.
    fn added_items(&mut self, dict: &ast::ExprDict) -> Vec<String> {
        let own = dict.items.iter().filter_map(|item| {
            let name = item.key.as_ref()?.as_string_literal_expr()?.value.to_str();
            self.copy.map.has(name).then_some((name, &item.value))
        });
        let own: Vec<(&str, &Expr)> = own.collect();
        let holder = own.iter().find_map(|(name, value)| {
            let attribute = value.as_attribute_expr()?;
            (attribute.attr.as_str() == *name).then_some(&*attribute.value)
        });
        if let Some(holder) = holder {
            let written = &self.text[holder.range()];
            let last = written.rsplit('.').next().unwrap_or(written);
            if last.starts_with(char::is_uppercase) {
                return Vec::new();
            }
            let mut names = Names::default();
            names.visit_expr(holder);
            self.added_reads.extend(names.loaded);
            let columns = self.added().map(FieldSpec::column);
            return columns
                .map(|column| format!("\"{column}\": {written}.{column}"))
                .collect();
        }
        let is_value = |value: &Expr| value.is_literal_expr() || value.is_unary_op_expr();
        if !self.is_test && !own.iter().all(|(_, value)| is_value(value)) {
            return Vec::new();
        }
        self.lacks_row |= self.needs_row();
        self.added()
            .filter(|spec| !spec.optional && spec.default.is_none())
            .filter_map(|spec| Some(format!("\"{}\": {}", spec.name, json_sample(spec)?)))
            .collect()
    }

    /// Whether a new one refers to a row of another table, and the sibling's tests have none such.
    fn needs_row(&self) -> bool {
        let is_needed = |spec: &FieldSpec| !spec.optional && matches!(spec.kind, FieldKind::Reference(_));
        self.is_test && self.added().any(is_needed)
    }

    /// The names that a collection of names lacks, where it says in a function that refuses something which fields have to be
    /// there: `{"title"}`.
    pub(super) fn added_names(&self, elements: &[Expr]) -> Vec<String> {
        let names: Option<Vec<&str>> = elements
            .iter()
            .map(|element| Some(element.as_string_literal_expr()?.value.to_str()))
            .collect();
        let are_required = |names: &Vec<&str>| self.raises && !self.is_test && self.is_whole(names);
        if !names.as_ref().is_some_and(are_required) {
            return Vec::new();
        }
        let required = self.added().filter(|spec| !spec.optional);
        required.map(|spec| format!("\"{}\"", spec.column())).collect()
    }
}

/// A value of a field as JSON has it.
pub(super) fn json_sample(spec: &FieldSpec) -> Option<String> {
    match &spec.kind {
        FieldKind::Plain(plain) => Some(plain.spelling().samples[0].to_owned()),
        FieldKind::Enum(values) => Some(format!("\"{}\"", values.first()?)),
        FieldKind::Reference(_) => None,
    }
}

/// A value of a field as Python has it.
pub(super) fn python_sample(spec: &FieldSpec) -> Option<String> {
    let json = json_sample(spec)?;
    Some(match &spec.kind {
        FieldKind::Plain(Plain::Decimal) => format!("Decimal({json})"),
        FieldKind::Plain(Plain::Date) => format!("date.fromisoformat({json})"),
        // Python 3.10 reads no `Z`.
        FieldKind::Plain(Plain::Datetime) => format!("datetime.fromisoformat({})", json.replace('Z', "+00:00")),
        FieldKind::Plain(Plain::Uuid) => format!("UUID({json})"),
        _ => json,
    })
}
