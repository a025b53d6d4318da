//! Floor 2: one reader per input kind.
//!
//! A reader takes a [`Text`] and gives a located document. It never fails: what it could not understand
//! is a [`Trouble`] with a place, and the rest is read all the same.

pub mod command_line;
pub mod dockerfile;
mod document;
pub mod env_file;
mod fill_ins;
pub mod launcher;
mod line_ranges;
pub mod log_text;
pub mod markdown;
pub mod python;
pub mod references;
pub mod sections;
mod shell_prompt;
mod shell_script;
pub mod shell_words;
pub mod supervisord;
pub mod systemd;
pub mod toml_values;
mod troubles;
mod wrappers;
pub mod yaml;

pub use document::{Document, read};

use crate::text::Text;

/// Something that kept a reader from understanding a stretch.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub at: Text,
    pub what: TroubleKind,
    /// Whether the program itself would refuse the whole file, and the file is whole.
    pub refused: bool,
}

/// What kind of trouble. `said` holds the parser's own short English words.
#[derive(Clone, Debug, PartialEq)]
pub enum TroubleKind {
    PythonSyntax {
        said: String,
    },
    YamlSyntax {
        said: String,
    },
    YamlDuplicateKey {
        key: String,
    },
    DockerfileUnknownInstruction {
        word: String,
    },
    EnvLineUnreadable,
    /// Nested deeper than this many levels.
    TooDeep {
        limit: u32,
    },
    /// Larger than this many bytes.
    TooLarge {
        limit: u64,
    },
    /// A quotation or bracket that never ends.
    Unbalanced,
}
