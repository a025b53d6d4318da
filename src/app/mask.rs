//! Secrets of the paste that an excerpt or a diff must not repeat.
//!
//! The engine's own texts come masked. Excerpts are cut by the page, so it hides what looks like a secret by
//! itself, and rather too much than too little: it only ever shortens what is shown, never what is written.

use std::ops::Range;

const NAMES: &[&str] =
    &["password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "credential", "access_key"];

/// The byte ranges of a line that look like secrets. The line before it matters: in Kubernetes and Compose the
/// name of a variable stands above its value.
pub(super) fn secrets(line: &str, before: Option<&str>) -> Vec<Range<usize>> {
    let mut found = passwords_in_addresses(line);
    if found.is_empty() {
        found.extend(password_without_scheme(line));
    }
    let names_one = names_a_secret(line.split(['=', ':']).next().unwrap_or_default())
        || before.is_some_and(|before| names_a_secret(before) && line.trim_start().starts_with("value"));
    if let Some(value) = value_of(line).filter(|_| names_one) {
        found.retain(|password| password.end <= value.start || password.start >= value.end);
        let at = found.iter().take_while(|password| password.end <= value.start).count();
        found.insert(at, value);
    }
    found
}

/// `scheme://user:password@`, as often as it occurs.
fn passwords_in_addresses(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = line[from..].find("://") {
        let start = from + at + 3;
        let end = line[start..].find([' ', '"', '\'', '`', '<', '>']).map_or(line.len(), |end| start + end);
        // Where `redis://` has no colon, its password stands in the place of the user.
        let is_redis = line[..start - 3].ends_with("redis") || line[..start - 3].ends_with("rediss");
        if let Some(sign) = line[start..end].rfind('@')
            && let Some(behind) = line[start..start + sign].find(':').map(|colon| colon + 1).or(is_redis.then_some(0))
        {
            let password = start + behind..start + sign;
            // `{password}` and `$PASSWORD` are names, not secrets.
            let shown = &line[password.clone()];
            if !shown.is_empty() && !shown.starts_with(['{', '$', '%']) && shown != "***" {
                found.push(password);
            }
        }
        from = start;
    }
    found
}

/// `user:password@host`, where the scheme was forgotten.
fn password_without_scheme(line: &str) -> Option<Range<usize>> {
    let sign = line.rfind('@')?;
    let is_host =
        line[sign + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) && !line[sign..].starts_with("@sha256");
    let start = line[..sign].rfind([' ', '"', '\'', '`', '=', '<', '>', '[']).map_or(0, |before| before + 1);
    let word = &line[start..sign];
    let scheme = ["amqp:", "amqps:", "redis:", "rediss:"].into_iter().find(|scheme| word.starts_with(scheme));
    let user = start + scheme.map_or(0, str::len);
    let password = user + line[user..sign].find(':')? + 1..sign;
    let shown = &line[password.clone()];
    let is_password = !shown.is_empty() && !shown.starts_with(['{', '$', '%']) && !shown.contains("//");
    (is_host && is_password && !word.starts_with("mailto:")).then_some(password)
}

fn names_a_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    NAMES.iter().any(|name| text.contains(name))
}

/// What stands behind the first `=` or `:` of the line, without quotes; a call such as `os.getenv(…)` is none.
fn value_of(line: &str) -> Option<Range<usize>> {
    let sign = line.find(['=', ':'])?;
    let rest = &line[sign + 1..];
    let value = rest.trim().trim_end_matches(',').trim_matches(['"', '\'']);
    if value.is_empty() || value.starts_with(['{', '$']) || value.contains('(') {
        return None;
    }
    let start = sign + 1 + rest.find(value)?;
    Some(start..start + value.len())
}

/// A stretch of the line with its secrets as `***`.
pub(super) fn masked(line: &str, stretch: Range<usize>, secrets: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut from = stretch.start;
    for secret in secrets.iter().filter(|secret| secret.start < stretch.end && secret.end > stretch.start) {
        shown.push_str(line.get(from..secret.start.max(from)).unwrap_or_default());
        shown.push_str("***");
        from = secret.end.min(stretch.end);
    }
    shown.push_str(line.get(from..stretch.end).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, before: Option<&str>) -> String {
        masked(line, 0..line.len(), &secrets(line, before))
    }

    #[test]
    fn secrets_are_hidden_and_names_are_not() {
        assert_eq!(shown("URL = 'amqp://shop:s3cr:et@host//'", None), "URL = 'amqp://shop:***@host//'");
        assert_eq!(shown("URL=redis://s3cret@cache:6379/0", None), "URL=redis://***@cache:6379/0");
        assert_eq!(shown("URL = 'shop:s3cret@rabbit:5672'", None), "URL = 'shop:***@rabbit:5672'");
        assert_eq!(shown("SECRET_KEY = 'abc'", None), "SECRET_KEY = '***'");
        assert_eq!(shown("RABBITMQ_PASSWORD: hunter2", None), "RABBITMQ_PASSWORD: ***");
        assert_eq!(shown("  value: \"hunter2\"", Some("- name: DB_PASSWORD")), "  value: \"***\"");
        assert_eq!(shown("  value: \"5672\"", Some("- name: DB_PORT")), "  value: \"5672\"");
        for harmless in [
            "URL = \"amqp://{user}:{password}@{host}:{port}\".format(",
            "    password=os.getenv('RABBITMQ_PASSWORD'),",
            "amqp://shop@rabbitmq:5672/shop",
            "    image: rabbitmq:3.12@sha256:0123",
            "[12:30:45] celery@worker1 ready",
            "redis://{password}@cache:6379/0",
            "CELERY_RESULT_BACKEND = RABBITMQ_URL # 이 부분이 문제",
        ] {
            assert_eq!(shown(harmless, None), harmless);
        }
    }
}
