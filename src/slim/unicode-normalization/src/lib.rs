//! A stand-in without the tables of normal forms. See `../README.md`.

/// The one normal form that the Python parser asks for.
pub trait UnicodeNormalization {
    /// The text as it stands: identifiers are not folded.
    fn nfkc(&self) -> std::str::Chars<'_>;
}

impl UnicodeNormalization for str {
    fn nfkc(&self) -> std::str::Chars<'_> {
        self.chars()
    }
}
