//! What was copied from a terminal: commands behind prompts, and below each what it printed.

use super::detect::{detect, shell_line::behind_prompt};
use super::kind::Kind;
use crate::text::Text;

/// A stretch of a transcript that is of one kind.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// [`Kind::Command`], or what the output was recognised as.
    pub kind: Kind,
    pub text: Text,
    /// How many lines stand before it.
    pub lines_before: u32,
}

/// The commands and the outputs that we know, in order. `None` where the text is not a mixture of both.
pub fn split(text: &Text) -> Option<Vec<Stretch>> {
    let written = text.as_str();
    let mut found: Vec<(bool, std::ops::Range<usize>, u32)> = Vec::new();
    let mut continued = false;
    let mut at = 0;
    for (number, line) in written.split_inclusive('\n').enumerate() {
        let is_command = continued || behind_prompt(line).is_some();
        continued = is_command && line.trim_end().ends_with('\\');
        match found.last_mut() {
            Some((was_command, range, _)) if *was_command == is_command => range.end = at + line.len(),
            _ => found.push((is_command, at..at + line.len(), number as u32)),
        }
        at += line.len();
    }
    if !found.iter().any(|(is_command, ..)| *is_command) {
        return None;
    }
    let stretches: Vec<Stretch> = found
        .into_iter()
        .filter_map(|(is_command, range, lines_before)| {
            let kind = if is_command { Kind::Command } else { detect(None, &written[range.clone()]).kind };
            let known = matches!(kind, Kind::Command | Kind::Log | Kind::KubectlOutput);
            // Below a prompt, a line that runs a program is what the program printed.
            (known && (is_command || kind != Kind::Command)).then(|| Stretch {
                kind,
                text: text.slice(range),
                lines_before,
            })
        })
        .collect();
    stretches.iter().any(|stretch| stretch.kind != Kind::Command).then_some(stretches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    #[test]
    fn commands_and_what_they_printed() {
        let text = "$ celery -A x \\\n  worked\nUsage: celery [OPTIONS]\n\nError: No such command 'worked'.\n$ id\nuid=0\n$ ls\n";
        let stretches = split(&Text::of_source(SourceId(0), text.into())).unwrap();
        let said: Vec<_> = stretches.iter().map(|s| (s.kind, s.text.as_str(), s.lines_before)).collect();
        assert_eq!(
            said,
            [
                (Kind::Command, "$ celery -A x \\\n  worked\n", 0),
                (Kind::Log, "Usage: celery [OPTIONS]\n\nError: No such command 'worked'.\n", 2),
                (Kind::Command, "$ id\n", 5),
                (Kind::Command, "$ ls\n", 7),
            ]
        );
    }

    #[test]
    fn commands_alone_and_logs_alone_are_no_transcript() {
        for text in ["$ celery report\n$ ls", "Usage: celery\n", "", "celery worker\n[2024-01-01 10:00:00,1: INFO/M] x"]
        {
            assert!(split(&Text::of_source(SourceId(0), text.into())).is_none(), "{text}");
        }
    }
}
