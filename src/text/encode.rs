//! How a piece of text is quoted where it stands, and how new text must be written there.

/// One layer of quoting around a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// A stretch of the layer outside, unchanged: a Markdown fence, a block scalar's line.
    Plain,
    /// A YAML scalar without quotes.
    YamlPlain,
    YamlSingle,
    YamlDouble,
    /// One line of a YAML block scalar (`|` or `>`).
    YamlBlock,
    /// A shell word, or a part of one, without quotes.
    ShellBare,
    ShellSingle,
    ShellDouble,
    /// A JSON string, as in a Dockerfile's exec form.
    Json,
    /// A Python string with this quote character (`'` or `"`); `raw` has no escapes.
    Python {
        quote: char,
        raw: bool,
    },
    /// The right-hand side of `NAME=value` in an env file, without quotes.
    EnvBare,
    /// A word of a systemd unit or of Supervisor's configuration, in quotes or without.
    UnitWord,
    /// The inside of a compose file's scalar, where `$` begins a reference.
    ComposeInterpolated,
}

impl Quoting {
    /// `text` as it must be written inside this quoting; `None` if it cannot stand there.
    pub fn encode(self, text: &str) -> Option<String> {
        let one_line = !text.contains(['\n', '\r', '\0']);
        match self {
            Quoting::Plain => Some(text.to_owned()),
            _ if !one_line => None,
            Quoting::YamlPlain => (!text.is_empty()
                && !text.starts_with(|c: char| " !&*-?|>@`%\"'#{}[],:".contains(c))
                && !text.ends_with([' ', ':'])
                && !text.contains(": ")
                && !text.contains(" #")
                && !text.contains(['{', '}', '[', ']', ',']))
            .then(|| text.to_owned()),
            Quoting::YamlSingle => Some(text.replace('\'', "''")),
            Quoting::YamlDouble | Quoting::Json => Some(text.replace('\\', "\\\\").replace('"', "\\\"")),
            Quoting::YamlBlock => Some(text.to_owned()),
            Quoting::ShellBare => Some(bare_shell_word(text)),
            Quoting::ShellSingle => (!text.contains('\'')).then(|| text.to_owned()),
            Quoting::ShellDouble => {
                let mut written = String::new();
                for character in text.chars() {
                    if matches!(character, '"' | '\\' | '$' | '`') {
                        written.push('\\');
                    }
                    written.push(character);
                }
                Some(written)
            }
            Quoting::Python { quote, raw: true } => (!text.contains([quote, '\\'])).then(|| text.to_owned()),
            Quoting::Python { quote, raw: false } => {
                let mut written = String::new();
                for character in text.chars() {
                    if character == quote || character == '\\' {
                        written.push('\\');
                    }
                    written.push(character);
                }
                Some(written)
            }
            Quoting::EnvBare => (!text.contains([' ', '#', '\'', '"', '\\', '$', '`'])).then(|| text.to_owned()),
            Quoting::UnitWord => {
                let is_plain = |c: char| !c.is_whitespace() && !"#;'\"\\$`%".contains(c);
                text.chars().all(is_plain).then(|| text.to_owned())
            }
            Quoting::ComposeInterpolated => Some(text.replace('$', "$$")),
        }
    }
}

fn bare_shell_word(text: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quoting_writes_what_it_can_hold() {
        assert_eq!(Quoting::ShellBare.encode("worker").as_deref(), Some("worker"));
        assert_eq!(Quoting::ShellBare.encode("a b").as_deref(), Some("'a b'"));
        assert_eq!(Quoting::Json.encode("a\"b").as_deref(), Some("a\\\"b"));
        assert_eq!(Quoting::YamlPlain.encode("a: b"), None);
        assert_eq!(Quoting::YamlSingle.encode("it's").as_deref(), Some("it''s"));
        assert_eq!(Quoting::Python { quote: '"', raw: true }.encode("a\"b"), None);
        assert_eq!(Quoting::ShellDouble.encode("a\nb"), None);
        assert_eq!(Quoting::ComposeInterpolated.encode("p$w").as_deref(), Some("p$$w"));
    }
}
