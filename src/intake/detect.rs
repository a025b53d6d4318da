//! What kind of input a text is, and why we think so.
//!
//! A name decides first, the content otherwise; of a long text only the beginning is looked at. The guess has a
//! reason in words, and whoever pasted the text may overrule it.

mod fence;
mod judge;
mod line;
mod log_line;
mod names;
pub(crate) mod shell_line;
mod signs;
mod yaml_keys;

#[cfg(test)]
mod tests;

use super::kind::Kind;
use judge::{Verdict, judge};
use names::{ByName, by_name};
use signs::gather;

/// More than this is not looked at.
const HEAD: usize = 64 * 1024;

/// A guess with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    pub kind: Kind,
    pub because: Because,
}

/// Why a text was taken for its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Because {
    FileName,
    FirstLine,
    /// A telling line, counted from 1 in the text that was looked at.
    Line(u32),
    /// A key that only this kind has.
    Key(&'static str),
    /// The tag of a fenced block.
    FenceTag(String),
    /// All lines have this kind's shape.
    Shape,
    /// Inline code that is a command.
    InlineCode,
    /// A block that the line above it warns of: what one should not do.
    Warned,
    /// The reader said so.
    Told,
    /// Nothing was recognised.
    Nothing,
}

impl Because {
    /// The reason in Korean and in English.
    pub fn words(&self) -> (String, String) {
        let both = |ko: &str, en: &str| (ko.to_owned(), en.to_owned());
        match self {
            Because::FileName => both("파일 이름을 보고 알아봤습니다.", "Recognised by its file name."),
            Because::FirstLine => both("첫 줄을 보고 알아봤습니다.", "Recognised by its first line."),
            Because::Line(number) => {
                (format!("{number}행을 보고 알아봤습니다."), format!("Recognised by line {number}."))
            }
            Because::Key(key) => {
                (format!("`{key}` 키를 보고 알아봤습니다."), format!("Recognised by its key `{key}`."))
            }
            Because::FenceTag(tag) => (
                format!("코드 블록의 `{tag}` 표시를 보고 알아봤습니다."),
                format!("Recognised by the code block's tag `{tag}`."),
            ),
            Because::Shape => both("줄의 모양을 보고 알아봤습니다.", "Recognised by the shape of its lines."),
            Because::InlineCode => {
                both("문장 속의 명령이라 명령으로 읽었습니다.", "Read as a command: inline code that is one.")
            }
            Because::Warned => both(
                "바로 위의 문장이 이렇게 하지 말라고 해서 검사하지 않았습니다.",
                "Not checked: the line above says not to do it like this.",
            ),
            Because::Told => both("지정한 종류로 읽었습니다.", "Read as the kind that was given."),
            Because::Nothing => both("어떤 종류인지 알아보지 못했습니다.", "Its kind was not recognised."),
        }
    }

    /// The same reason where the text that was looked at begins `lines` further down its file.
    #[must_use]
    pub fn moved_down(self, lines: u32) -> Because {
        match self {
            Because::Line(number) => Because::Line(number + lines),
            Because::FirstLine if lines > 0 => Because::Line(1 + lines),
            other => other,
        }
    }
}

/// The kind of a pasted file.
pub fn detect(name: Option<&str>, text: &str) -> Detection {
    let text = head(text);
    // Most names leave nothing to ask the content.
    let kind = match name.map(by_name) {
        Some(ByName::Is(kind)) => Some(kind),
        Some(ByName::Foreign) => Some(Kind::Unknown),
        _ => None,
    };
    if let Some(kind) = kind {
        return Detection { kind, because: Because::FileName };
    }
    let verdict = judge(text, &gather(text));
    let (kind, because) = match name {
        Some(name) => of_name(name, text, verdict).unwrap_or_else(|verdict| (verdict.kind, verdict.because)),
        None => (verdict.kind, verdict.because),
    };
    Detection { kind, because }
}

/// The kind of a fenced block. The tag is a hint; a clear content wins over it.
pub fn detect_fence(info_string: Option<&str>, text: &str) -> Detection {
    let text = head(text);
    let verdict = judge(text, &gather(text));
    let (kind, because) = fence::weigh(info_string.unwrap_or(""), text, verdict);
    Detection { kind, because }
}

/// What a name says of a text; the content's verdict comes back where the name says nothing.
fn of_name(name: &str, text: &str, verdict: Verdict) -> Result<(Kind, Because), Verdict> {
    let yaml = [Kind::Compose, Kind::Kubernetes, Kind::HelmTemplate, Kind::HelmValues];
    match by_name(name) {
        ByName::Is(kind) => Ok((kind, Because::FileName)),
        // A README pasted as `values.yaml` is still YAML that we cannot place.
        ByName::Yaml { likely } => Ok(match (likely, verdict.kind) {
            // Whoever writes a manifest into `compose.yaml` has a manifest.
            (Some(Kind::Compose), Kind::Kubernetes | Kind::HelmTemplate) if verdict.sure => {
                (verdict.kind, verdict.because)
            }
            (Some(Kind::HelmValues), Kind::Kubernetes | Kind::HelmTemplate | Kind::Compose)
                if verdict.sure && has_top_level_kind(text, verdict.kind) =>
            {
                (verdict.kind, verdict.because)
            }
            (Some(likely), _) => (likely, Because::FileName),
            (None, kind) if yaml.contains(&kind) => (kind, verdict.because),
            (None, _) => (Kind::Unknown, Because::Nothing),
        }),
        ByName::Perhaps(kind) if verdict.kind == Kind::Unknown || !verdict.sure => Ok((kind, Because::FileName)),
        ByName::Foreign => Ok((Kind::Unknown, Because::FileName)),
        // Lines of `name = value` look like Python; whoever named the file so knows that they are not.
        ByName::Nothing if verdict.kind == Kind::Python && is_ini(name) => Ok((Kind::Unknown, Because::FileName)),
        ByName::Perhaps(_) | ByName::Nothing => Err(verdict),
    }
}

fn is_ini(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    matches!(ending.as_str(), "ini" | "cfg" | "toml" | "conf" | "properties" | "json")
}

/// A values file may hold whole manifests under its keys; only those at the margin make it one.
fn has_top_level_kind(text: &str, kind: Kind) -> bool {
    let key = if kind == Kind::Compose { "services:" } else { "kind:" };
    text.lines().any(|line| line.starts_with(key))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
