//! Puts one noun in the place of another, in identifiers, strings and prose, in the form that stands there.

use super::keywords::{self, Parameters};
use super::shorts::Shorts;
use crate::layout::Noun;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::Ranged;
use std::collections::BTreeSet;

/// One noun for another.
#[derive(Clone, Debug)]
pub(super) struct Renaming {
    /// What is looked for: words in lower case, and the words that take their place. The longer ones first.
    pairs: Vec<(Vec<String>, Vec<String>)>,
    /// What libraries call something, which keeps its name.
    kept: BTreeSet<String>,
    /// The top-level modules of these libraries.
    libraries: BTreeSet<String>,
    /// Modules that are named after the noun and after others, which share them: they stay where they are.
    shared_modules: BTreeSet<String>,
    /// What is copied along, with its parameters: calls name them as it does.
    called: Parameters,
    /// What says the noun by its last word.
    shorts: Option<Shorts>,
    /// What takes the place of that word, for one and for many.
    short_pairs: Vec<(Vec<String>, Vec<String>)>,
}

/// Stands within words that are not to be renamed while a copy is made; a letter to Python.
const MARK: char = '\u{2d0}';

/// A text without the marks of [`Renaming::protected`].
pub(super) fn unmarked(text: &str) -> String {
    text.replace(MARK, "")
}

/// How the words of an identifier or text are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `order_line`, `OrderLine`, `ORDER_LINE`.
    Identifier,
    /// `order-line`: in paths.
    Path,
    /// `order line`: in prose.
    Prose,
}

/// A word within a run of letters, digits and underscores.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    start: usize,
}

impl Renaming {
    pub(super) fn new(from: &Noun, to: &Noun) -> Self {
        let words = |name: &str| name.split('_').map(str::to_owned).collect::<Vec<_>>();
        let read = |name: &str| {
            words_of(name)
                .iter()
                .map(|word| word.text.to_owned())
                .collect::<Vec<_>>()
        };
        let mut pairs = vec![(read(&from.many), words(&to.many)), (read(&from.one), words(&to.one))];
        pairs.dedup_by(|a, b| a.0 == b.0);
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
        let last = |name: &str| read(name.rsplit('_').next().unwrap_or(name));
        let mut short_pairs = vec![(last(&from.many), words(&to.many)), (last(&from.one), words(&to.one))];
        short_pairs.dedup_by(|a, b| a.0 == b.0);
        Self {
            pairs,
            kept: BTreeSet::new(),
            libraries: BTreeSet::new(),
            shared_modules: BTreeSet::new(),
            called: Parameters::default(),
            shorts: None,
            short_pairs,
        }
    }

    /// The same, and what says the noun by its last word is renamed too.
    pub(super) fn shorten(&mut self, shorts: Option<Shorts>) {
        self.shorts = shorts;
    }

    /// A name that says the noun by its last word.
    pub(super) fn short_identifier(&self, text: &str, shorts: &Shorts) -> String {
        match shorts.names.contains(text) || shorts.members.contains(text) {
            true => unmarked(&replaced(&self.short_pairs, text, Joint::Identifier)),
            false => self.identifier(text),
        }
    }

    /// The name of a file or folder in one of the sibling's own folders.
    pub(super) fn part(&self, text: &str) -> String {
        let renamed = self.identifier(text);
        match &self.shorts {
            Some(_) if renamed == text => replaced(&self.short_pairs, text, Joint::Identifier),
            _ => renamed,
        }
    }

    /// The same, and what a part of the copy defines is called by its parameters' new names.
    pub(super) fn define(&mut self, statements: &[ruff_python_ast::Stmt]) {
        let mut called = std::mem::take(&mut self.called);
        called.read(statements);
        self.called = called;
    }

    /// The same, but for names that come from a module of a library.
    pub(super) fn keep(&mut self, module: &str, names: impl Iterator<Item = String>) {
        self.libraries.extend(module.split('.').next().map(str::to_owned));
        self.kept.extend(names);
    }

    /// The same, but for the names of modules that others share.
    pub(super) fn share(&mut self, modules: Vec<String>) {
        self.shared_modules.extend(modules);
    }

