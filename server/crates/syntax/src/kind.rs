//! Node kinds and fields of the Python grammar as enums, so that a walk compares small numbers and not texts.

use crate::language;
use std::sync::LazyLock;
use tree_sitter::Node;

macro_rules! kinds {
    ($($variant:ident $name:literal)*) => {
        /// Kind of a named node of tree-sitter-python; names are the grammar's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Kind {
            /// A token without a name of its own: a keyword, an operator, a bracket.
            Token,
            /// Text that fits no rule.
            Error,
            $($variant,)*
        }

        impl Kind {
            fn from_name(name: &str) -> Kind {
                match name {
                    "ERROR" => Kind::Error,
                    $($name => Kind::$variant,)*
                    _ => Kind::Token,
                }
            }
        }
    };
}

kinds! {
    AliasedImport "aliased_import"
    ArgumentList "argument_list"
    AsPattern "as_pattern"
    AsPatternTarget "as_pattern_target"
    AssertStatement "assert_statement"
    Assignment "assignment"
    Attribute "attribute"
    AugmentedAssignment "augmented_assignment"
    Await "await"
    BinaryOperator "binary_operator"
    Block "block"
    BooleanOperator "boolean_operator"
    BreakStatement "break_statement"
    Call "call"
    CaseClause "case_clause"
    CasePattern "case_pattern"
    ClassDefinition "class_definition"
    ClassPattern "class_pattern"
    Comment "comment"
    ComparisonOperator "comparison_operator"
    ComplexPattern "complex_pattern"
    ConcatenatedString "concatenated_string"
    ConditionalExpression "conditional_expression"
    ConstrainedType "constrained_type"
    ContinueStatement "continue_statement"
    DecoratedDefinition "decorated_definition"
    Decorator "decorator"
    DefaultParameter "default_parameter"
    DeleteStatement "delete_statement"
    DictPattern "dict_pattern"
    Dictionary "dictionary"
    DictionaryComprehension "dictionary_comprehension"
    DictionarySplat "dictionary_splat"
    DictionarySplatPattern "dictionary_splat_pattern"
    DottedName "dotted_name"
    ElifClause "elif_clause"
    Ellipsis "ellipsis"
    ElseClause "else_clause"
    ExceptClause "except_clause"
    ExecStatement "exec_statement"
    ExpressionList "expression_list"
    ExpressionStatement "expression_statement"
    False "false"
    FinallyClause "finally_clause"
    Float "float"
    ForInClause "for_in_clause"
    ForStatement "for_statement"
    FormatSpecifier "format_specifier"
    FunctionDefinition "function_definition"
    FutureImportStatement "future_import_statement"
    GeneratorExpression "generator_expression"
    GenericType "generic_type"
    GlobalStatement "global_statement"
    Identifier "identifier"
    IfClause "if_clause"
    IfStatement "if_statement"
    ImportFromStatement "import_from_statement"
    ImportPrefix "import_prefix"
    ImportStatement "import_statement"
    Integer "integer"
    Interpolation "interpolation"
    KeywordArgument "keyword_argument"
    KeywordPattern "keyword_pattern"
    KeywordSeparator "keyword_separator"
    Lambda "lambda"
    LambdaParameters "lambda_parameters"
    LineContinuation "line_continuation"
    List "list"
    ListComprehension "list_comprehension"
    ListPattern "list_pattern"
    ListSplat "list_splat"
    ListSplatPattern "list_splat_pattern"
    MatchStatement "match_statement"
    MemberType "member_type"
    Module "module"
    NamedExpression "named_expression"
    None "none"
    NonlocalStatement "nonlocal_statement"
    NotOperator "not_operator"
    Pair "pair"
    Parameters "parameters"
    ParenthesizedExpression "parenthesized_expression"
    PassStatement "pass_statement"
    PatternList "pattern_list"
    PositionalSeparator "positional_separator"
    PrintStatement "print_statement"
    RaiseStatement "raise_statement"
    RelativeImport "relative_import"
    ReturnStatement "return_statement"
    Set "set"
    SetComprehension "set_comprehension"
    Slice "slice"
    SplatPattern "splat_pattern"
    SplatType "splat_type"
    String "string"
    StringContent "string_content"
    StringEnd "string_end"
    StringStart "string_start"
    Subscript "subscript"
    True "true"
    TryStatement "try_statement"
    Tuple "tuple"
    TuplePattern "tuple_pattern"
    Type "type"
    TypeAliasStatement "type_alias_statement"
    TypeConversion "type_conversion"
    TypeParameter "type_parameter"
    TypedDefaultParameter "typed_default_parameter"
    TypedParameter "typed_parameter"
    UnaryOperator "unary_operator"
    UnionPattern "union_pattern"
    UnionType "union_type"
    WhileStatement "while_statement"
    WildcardImport "wildcard_import"
    WithClause "with_clause"
    WithItem "with_item"
    WithStatement "with_statement"
    Yield "yield"
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let language = language();
    (0..language.node_kind_count() as u16)
        .map(|id| match language.node_kind_for_id(id) {
            Some(name) if language.node_kind_is_named(id) => Kind::from_name(name),
            _ => Kind::Token,
        })
        .collect()
});

