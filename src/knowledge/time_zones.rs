//! The names of time zones, and what people write instead of them.

use std::sync::OnceLock;

/// Region by region, so that the table stays small.
const NAMES: &str = include_str!("time_zones.txt");

/// Abbreviations and offsets that are no names of zones, with the zone that people most likely mean.
/// Abbreviations that several countries use, such as `CST` and `IST`, are not here.
const MEANT: &[(&str, &str)] = &[
    ("KST", "Asia/Seoul"),
    ("JST", "Asia/Tokyo"),
    ("SGT", "Asia/Singapore"),
    ("HKT", "Asia/Hong_Kong"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("EDT", "America/New_York"),
    ("CEST", "Europe/Berlin"),
    ("MSK", "Europe/Moscow"),
    ("Z", "UTC"),
];

/// Every name; put together when they are first asked for.
pub fn names() -> &'static [String] {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            let (region, rest) = line.split_once(' ').unwrap_or(("", line));
            let name = |name: &str| if region.is_empty() { name.to_owned() } else { [region, "/", name].concat() };
            all.extend(rest.split(' ').map(name));
        }
        all
    })
}

/// Whether the part before the first slash is a region of the table.
pub fn is_region(region: &str) -> bool {
    !region.is_empty() && names().iter().any(|name| name.split_once('/').is_some_and(|(known, _)| known == region))
}

/// The zone that an abbreviation or a city's name alone most likely means.
pub fn meant_by(written: &str) -> Option<String> {
    let upper = written.to_ascii_uppercase();
    if let Some((_, zone)) = MEANT.iter().find(|(name, _)| *name == upper) {
        return Some((*zone).to_owned());
    }
    let city = written.trim().replace(' ', "_");
    let mut of_city =
        names().iter().filter(|name| name.rsplit_once('/').is_some_and(|(_, known)| known.eq_ignore_ascii_case(&city)));
    of_city.next().filter(|_| of_city.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_shape_are_known() {
        let names = names();
        for name in ["Asia/Seoul", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT-9", "ROK", "US/Pacific"] {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        assert!(names.len() > 590 && names.iter().all(|name| !name.contains(char::is_whitespace) && !name.is_empty()));
        assert!(is_region("Asia") && !is_region("Korea") && !is_region(""));
    }

    #[test]
    fn what_people_write_instead_is_known() {
        assert_eq!(meant_by("KST").as_deref(), Some("Asia/Seoul"));
        assert_eq!(meant_by("seoul").as_deref(), Some("Asia/Seoul"));
        assert_eq!(meant_by("new york").as_deref(), Some("America/New_York"));
        assert_eq!(meant_by("CST"), None);
    }
}
