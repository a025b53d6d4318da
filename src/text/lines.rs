//! Lines and columns, made only where they are shown.

/// Where the lines of a text begin, so that a byte offset becomes a line and a column.
///
/// Lines end at LF, CRLF or a lone CR and nothing else.
#[derive(Debug)]
pub struct LineIndex {
    /// The byte offset of each line's first character, and how many UTF-16 units stand before it.
    starts: Vec<(u32, u32)>,
    /// Characters within long lines, each with the characters of its line before it and the units of the text: a place
    /// far into a line is counted from the nearest.
    within: Vec<(u32, u32, u32)>,
}

/// How far they stand apart, in bytes.
const FAR: usize = 1024;

/// A point of a text as people and editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// From 1.
    pub line: u32,
    /// From 1, in code points.
    pub column: u32,
    /// UTF-16 code units since the start of the text.
    pub utf16: u32,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![(0, 0)];
        let mut within = Vec::new();
        let (mut utf16, mut column, mut last) = (0, 0, 0);
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let begins = byte & 0xC0 != 0x80;
            if begins && at - last >= FAR {
                within.push((at as u32, column, utf16));
                last = at;
            }
            column += u32::from(begins);
            // A character is one unit at its first byte, and one of four bytes is two.
            utf16 += u32::from(begins) + u32::from(byte >= 0xF0);
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(((at + 1) as u32, utf16));
                (column, last) = (0, at + 1);
            }
        }
        LineIndex { starts, within }
    }

    /// The line and column of a byte offset. An offset inside a character counts as that character's start;
    /// one past the end counts as the end.
    pub fn at(&self, text: &str, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&(start, _)| start as usize <= offset) - 1;
        let (start, utf16) = self.starts[line];
        let nearest = self.within.partition_point(|&(at, ..)| at as usize <= offset).checked_sub(1);
        let nearest = nearest.map(|index| self.within[index]).filter(|&(at, ..)| at > start);
        let (from, column, utf16) = nearest.unwrap_or((start, 0, utf16));
        let before = &text[from as usize..offset];
        LineColumn {
            line: line as u32 + 1,
            column: column + before.chars().count() as u32 + 1,
            utf16: utf16 + before.chars().map(|c| c.len_utf16() as u32).sum::<u32>(),
        }
    }

    /// How many lines there are; at least 1.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The byte offset of the first character of a line, counted from 1.
    pub fn start_of(&self, line: u32) -> Option<u32> {
        self.starts.get(line.checked_sub(1)? as usize).map(|&(start, _)| start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_before_a_place_does_not_shift_it() {
        let text = "# 한글 😀\nX = 1\r\ny\rz";
        let index = LineIndex::new(text);
        let at = |needle: &str| index.at(text, text.find(needle).unwrap() as u32);
        assert_eq!(at("😀"), LineColumn { line: 1, column: 6, utf16: 5 });
        assert_eq!(at("X"), LineColumn { line: 2, column: 1, utf16: 8 });
        assert_eq!(at("y"), LineColumn { line: 3, column: 1, utf16: 15 });
        assert_eq!(at("z"), LineColumn { line: 4, column: 1, utf16: 17 });
        assert_eq!(index.count(), 4);
    }

    #[test]
    fn a_place_far_into_a_line_is_counted_as_one_at_its_start() {
        let text = format!("{0}\n{0}", "가a😀\u{301}".repeat(FAR));
        let index = LineIndex::new(&text);
        let (mut line, mut column, mut utf16) = (1, 1, 0);
        for (offset, character) in text.char_indices() {
            assert_eq!(index.at(&text, offset as u32), LineColumn { line, column, utf16 }, "{offset}");
            utf16 += character.len_utf16() as u32;
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
    }
}
