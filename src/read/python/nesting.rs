//! Refuses what would overflow the parser's stack: in a browser the stack is small and cannot grow.
//!
//! The limits lie far below where the parser was seen to trap in wasm (938 brackets, 615 prefix operators,
//! 1,500 indents, 9,375 chained operators) and far above what people write.

const BRACKETS: u32 = 200;
const PREFIXES: u32 = 200;
const INDENTS: u32 = 100;
const CHAIN: u32 = 5_000;

/// The byte offset where a limit is passed, and the limit.
pub(super) fn too_deep(text: &str) -> Option<(usize, u32)> {
    let bytes = text.as_bytes();
    let mut brackets = 0_u32;
    let mut prefixes = 0_u32;
    let mut chain = 0_u32;
    // `lambda` and `else` nest to the right across names and colons, so only the end of a statement ends them.
    let mut bodies = 0_u32;
    let mut indents = vec![0_usize];
    let mut at = 0;
    let mut line_start = true;
    while at < bytes.len() {
        if line_start && brackets == 0 {
            let width = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let is_blank = matches!(bytes.get(at + width), None | Some(b'\n' | b'\r' | b'#'));
            if !is_blank {
                while indents.last().is_some_and(|&outer| outer > width) {
                    indents.pop();
                }
                if indents.last().is_some_and(|&outer| outer < width) {
                    indents.push(width);
                }
                if indents.len() as u32 > INDENTS {
                    return Some((at, INDENTS));
                }
                chain = 0;
                prefixes = 0;
                bodies = 0;
            }
        }
        line_start = false;
        match bytes[at] {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            // Strings are skipped, so that their brackets do not count; f-strings may nest, but ruff bounds those.
            quote @ (b'\'' | b'"') => {
                at = end_of_string(bytes, at, quote);
                prefixes = 0;
                continue;
            }
            b'(' | b'[' | b'{' => {
                brackets += 1;
                prefixes = 0;
                if brackets > BRACKETS {
                    return Some((at, BRACKETS));
                }
            }
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'\n' => line_start = true,
            b'-' | b'+' | b'~' | b'*' => {
                prefixes += 1;
                chain += 1;
            }
            b'.' | b'/' | b'%' | b'|' | b'&' | b'^' | b'@' | b'<' | b'>' | b'=' => chain += 1,
            b' ' | b'\t' | b'\r' | b'\\' => {}
            letter if letter.is_ascii_alphabetic() || letter == b'_' => {
                let start = at;
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                match &bytes[start..at] {
                    b"lambda" | b"else" => bodies += 1,
                    b"not" | b"await" | b"if" => prefixes += 1,
                    _ => prefixes = 0,
                }
                if prefixes > PREFIXES || bodies > PREFIXES {
                    return Some((start, PREFIXES));
                }
                continue;
            }
            b',' | b';' => {
                chain = 0;
                prefixes = 0;
            }
            _ => prefixes = 0,
        }
        if prefixes > PREFIXES {
            return Some((at, PREFIXES));
        }
        if chain > CHAIN {
            return Some((at, CHAIN));
        }
        at += 1;
    }
    None
}

pub(super) fn end_of_string(bytes: &[u8], start: usize, quote: u8) -> usize {
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            byte if byte == quote => {
                if !triple {
                    return at + 1;
                }
                if bytes[at..].starts_with(&[quote; 3]) {
                    return at + 3;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
