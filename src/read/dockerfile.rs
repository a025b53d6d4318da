//! Dockerfiles: stages, and every instruction with its place.
//!
//! As BuildKit reads them: directives, continuations with comments inside, here-documents, exec and shell
//! form, flags. Variables are not put in; a word knows which it names. A stretch without `FROM` is fine.

mod instruction;
mod logical;
#[cfg(test)]
mod tests;
mod word;

pub use instruction::{Arguments, Command, Flag, Instruction, Name, Pair};
pub use logical::Heredoc;
pub use word::Word;

use std::ops::Range;

use super::line_ranges::line_ranges;
use super::troubles::Troubles;
use super::{Trouble, TroubleKind};
use crate::text::Text;
use logical::{Logical, logical_line};

/// A file larger than this is read to here.
const LARGEST: usize = 2 * 1024 * 1024;

#[derive(Clone, Debug, Default)]
pub struct Dockerfile {
    /// `# syntax=…`, `# escape=…`, at the top.
    pub directives: Vec<Directive>,
    /// All instructions, in the order of the file; `ARG`s before the first `FROM` among them.
    pub instructions: Vec<Instruction>,
    pub stages: Vec<Stage>,
    /// Comment lines, with their `#`.
    pub comments: Vec<Text>,
}

#[derive(Clone, Debug)]
pub struct Directive {
    pub name: Text,
    pub value: Text,
}

/// From one `FROM` to the next.
#[derive(Clone, Debug)]
pub struct Stage {
    pub image: Word,
    /// `AS name`.
    pub name: Option<Text>,
    /// Where its instructions stand in [`Dockerfile::instructions`]; `FROM` is the first.
    pub instructions: Range<usize>,
}

impl Dockerfile {
    /// What a stage says, its `FROM` first.
    pub fn of_stage(&self, stage: &Stage) -> &[Instruction] {
        &self.instructions[stage.instructions.clone()]
    }

    /// What is built when nobody names a target.
    pub fn final_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The `ARG`s before the first `FROM`; everything, if there is none.
    pub fn before_stages(&self) -> &[Instruction] {
        let end = self.stages.first().map_or(self.instructions.len(), |stage| stage.instructions.start);
        &self.instructions[..end]
    }

    /// The stage with this name, or with this number as `COPY --from=0` counts.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        let named = |stage: &&Stage| stage.name.as_ref().is_some_and(|n| n.as_str().eq_ignore_ascii_case(name));
        self.stages.iter().find(named).or_else(|| self.stages.get(name.parse::<usize>().ok()?))
    }
}

pub fn read(text: &Text) -> (Dockerfile, Vec<Trouble>) {
    let whole = text.slice(0..LARGEST);
    let lines: Vec<Range<usize>> = line_ranges(whole.as_str()).collect();
    let mut file = Dockerfile::default();
    let mut troubles = Troubles::default();
    let (mut next, escape) = directives(&whole, &lines, &mut file.directives);
    let mut found = Vec::new();
    let mut begun = false;
    while next < lines.len() {
        let first = next;
        match logical_line(&whole, &lines, &mut next, escape, &mut file.comments) {
            Logical::Blank => {}
            Logical::Line { at, content, heredocs, unclosed } => {
                if let Some(unclosed) = unclosed {
                    found.push((first, unclosed, TroubleKind::Unbalanced, true));
                }
                let instruction = Instruction::read(at, &content, heredocs, escape);
                // A template's own lines (`{% if … %}`) are nobody's slip.
                let template = instruction.keyword.as_str().starts_with('{');
                if instruction.name == Name::Unknown && !template {
                    let what =
                        TroubleKind::DockerfileUnknownInstruction { word: instruction.keyword.as_str().to_owned() };
                    found.push((first, instruction.keyword.clone(), what, begun));
                }
                begun |= instruction.name != Name::Unknown;
                file.instructions.push(instruction);
            }
        }
    }
    file.stages = stages(&file.instructions);
    // Said first: it must not be lost among others.
    if text.len() > whole.len() {
        let what = TroubleKind::TooLarge { limit: LARGEST as u64 };
        troubles.add(lines.len(), text.slice(whole.len()..text.len()), what, false);
    }
    let whole_file = !file.stages.is_empty() && text.len() == whole.len();
    for (line, at, what, begun) in found {
        // A stretch may begin in the middle of an instruction that we do not see.
        if begun || whole_file {
            troubles.add(line, at, what, whole_file);
        }
    }
    (file, troubles.finish())
}

/// Directives stand before everything else; gives the first line behind them, and the escape character.
fn directives(whole: &Text, lines: &[Range<usize>], found: &mut Vec<Directive>) -> (usize, char) {
    let mut escape = '\\';
    for (number, line) in lines.iter().enumerate() {
        let line = whole.slice(line.clone());
        let Some(comment) = line.as_str().trim_start().strip_prefix('#') else {
            return (number, escape);
        };
        let Some((name, _)) = comment.split_once('=') else {
            return (number, escape);
        };
        let name = name.trim();
        if !matches!(name.to_ascii_lowercase().as_str(), "syntax" | "escape" | "check") {
            return (number, escape);
        }
        let equals = line.as_str().find('=').unwrap_or(0);
        let hash = line.as_str().find('#').unwrap_or(0);
        let directive =
            Directive { name: line.slice(hash + 1..equals).trim(), value: line.slice(equals + 1..line.len()).trim() };
        if name.eq_ignore_ascii_case("escape") && directive.value.as_str() == "`" {
            escape = '`';
        }
        found.push(directive);
    }
    (lines.len(), escape)
}

fn stages(instructions: &[Instruction]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for (index, instruction) in instructions.iter().enumerate() {
        if let Arguments::From { image, name } = &instruction.arguments {
            stages.push(Stage { image: image.clone(), name: name.clone(), instructions: index..index + 1 });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.end = index + 1;
        }
    }
    stages
}
