//! Bytes to text, once, at the border.
//!
//! A byte order mark decides; else UTF-8; else UTF-16 where NULs say so; else EUC-KR as Windows writes it
//! (CP949). What is left is no text. Line ends stay as they are.

use encoding_rs::{EUC_KR, UTF_16BE, UTF_16LE};
use std::fmt;

/// How the bytes were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Le,
    Utf16Be,
    /// EUC-KR with Microsoft's additions: CP949.
    EucKr,
}

impl Encoding {
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8WithMark => "utf-8-bom",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::EucKr => "euc-kr",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The bytes are no text that we know how to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

/// The text without its byte order mark, and how it was written.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), NotText> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest).map(|text| (text, Encoding::Utf8WithMark)).ok_or(NotText);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, Encoding::Utf16Le).map(|text| (text, Encoding::Utf16Le)).ok_or(NotText);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, Encoding::Utf16Be).map(|text| (text, Encoding::Utf16Be)).ok_or(NotText);
    }
    if let Some(text) = utf8(bytes) {
        return Ok((text, Encoding::Utf8));
    }
    if let Some(order) = utf16_by_its_nuls(bytes)
        && let Some(text) = utf16(bytes, order)
    {
        return Ok((text, order));
    }
    EUC_KR
        .decode_without_bom_handling_and_without_replacement(bytes)
        .filter(|text| reads_as_text(text))
        .map(|text| (text.into_owned(), Encoding::EucKr))
        .ok_or(NotText)
}

fn utf8(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(cut_to_characters(bytes)?).into_owned(),
    };
    reads_as_text(&text).then_some(text)
}

/// A log cut by its size (`tail -c`) begins or ends in the middle of a character; the rest is sound.
fn cut_to_characters(bytes: &[u8]) -> Option<&[u8]> {
    let is_inside = |byte: &&u8| (0x80..0xC0).contains(*byte);
    let start = bytes.iter().take_while(is_inside).count();
    if start > 3 {
        return None;
    }
    let rest = &bytes[start..];
    let sound = match std::str::from_utf8(rest) {
        Ok(_) => rest,
        Err(error) if error.error_len().is_none() => &rest[..error.valid_up_to()],
        Err(_) => return None,
    };
    // Without a whole character beyond ASCII, the odd bytes may as well be Korean in another encoding.
    (!sound.is_ascii()).then_some(sound)
}

fn utf16(bytes: &[u8], order: Encoding) -> Option<String> {
    // A file cut at an odd byte loses half a character.
    let whole = &bytes[..bytes.len() & !1];
    let encoding = if order == Encoding::Utf16Be { UTF_16BE } else { UTF_16LE };
    let text = encoding.decode_without_bom_handling_and_without_replacement(whole)?;
    reads_as_text(&text).then(|| text.into_owned())
}

/// Latin letters, blanks and line ends are half NUL in UTF-16, and always in the same half;
/// a few others are NUL in the other one (U+AE00, "글").
fn utf16_by_its_nuls(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    let nuls = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let enough = head.len() / 40;
    if odd > enough && even * 8 <= odd {
        Some(Encoding::Utf16Le)
    } else if even > enough && odd * 8 <= even {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Text may hold a stray control character (a log does), but is not made of them.
fn reads_as_text(text: &str) -> bool {
    let head = text.chars().take(64 * 1024);
    let (mut all, mut strange) = (0_usize, 0_usize);
    for character in head {
        all += 1;
        let usual = matches!(character, '\t' | '\n' | '\r' | '\x0C' | '\x08' | '\x1B');
        if (character.is_control() && !usual) || character == '\u{FFFE}' {
            strange += 1;
        }
    }
    // A hundredth in a long text; a short one may hold one if it holds ten others.
    strange * 100 <= all || (strange == 1 && all > 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "# 셀러리\r\nX = '한글'\r\n";

    fn utf16_bytes(text: &str, order: Encoding) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if order == Encoding::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn the_same_note_in_every_encoding() {
        let note = NOTE.to_owned();
        assert_eq!(decode(NOTE.as_bytes()), Ok((note.clone(), Encoding::Utf8)));
        assert_eq!(decode(format!("\u{FEFF}{NOTE}").as_bytes()), Ok((note.clone(), Encoding::Utf8WithMark)));
        for order in [Encoding::Utf16Le, Encoding::Utf16Be] {
            assert_eq!(decode(&utf16_bytes(NOTE, order)), Ok((note.clone(), order)));
            assert_eq!(decode(&utf16_bytes(&format!("\u{FEFF}{NOTE}"), order)), Ok((note.clone(), order)));
        }
        let (korean, _, failed) = EUC_KR.encode(NOTE);
        assert!(!failed);
        assert_eq!(decode(&korean), Ok((note, Encoding::EucKr)));
    }

    #[test]
    fn nothing_is_text() {
        assert_eq!(decode(b""), Ok((String::new(), Encoding::Utf8)));
        assert_eq!(decode(b"\xFF\xFE"), Ok((String::new(), Encoding::Utf16Le)));
    }

    #[test]
    fn binary_files_are_no_text() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
        let elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0\xa0\x1f\0\0\0\0\0\0@\0\0\0\0\0\0\0";
        let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xf3H\xcd\xc9\xc9\xd7Q(\xcf/\xcaIQ\x04\0\xe6\xc6\xe6\xeb\r\0\0\0";
        for bytes in [&png[..], elf, gzip, &[0; 4096], &[1; 4096]] {
            assert_eq!(decode(bytes), Err(NotText), "{bytes:?}");
        }
    }

    #[test]
    fn a_log_may_hold_colours_and_a_stray_nul() {
        let log = format!("\x1b[31m[error]\x1b[0m\n{}\0\n", "plain words\n".repeat(20));
        assert_eq!(decode(log.as_bytes()).map(|(_, encoding)| encoding), Ok(Encoding::Utf8));
    }

    #[test]
    fn a_log_cut_inside_a_character_keeps_the_rest() {
        let bytes = "한글 로그\n".as_bytes();
        assert_eq!(decode(&bytes[1..]).map(|(text, _)| text), Ok("글 로그\n".to_owned()));
        assert_eq!(decode(&bytes[..bytes.len() - 2]).map(|(text, _)| text), Ok("한글 로".to_owned()));
    }

    #[test]
    fn random_bytes_never_panic() {
        let mut state = 7_u64;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            let _ = decode(&bytes);
        }
    }
}
