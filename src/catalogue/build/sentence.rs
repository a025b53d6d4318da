//! A sentence with code in backticks and holes in braces, taken apart.

/// A stretch of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    /// A hole outside code: a number, a place, a list.
    Hole(String),
    /// What stands between two backticks.
    Code(Vec<CodePart>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum CodePart {
    Text(String),
    Hole(String),
}

/// Takes a sentence apart. A literal brace is written doubled.
pub fn parse(sentence: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for (index, stretch) in sentence.trim_end().split('`').enumerate() {
        let parts = parts(stretch)?;
        if index % 2 == 0 {
            pieces.extend(parts.into_iter().map(|part| match part {
                CodePart::Text(text) => Piece::Text(text),
                CodePart::Hole(hole) => Piece::Hole(hole),
            }));
        } else {
            pieces.push(Piece::Code(parts));
        }
    }
    if sentence.matches('`').count() % 2 == 1 {
        return Err(format!("a backtick is not closed: {sentence:?}"));
    }
    Ok(pieces)
}

fn parts(stretch: &str) -> Result<Vec<CodePart>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = stretch;
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = after.find('}').ok_or_else(|| format!("a brace is not closed: {stretch:?}"))?;
            if !text.is_empty() {
                parts.push(CodePart::Text(std::mem::take(&mut text)));
            }
            parts.push(CodePart::Hole(after[..end].to_owned()));
            rest = &after[end + 1..];
        } else if character == '}' {
            return Err(format!("a brace closes nothing: {stretch:?}"));
        } else {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    if !text.is_empty() {
        parts.push(CodePart::Text(text));
    }
    Ok(parts)
}

/// The holes of a sentence, sorted, each once; with whether it stands in code.
pub fn holes(pieces: &[Piece]) -> Vec<(String, bool)> {
    let mut holes: Vec<(String, bool)> = pieces
        .iter()
        .flat_map(|piece| match piece {
            Piece::Text(_) => Vec::new(),
            Piece::Hole(hole) => vec![(hole.clone(), false)],
            Piece::Code(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    CodePart::Hole(hole) => Some((hole.clone(), true)),
                    CodePart::Text(_) => None,
                })
                .collect(),
        })
        .collect();
    holes.sort();
    holes.dedup();
    holes
}

/// What directly follows each hole (or the code that ends in it), for the Korean particle rule.
pub fn after_holes(pieces: &[Piece]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let hole = match piece {
            Piece::Hole(hole) => hole,
            Piece::Code(parts) => match parts.last() {
                Some(CodePart::Hole(hole)) => hole,
                _ => continue,
            },
            Piece::Text(_) => continue,
        };
        let next = match pieces.get(index + 1) {
            Some(Piece::Text(text)) => text.clone(),
            _ => String::new(),
        };
        found.push((hole.clone(), next));
    }
    found
}