/// The id of text that fits no rule (`ts_builtin_sym_error`), which is none of the grammar's.
const ERROR: u16 = u16::MAX;

impl Kind {
    /// The kind of a node.
    #[must_use]
    pub fn of(node: Node<'_>) -> Kind {
        match node.kind_id() {
            ERROR => Kind::Error,
            id => KINDS.get(usize::from(id)).copied().unwrap_or(Kind::Token),
        }
    }

    /// Whether the node is a whole statement, as a module or block has them.
    #[must_use]
    pub fn is_statement(self) -> bool {
        matches!(
            self,
            Kind::AssertStatement
                | Kind::BreakStatement
                | Kind::ClassDefinition
                | Kind::ContinueStatement
                | Kind::DecoratedDefinition
                | Kind::DeleteStatement
                | Kind::ExecStatement
                | Kind::ExpressionStatement
                | Kind::ForStatement
                | Kind::FunctionDefinition
                | Kind::FutureImportStatement
                | Kind::GlobalStatement
                | Kind::IfStatement
                | Kind::ImportFromStatement
                | Kind::ImportStatement
                | Kind::MatchStatement
                | Kind::NonlocalStatement
                | Kind::PassStatement
                | Kind::PrintStatement
                | Kind::RaiseStatement
                | Kind::ReturnStatement
                | Kind::TryStatement
                | Kind::TypeAliasStatement
                | Kind::WhileStatement
                | Kind::WithStatement
        )
    }

    /// Whether the node stands between the others without meaning: a comment or a line continuation.
    #[must_use]
    pub fn is_extra(self) -> bool {
        matches!(self, Kind::Comment | Kind::LineContinuation)
    }
}

macro_rules! fields {
    ($($variant:ident $name:literal)*) => {
        /// Field under which a node stands in its parent; names are the grammar's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Field {
            /// No field.
            None,
            $($variant,)*
        }

        impl Field {
            fn from_name(name: &str) -> Field {
                match name {
                    $($name => Field::$variant,)*
                    _ => Field::None,
                }
            }
        }
    };
}

fields! {
    Alias "alias"
    Alternative "alternative"
    Argument "argument"
    Arguments "arguments"
    Attribute "attribute"
    Body "body"
    Cause "cause"
    Code "code"
    Condition "condition"
    Consequence "consequence"
    Definition "definition"
    Expression "expression"
    FormatSpecifier "format_specifier"
    Function "function"
    Guard "guard"
    Key "key"
    Left "left"
    ModuleName "module_name"
    Name "name"
    Object "object"
    Operator "operator"
    Operators "operators"
    Parameters "parameters"
    ReturnType "return_type"
    Right "right"
    Subject "subject"
    Subscript "subscript"
    Superclasses "superclasses"
    Type "type"
    TypeConversion "type_conversion"
    TypeParameters "type_parameters"
    Value "value"
}

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let language = language();
    (0..=language.field_count() as u16)
        .map(|id| language.field_name_for_id(id).map_or(Field::None, Field::from_name))
        .collect()
});

impl Field {
    /// The field with the grammar's number, as a tree cursor gives it.
    #[must_use]
    pub fn of(id: Option<std::num::NonZeroU16>) -> Field {
        id.and_then(|id| FIELDS.get(usize::from(id.get())).copied())
            .unwrap_or(Field::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_field_is_in_the_grammar() {
        let language = language();
        let count = |found: &dyn Fn(u16) -> bool, to: u16| (0..=to).filter(|&id| found(id)).count();
        assert!(count(&|id| KINDS.get(id as usize) == Some(&Kind::Module), u16::MAX - 1) == 1);
        for name in ["as_pattern_target", "string_content", "keyword_separator", "type"] {
            let id = language.id_for_node_kind(name, true);
            assert_ne!(KINDS[id as usize], Kind::Token, "{name}");
        }
        assert_eq!(FIELDS.len(), language.field_count() + 1);
        assert!(FIELDS[1..].iter().all(|field| *field != Field::None));
    }
}
