//! One requirement, as PEP 508 and Poetry write it: `celery[redis]>=5.2,<6; python_version > "3.8"`.

use super::Specifiers;
use crate::text::Text;

/// A package that something asks for.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The normalised name: `django-celery-beat`.
    pub name: String,
    /// The name as it is written.
    pub written: Text,
    pub extras: Vec<Text>,
    /// `None`: an address, or nothing that we understand.
    pub specifiers: Option<Specifiers>,
    /// All of it but the marker.
    pub at: Text,
    /// What stands behind `;`: it may hold on some machines only.
    pub marker: Option<Text>,
}

impl Requirement {
    /// Reads one requirement; `None` if the text is none.
    pub fn read(text: &Text) -> Option<Requirement> {
        let text = text.trim();
        let whole = text.as_str();
        let semicolon = whole.find(';');
        // An address may hold a semicolon; a space stands before that of its marker.
        let marker = semicolon.map(|at| text.slice(at + 1..text.len()).trim());
        let at = text.slice(0..semicolon.unwrap_or(whole.len())).trim();
        let whole = at.as_str();
        let name_end = whole.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(whole.len());
        let name = &whole[..name_end];
        let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric());
        is_name.then_some(())?;
        let mut rest = at.slice(name_end..whole.len()).trim();
        let mut extras = Vec::new();
        if rest.as_str().starts_with('[') {
            let end = rest.as_str().find(']')?;
            let mut start = 1;
            for part in rest.as_str()[1..end].split(',') {
                let extra = rest.slice(start..start + part.len()).trim();
                start += part.len() + 1;
                if !extra.is_empty() {
                    extras.push(extra);
                }
            }
            rest = rest.slice(end + 1..rest.len()).trim();
        }
        let specifier = rest.as_str().trim_start_matches('(').trim_end_matches(')');
        let specifiers = if specifier.starts_with('@') {
            None
        } else {
            // `name>=1 --hash=…` of a lock, and words that are no requirement at all.
            let end = specifier.find(" --").unwrap_or(specifier.len());
            Some(Specifiers::parse(&specifier[..end])?)
        };
        Some(Requirement { name: normalised(name), written: at.slice(0..name_end), extras, specifiers, at, marker })
    }

    /// Whether it names one version and no other.
    pub fn is_exact(&self) -> bool {
        self.specifiers.as_ref().is_some_and(|it| it.exact().is_some())
    }
}

/// A package's name as indexes compare it (PEP 503): `Django_Celery.Beat` is `django-celery-beat`.
pub fn normalised(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.push(other.to_ascii_lowercase()),
        }
    }
    normal
}
