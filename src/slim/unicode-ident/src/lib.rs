//! A stand-in without the tables of names. See `../README.md`.

/// Whether a name may begin with the character: everything that may, and some letters in circles.
pub fn is_xid_start(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '\u{1885}' | '\u{1886}' | '\u{2118}' | '\u{212E}' | '\u{309B}' | '\u{309C}')
}

/// Whether a name may go on with it: everything that may, some numbers in circles, and what stands among marks.
pub fn is_xid_continue(character: char) -> bool {
    character == '_' || character.is_alphanumeric() || may_be_mark(character)
}

/// Marks that are put on letters, and the few signs that join words.
fn may_be_mark(character: char) -> bool {
    matches!(character,
        '\u{B7}' | '\u{300}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{203F}' | '\u{2040}' | '\u{2054}' | '\u{20D0}'..='\u{20F0}'
        | '\u{2118}' | '\u{212E}' | '\u{2CEF}'..='\u{2DFF}' | '\u{302A}'..='\u{302F}' | '\u{3099}'..='\u{309C}' | '\u{30FB}'
        | '\u{A66F}'..='\u{ABFF}' | '\u{FB1E}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{FE33}' | '\u{FE34}'
        | '\u{FE4D}'..='\u{FE4F}' | '\u{FF3F}' | '\u{FF65}' | '\u{10000}'..='\u{1EFFF}' | '\u{E0100}'..='\u{E01EF}')
}