    /// The same text, in which what is about the noun means something else: it stands as it is wherever it is put.
    pub(super) fn protected(&self, text: &str) -> String {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = match is_word(first) {
                true => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            let (run, after) = rest.split_at(end);
            let words = words_of(run);
            let mut done = 0;
            for (at, word) in words.iter().enumerate() {
                if self.at(&words[at..]).is_some()
                    && let Some(first) = word.text.chars().next()
                {
                    let behind = word.start + first.len_utf8();
                    result.push_str(&run[done..behind]);
                    result.push(MARK);
                    done = behind;
                }
            }
            result.push_str(&run[done..]);
            rest = after;
        }
        result
    }

    /// Whether an identifier is about the noun.
    pub(super) fn is_about(&self, identifier: &str) -> bool {
        if self.kept.contains(identifier) {
            return false;
        }
        let words = words_of(identifier);
        (0..words.len()).any(|at| self.at(&words[at..]).is_some())
    }

    /// Whether an identifier is about a noun besides this one: `user` in `user_books`.
    pub(super) fn is_about_another(&self, identifier: &str, others: &[Noun]) -> bool {
        let words = words_of(identifier);
        let mut rest: Vec<Vec<&str>> = vec![Vec::new()];
        let mut at = 0;
        while at < words.len() {
            match self.at(&words[at..]) {
                Some((count, _)) => {
                    rest.push(Vec::new());
                    at += count;
                }
                None => {
                    if let Some(last) = rest.last_mut() {
                        last.push(words[at].text);
                    }
                    at += 1;
                }
            }
        }
        let names = |noun: &Noun| [noun.one.clone(), noun.many.clone()];
        others.iter().flat_map(names).any(|name| {
            let wanted: Vec<&str> = name.split('_').collect();
            let is_there = |part: &[&str]| {
                part.iter()
                    .zip(&wanted)
                    .all(|(word, wanted)| word.eq_ignore_ascii_case(wanted))
            };
            rest.iter().any(|part| part.windows(wanted.len()).any(is_there))
        })
    }

    /// An identifier, or the name of a file or folder.
    pub(super) fn identifier(&self, text: &str) -> String {
        match &self.shorts {
            _ if self.kept.contains(text) => text.to_owned(),
            Some(shorts) if shorts.names.contains(text) => self.short_identifier(text, shorts),
            _ => unmarked(&self.run(text, Joint::Identifier)),
        }
    }

    /// An attribute: what only variables are called by the last word is none.
    fn attribute(&self, text: &str) -> String {
        match &self.shorts {
            Some(shorts) if shorts.members.contains(text) => self.short_identifier(text, shorts),
            Some(shorts) if shorts.names.contains(text) => text.to_owned(),
            _ => self.identifier(text),
        }
    }

    /// A whole module.
    pub(super) fn module(&self, text: &str) -> String {
        let Ok(parsed) = ruff_python_parser::parse_module(text) else {
            return unmarked(text);
        };
        let mut result = String::with_capacity(text.len());
        let mut done = 0;
        let mut previous = TokenKind::Newline;
        let mut is_in_library = false;
        let of_others = keywords::of_others(parsed.suite(), self, &self.called);
        for token in parsed.tokens() {
            let range = token.range();
            let (start, end) = (range.start().to_usize(), range.end().to_usize());
            result.push_str(&text[done..start]);
            let slice = &text[start..end];
            is_in_library = match (previous, token.kind()) {
                (TokenKind::From, TokenKind::Name) => self.libraries.contains(slice),
                (_, TokenKind::Name | TokenKind::Dot) => is_in_library,
                _ => false,
            };
            match token.kind() {
                TokenKind::Name if is_in_library || of_others.contains(&range.start()) => result.push_str(slice),
                // `router.post(…)` and `client.post(…)` are no posts.
                TokenKind::Name if previous == TokenKind::Dot && is_method(slice) => result.push_str(slice),
                TokenKind::Name if previous == TokenKind::Dot => result.push_str(&self.attribute(slice)),
                TokenKind::Name => result.push_str(&self.identifier(slice)),
                TokenKind::Comment => result.push_str(&self.text(slice)),
                TokenKind::String | TokenKind::FStringMiddle => result.push_str(&self.text(slice)),
                _ => result.push_str(slice),
            }
            done = end;
            previous = token.kind();
        }
        result.push_str(&text[done..]);
        unmarked(&result)
    }

