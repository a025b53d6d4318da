//! Floor 1: what came in. Bytes become text, and text is told apart by kind.
//!
//! Nothing here reads a document: a kind is a guess with a reason, and the reader of the page may overrule it.

pub mod decode;
pub mod detect;
pub mod kind;
pub mod transcript;

pub use decode::{Encoding, NotText, decode};
pub use detect::{Because, Detection, detect, detect_fence};
pub use kind::Kind;
