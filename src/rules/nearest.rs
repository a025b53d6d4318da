//! "Did you mean": the known name that is nearest to a misspelt one.

/// The nearest name within a distance that grows with the word: one letter of three, two of six.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match written.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    known
        .into_iter()
        // A letter has at most four bytes, and most names are told apart by their length.
        .filter(|name| name.len().abs_diff(written.len()) <= 4 * allowed)
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(distance, _)| (1..=allowed).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Whether two names differ in their digits alone: `shop1` and `shop2` are two names, and neither is misspelt.
pub(super) fn differ_in_digits(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.replace(|it: char| it.is_ascii_digit(), "");
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_find_what_was_meant() {
        let commands = ["worker", "beat", "flower", "call"];
        assert_eq!(nearest("worked", commands), Some("worker"));
        assert_eq!(nearest("wroker", commands), Some("worker"));
        assert_eq!(nearest("bet", commands), Some("beat"));
        assert_eq!(nearest("purgatory", commands), None);
        assert_eq!(nearest("worker", commands), None);
    }

    #[test]
    fn numbers_make_names() {
        assert!(differ_in_digits("shop1", "shop2"));
        assert!(!differ_in_digits("shop1", "chop1"));
    }
}
