//! Parameters of functions, lambdas and types.

use super::Lowerer;
use crate::program::{Param, ParamKind, Params, TypeParam};
use syntax::{Field, Kind, Node};

impl<'t> Lowerer<'t> {
    /// Parameters of a `parameters` or `lambda_parameters` node.
    pub(super) fn params(&mut self, node: Node<'t>) -> Params {
        let range = self.push_children(node);
        let mut params = Params::default();
        let mut plain = ParamKind::PositionalOrKeyword;
        for i in range.clone() {
            let child = self.children[i];
            match child.kind {
                Kind::KeywordSeparator => plain = ParamKind::KeywordOnly,
                Kind::PositionalSeparator => {
                    for param in &mut params.list {
                        param.kind = ParamKind::PositionalOnly;
                    }
                }
                _ => {
                    if let Some(param) = self.param(child.kind, child.node, plain) {
                        if param.kind == ParamKind::VarPositional {
                            plain = ParamKind::KeywordOnly;
                        }
                        params.list.push(param);
                    }
                }
            }
        }
        self.children.truncate(range.start);
        params
    }

    fn param(&mut self, kind: Kind, node: Node<'t>, plain: ParamKind) -> Option<Param> {
        match kind {
            Kind::Identifier => Some(Param {
                name: self.name(node),
                kind: plain,
                annotation: None,
                default: None,
            }),
            Kind::ListSplatPattern => self.splat_param(node, ParamKind::VarPositional),
            Kind::DictionarySplatPattern => self.splat_param(node, ParamKind::VarKeyword),
            Kind::TypedParameter => self.typed_param(node, plain),
            Kind::DefaultParameter | Kind::TypedDefaultParameter => self.default_param(node, plain),
            _ => None,
        }
    }

    fn splat_param(&mut self, node: Node<'t>, kind: ParamKind) -> Option<Param> {
        let range = self.push_children(node);
        let name = self.child_of_kind(&range, Kind::Identifier);
        self.children.truncate(range.start);
        Some(Param {
            name: self.name(name?),
            kind,
            annotation: None,
            default: None,
        })
    }

    fn typed_param(&mut self, node: Node<'t>, plain: ParamKind) -> Option<Param> {
        let range = self.push_children(node);
        let named = self.children[range.clone()]
            .iter()
            .find(|child| child.field != Field::Type && child.kind != Kind::Token)
            .copied();
        let annotation = self.child(&range, Field::Type);
        self.children.truncate(range.start);
        let named = named?;
        let mut param = self.param(named.kind, named.node, plain)?;
        param.annotation = annotation.map(|node| self.annotation(node));
        Some(param)
    }

    fn default_param(&mut self, node: Node<'t>, plain: ParamKind) -> Option<Param> {
        let range = self.push_children(node);
        let name = self.child_of_kind(&range, Kind::Identifier);
        let annotation = self.child(&range, Field::Type);
        let default = self.child(&range, Field::Value);
        self.children.truncate(range.start);
        Some(Param {
            name: self.name(name?),
            kind: plain,
            annotation: annotation.map(|node| self.annotation(node)),
            default: default.map(|node| self.expr(node)),
        })
    }

    /// Type parameters of a `type_parameter` node.
    pub(super) fn type_params(&mut self, node: Node<'t>) -> Vec<TypeParam> {
        let range = self.push_children(node);
        let mut params = Vec::new();
        for i in range.clone() {
            if self.children[i].kind == Kind::Type {
                let node = self.children[i].node;
                params.extend(self.type_param(node));
            }
        }
        self.children.truncate(range.start);
        params
    }

    fn type_param(&mut self, node: Node<'t>) -> Option<TypeParam> {
        let inner = self.children.len();
        let found = self.type_param_parts(node);
        self.children.truncate(inner);
        let (name, bound, is_plain) = found?;
        Some(TypeParam {
            name: self.name(name),
            bound: bound.map(|node| self.annotation(node)),
            is_plain,
        })
    }

    fn type_param_parts(&mut self, node: Node<'t>) -> Option<(Node<'t>, Option<Node<'t>>, bool)> {
        let range = self.push_children(node);
        let child = *self.children[range].first()?;
        match child.kind {
            Kind::Identifier => Some((child.node, None, true)),
            Kind::SplatType | Kind::ListSplat => {
                let range = self.push_children(child.node);
                Some((self.child_of_kind(&range, Kind::Identifier)?, None, false))
            }
            Kind::ConstrainedType => {
                let range = self.push_children(child.node);
                let mut types = self.children[range].iter().filter(|child| child.kind == Kind::Type);
                let (name, bound) = (types.next()?.node, types.next()?.node);
                let (name, ..) = self.type_param_parts(name)?;
                Some((name, Some(bound), true))
            }
            _ => None,
        }
    }
}