    /// What stands in a string or comment: prose if there are spaces between words, else a path or a name.
    fn text(&self, text: &str) -> String {
        let inner = text.trim_matches(['"', '\'', '#', ' ', '\n']);
        let joint = if inner.contains(' ') || text.starts_with('#') {
            Joint::Prose
        } else if inner.contains('/') || inner.contains('-') {
            Joint::Path
        } else {
            Joint::Identifier
        };
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            if let Some((width, spoken)) = self.phrase(&result, rest) {
                fit_article(&mut result, &spoken);
                result.push_str(&spoken);
                rest = &rest[width..];
                continue;
            }
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if run.is_empty() {
                let width = rest.chars().next().map_or(1, char::len_utf8);
                result.push_str(&rest[..width]);
                rest = &rest[width..];
                continue;
            }
            // A name in prose stays a name: `author_id`, `TicketStatus`.
            let is_name = run.contains('_') || words_of(run).len() > 1;
            let in_run = if is_name { Joint::Identifier } else { joint };
            let renamed = self.said(run, in_run);
            if renamed != run {
                fit_article(&mut result, &renamed);
            }
            result.push_str(&renamed);
            rest = after;
        }
        result
    }

    /// A noun of several words as prose has it, `case cost type`, or a path, `case-cost-type`, at the beginning of a text: its
    /// width, and what takes its place.
    fn phrase(&self, before: &str, text: &str) -> Option<(usize, String)> {
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let several = self.pairs.iter().filter(|(from, _)| from.len() > 1);
        let mut forms = several.flat_map(|pair| [(pair, " ", Joint::Prose), (pair, "-", Joint::Path)]);
        forms.find_map(|((from, to), between, joint)| {
            let spoken = from.join(between);
            let found = text.get(..spoken.len())?;
            let ends = !text[spoken.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let fits = ends && found.eq_ignore_ascii_case(&spoken);
            let first = found.split(between).next().unwrap_or(found);
            fits.then(|| (found.len(), joined(to, first, joint)))
        })
    }

    /// A run of a text; in prose the last word says the noun where names say it so.
    fn said(&self, run: &str, joint: Joint) -> String {
        let Some(shorts) = &self.shorts else {
            return self.run(run, joint);
        };
        let is_word = joint == Joint::Prose
            && [&shorts.one, &shorts.many]
                .iter()
                .any(|word| run.eq_ignore_ascii_case(word));
        match is_word || shorts.names.contains(run) {
            true => replaced(&self.short_pairs, run, joint),
            false => self.run(run, joint),
        }
    }

    fn run(&self, run: &str, joint: Joint) -> String {
        let parts = run.split('.').map(|part| match self.shared_modules.contains(part) {
            true => part.to_owned(),
            false => replaced(&self.pairs, part, joint),
        });
        parts.collect::<Vec<_>>().join(".")
    }

    fn at(&self, words: &[Word<'_>]) -> Option<(usize, &[String])> {
        begins(&self.pairs, words)
    }
}

/// A run with words in the place of others.
fn replaced(pairs: &[(Vec<String>, Vec<String>)], run: &str, joint: Joint) -> String {
    let words = words_of(run);
    let mut result = String::with_capacity(run.len());
    let mut done = 0;
    let mut at = 0;
    while at < words.len() {
        match begins(pairs, &words[at..]) {
            Some((count, replacement)) => {
                result.push_str(&run[done..words[at].start]);
                result.push_str(&joined(replacement, words[at].text, joint));
                let last = &words[at + count - 1];
                done = last.start + last.text.len();
                at += count;
            }
            None => at += 1,
        }
    }
    result.push_str(&run[done..]);
    result
}

/// The pair that a sequence of words begins with, and how many of them it takes.
fn begins<'p>(pairs: &'p [(Vec<String>, Vec<String>)], words: &[Word<'_>]) -> Option<(usize, &'p [String])> {
    pairs.iter().find_map(|(from, to)| {
        let fits = words.len() >= from.len()
            && from
                .iter()
                .zip(words)
                .all(|(wanted, word)| word.text.eq_ignore_ascii_case(wanted));
        fits.then_some((from.len(), to.as_slice()))
    })
}

/// Whether a name is that of an HTTP method, which clients, routers and apps have.
pub(super) fn is_method(name: &str) -> bool {
    ["get", "post", "put", "patch", "delete", "head", "options", "trace"].contains(&name)
}

/// Whether a capital begins a word behind an acronym: the `P` of `CRUDPost`, though not the `L` of `URLs`.
fn follows_acronym(previous: char, rest: &str) -> bool {
    let mut behind = rest.chars().skip(1);
    let mut is_small = || behind.next().is_some_and(char::is_lowercase);
    previous.is_uppercase() && is_small() && is_small()
}

/// The words of an identifier: between underscores, where a capital follows a small letter, and behind acronyms; the number behind a
/// word is one of its own, the `2` of `book2`.
pub(super) fn words_of(run: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = '_';
    let mut push = |from: usize, to: usize| {
        if from < to {
            words.push(Word {
                text: &run[from..to],
                start: from,
            });
        }
    };
    for (at, c) in run.char_indices() {
        let is_capital = c.is_uppercase()
            && (previous.is_lowercase() || previous.is_ascii_digit() || follows_acronym(previous, &run[at..]));
        let is_number = c.is_ascii_digit() && previous.is_alphabetic();
        if !c.is_alphanumeric() {
            push(start, at);
            start = at + c.len_utf8();
        } else if is_capital || is_number {
            push(start, at);
            start = at;
        }
        previous = c;
    }
    push(start, run.len());
    words
}

/// The words in the case of the one that they replace.
fn joined(words: &[String], like: &str, joint: Joint) -> String {
    let is_upper = like.len() > 1 && like.chars().all(|c| !c.is_lowercase());
    let is_capital = like.starts_with(char::is_uppercase);
    if is_upper {
        return words.join("_").to_uppercase();
    }
    let between = match joint {
        Joint::Identifier => "_",
        Joint::Path => "-",
        Joint::Prose => " ",
    };
    match (is_capital, joint) {
        (false, _) => words.join(between),
        (true, Joint::Identifier) => words.iter().map(|word| style::words::camel(word)).collect(),
        (true, _) => {
            let text = words.join(between);
            let mut chars = text.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        }
    }
}

/// Makes `a` before a word `an` where it has to be, and the other way round.
fn fit_article(before: &mut String, word: &str) {
    let is_vowel = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U'])
        && !["us", "uni"].iter().any(|sound| word.to_lowercase().starts_with(sound));
    let Some(head) = before.strip_suffix(' ') else { return };
    let before_word = head.trim_end_matches(char::is_alphabetic);
    let start = before_word.len();
    let fitting = match (&head[start..], is_vowel) {
        ("a" | "an", true) => "an ",
        ("a" | "an", false) => "a ",
        ("A" | "An", true) => "An ",
        ("A" | "An", false) => "A ",
        _ => return,
    };
    before.truncate(start);
    before.push_str(fitting);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(from: &str, to: &str, text: &str) -> String {
        Renaming::new(&Noun::read(from).unwrap(), &Noun::read(to).unwrap()).module(text)
    }

    #[test]
    fn a_noun_is_replaced_in_every_form() {
        let text = "\
class BookRead(BookBase):
    \"\"\"A book as clients see it; books are many.\"\"\"


MAX_BOOKS = 3
router = APIRouter(prefix=\"/books\", tags=[\"books\"])
url = f\"/books/{book.id}\"
bookshop = rebook(get_book_by_id)  # one book
";
        let wanted = "\
class OrderLineRead(OrderLineBase):
    \"\"\"An order line as clients see it; order lines are many.\"\"\"


MAX_ORDER_LINES = 3
router = APIRouter(prefix=\"/order-lines\", tags=[\"order_lines\"])
url = f\"/order-lines/{order_line.id}\"
bookshop = rebook(get_order_line_by_id)  # one order line
";
        assert_eq!(renamed("book", "order_line", text), wanted);
    }

    #[test]
    fn methods_are_no_nouns_and_acronyms_are_words() {
        let text = "class CRUDPost(CRUD[Post]):\n    urls = client.post(post.url, post=URLs)\n";
        assert_eq!(
            renamed("post", "gadget", text),
            "class CRUDGadget(CRUD[Gadget]):\n    urls = client.post(gadget.url, gadget=URLs)\n"
        );
    }

    #[test]
    fn parameters_of_others_keep_their_names() {
        let text = "\
class Tag(SQLModel, table=True):
    ...


router = APIRouter(prefix=\"/tags\", tags=[\"tags\"])


@tags_router.get(\"\", tags=[\"tags\"])
def get_tags(session, tag_id=None):
    log.info(\"reading\", tag=tag_id)
    return dict(tags=find(session, tag=tag_id), tag=get_tag(tag_id=tag_id))


app.include_router(tags_router, tags=[\"tags\"])
";
        let wanted = "\
class Gadget(SQLModel, table=True):
    ...


router = APIRouter(prefix=\"/gadgets\", tags=[\"gadgets\"])


@gadgets_router.get(\"\", tags=[\"gadgets\"])
def get_gadgets(session, gadget_id=None):
    log.info(\"reading\", gadget=gadget_id)
    return dict(gadgets=find(session, tag=gadget_id), gadget=get_gadget(gadget_id=gadget_id))


app.include_router(gadgets_router, tags=[\"gadgets\"])
";
        assert_eq!(renamed("tag", "gadget", text), wanted);
    }

    #[test]
    fn what_is_protected_stays_as_it_is() {
        let renaming = Renaming::new(&Noun::read("author").unwrap(), &Noun::read("book").unwrap());
        let line = renaming.protected("author_id: Mapped[int] = mapped_column(ForeignKey(\"authors.id\"))");
        let text = format!("class Author(Base):\n    {line}\n");
        assert_eq!(
            renaming.module(&text),
            "class Book(Base):\n    author_id: Mapped[int] = mapped_column(ForeignKey(\"authors.id\"))\n"
        );
    }

    #[test]
    fn what_is_copied_along_takes_its_parameters_new_names() {
        let text = "class Service:\n    def get(self, *, book_id): ...\n";
        let call = "book = service.get(book_id=book_id, books=1)\n";
        let mut renaming = Renaming::new(&Noun::read("book").unwrap(), &Noun::read("gadget").unwrap());
        renaming.define(&crate::draft::python::suite(text).unwrap());
        assert_eq!(
            renaming.module(call),
            "gadget = service.get(gadget_id=gadget_id, books=1)\n"
        );
    }

    #[test]
    fn nouns_of_several_words_are_replaced_in_prose() {
        let text = "# Gets a cost type — an old one, Cost types, subcost type.\n";
        assert_eq!(
            renamed("cost_type", "offer", text),
            "# Gets an offer — an old one, Offers, subcost type.\n"
        );
    }

    #[test]
    fn nouns_of_several_words_are_replaced_in_paths() {
        let text = "router = APIRouter(prefix=\"/cost-types\")\nurl = f\"/cost-types/{id}/sub-cost-types\"\n";
        assert_eq!(
            renamed("cost_type", "order_line", text),
            "router = APIRouter(prefix=\"/order-lines\")\nurl = f\"/order-lines/{id}/sub-order-lines\"\n"
        );
    }

    #[test]
    fn compound_nouns_are_replaced_as_a_whole() {
        let text = "class OrderLine(Base):\n    order_line_id: int\n    order: Order\n";
        assert_eq!(
            renamed("order_line", "person", text),
            "class Person(Base):\n    person_id: int\n    order: Order\n"
        );
    }
}
