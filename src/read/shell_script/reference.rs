//! References to variables as a shell writes them.

/// `$NAME`, `${NAME:-word}`.
pub(super) struct Reference<'a> {
    pub(super) name: &'a str,
    /// `:-`, `-` and their kin; nothing where there is none.
    pub(super) operator: &'a str,
    /// Where the word behind the operator begins and ends.
    pub(super) word: (usize, usize),
    pub(super) end: usize,
}

impl Reference<'_> {
    /// The reference whose `$` stands at a place; `None` where it does more, or names an argument.
    pub(super) fn at(written: &str, dollar: usize) -> Option<Reference<'_>> {
        let is_letter = |it: char| it.is_ascii_alphabetic() || it == '_';
        let rest = &written[dollar + 1..];
        // In a Makefile `$$` is the shell's `$`.
        let of_make = rest.strip_prefix('$').filter(|rest| rest.starts_with(|it| it == '{' || is_letter(it)));
        let rest = of_make.unwrap_or(rest);
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let start = written.len() - inner.len();
        let len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = inner.get(..len).filter(|name| name.starts_with(is_letter))?;
        if rest.len() == inner.len() {
            return Some(Reference { name, operator: "", word: (0, 0), end: start + len });
        }
        let mut depth = 0_u32;
        let closes = |it: char| {
            depth += u32::from(it == '{');
            let is_end = it == '}' && depth == 0;
            depth -= u32::from(it == '}' && depth > 0);
            is_end
        };
        let end = start + inner.find(closes)?;
        let sign = &written[start + len..end];
        let operator = [":-", ":=", ":?", ":+", "-", "=", "?", "+"].into_iter().find(|it| sign.starts_with(it));
        let operator = &sign[..operator.map_or(0, str::len)];
        let is_more = operator.is_empty() && !sign.is_empty();
        (!is_more).then(|| Reference { name, operator, word: (start + len + operator.len(), end), end: end + 1 })
    }
}
