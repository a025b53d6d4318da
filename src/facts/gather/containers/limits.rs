//! Durations and amounts as deployment files write them.

/// A duration of Compose in whole seconds: `90s`, `1m30s`, `2h`. Compose takes no bare number.
pub(super) fn seconds(written: &str) -> Option<u64> {
    let mut total = 0_f64;
    let mut rest = written.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].find(|character: char| character.is_ascii_digit());
        let (name, after) = rest[digits..].split_at(unit.unwrap_or(rest.len() - digits));
        total += number
            * match name {
                "us" => 0.000_001,
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = after;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "nobody waits for 2^53 seconds")]
    Some(total as u64)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_of_compose_are_seconds() {
        let read = ["90s", "1m30s", "2h", "500ms", "1.5m"].map(seconds);
        assert_eq!(read, [Some(90), Some(90), Some(7200), Some(0), Some(90)]);
        assert_eq!(["", "30", "x", "5 s", "${GRACE}"].map(seconds), [None; 5]);
    }
}
