//! Strings with holes in them: one text for every way in which the holes may be filled.

use super::evaluate::{Alternative, Evaluator, MOST_ALTERNATIVES, is_possible};
use super::pydantic::text_of_url;
use super::{paths, worlds};
use crate::facts::value::{Known, TemplateBuilder, Value, Why};
use crate::read::python::{Condition, ConditionKind, FormatPart, Node};
use crate::text::Text;

/// A part of a string that is put together: by an f-string, by `format()` or by `%`.
pub(super) enum Part<'a> {
    Text(Text),
    /// What goes into a hole as `str()` gives it, and the hole's place.
    Value(&'a Node, Text),
    /// A hole with something that is not followed, and its place.
    Unknown(&'a Text, Text),
}

impl Evaluator<'_> {
    pub(super) fn format_string(&self, parts: &[FormatPart], at: &Text, depth: u32) -> Vec<Alternative> {
        let parts = parts.iter().map(|part| match part {
            FormatPart::Text(text) => Part::Text(text.clone()),
            FormatPart::Hole { value, plain: true } => Part::Value(value, value.at.clone()),
            FormatPart::Hole { value, .. } => Part::Unknown(&value.at, value.at.clone()),
        });
        self.composed(&parts.collect::<Vec<_>>(), at, depth)
    }

    pub(super) fn composed(&self, parts: &[Part<'_>], at: &Text, depth: u32) -> Vec<Alternative> {
        // One alternative of each hole at a time; several holes with several values multiply.
        let mut holes: Vec<Vec<Alternative>> = Vec::new();
        for part in parts {
            holes.push(match part {
                Part::Value(value, _) => self.alternatives(value, depth + 1),
                _ => Vec::new(),
            });
        }
        let count = |holes: &[Vec<Alternative>]| {
            holes.iter().fold(1_usize, |count, values| count.saturating_mul(values.len().max(1)))
        };
        if count(&holes) > MOST_ALTERNATIVES {
            holes = holes.into_iter().map(|values| worlds::as_two(values, at)).collect();
        }
        let two_will_do = |values: &Vec<Alternative>| {
            values.len() < 2 || (values.len() == 2 && worlds::is_general(values) && depends_on_set(values))
        };
        let both = count(&holes) > MOST_ALTERNATIVES && holes.iter().all(two_will_do);
        let mut worlds: Vec<World> = vec![(Vec::new(), Vec::new())];
        if both {
            let of = |last: bool| -> World {
                let pick = |values: &Vec<Alternative>| if last { values.last() } else { values.first() }.cloned();
                let mut world: World = (Vec::new(), vec![worlds::whether_set(at, !last)]);
                for picked in holes.iter().map(pick) {
                    if let (Some(picked), true) = (&picked, last) {
                        world.1.extend(picked.conditions.iter().cloned());
                    }
                    world.0.push(picked.map(|picked| picked.known));
                }
                world
            };
            worlds = vec![of(false), of(true)];
        } else {
            for values in holes {
                let values: Vec<(Option<Known>, Vec<Condition>)> = match values.is_empty() {
                    true => vec![(None, Vec::new())],
                    false => values.into_iter().map(|it| (Some(it.known), it.conditions)).collect(),
                };
                worlds = multiplied(&worlds, &values);
            }
        }
        worlds
            .into_iter()
            .map(|(values, conditions)| {
                let mut builder = TemplateBuilder::new(at);
                for (part, value) in parts.iter().zip(values) {
                    match (part, value) {
                        (Part::Text(text), _) => builder.push(text),
                        (Part::Value(_, site), Some(known)) => {
                            let known = text_of_url(&known).cloned().unwrap_or(known);
                            match paths::text_of(&known).filter(|_| matches!(known.value, Value::Call { .. })) {
                                Some(path) => builder.push(&path),
                                None => builder.push_value(&known, site),
                            }
                        }
                        (Part::Value(node, site), None) => builder.push_hole(Why::Other, &node.at, site, None),
                        (Part::Unknown(of, site), _) => builder.push_hole(Why::Other, of, site, None),
                    }
                }
                Alternative { known: Known { value: builder.finish(), at: at.clone() }, conditions }
            })
            .collect()
    }
}

type World = (Vec<Option<Known>>, Vec<Condition>);

fn multiplied(worlds: &[World], values: &[(Option<Known>, Vec<Condition>)]) -> Vec<World> {
    let mut product = Vec::new();
    for (before, conditions) in worlds {
        for (value, more) in values {
            let mut all = before.clone();
            all.push(value.clone());
            let together: Vec<Condition> = conditions.iter().chain(more).cloned().collect();
            if is_possible(&together) {
                product.push((all, together));
            }
            if product.len() > MOST_ALTERNATIVES {
                return product;
            }
        }
    }
    product
}

/// Whether values only depend on what is set.
fn depends_on_set(values: &[Alternative]) -> bool {
    values.iter().all(|it| it.conditions.iter().all(|it| it.is == ConditionKind::Set))
}
