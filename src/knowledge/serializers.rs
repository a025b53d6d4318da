//! Serializers by their content types: `accept_content` takes both, so only these can be compared.

/// What kombu registers itself, with the content type of each (kombu/serialization.py, 5.7.0); `auth` is Celery's
/// (celery/security/serialization.py).
pub const SERIALIZERS: [(&str, &str); 5] = [
    ("json", "application/json"),
    ("yaml", "application/x-yaml"),
    ("pickle", "application/x-python-serialize"),
    ("msgpack", "application/x-msgpack"),
    ("auth", "application/data"),
];

/// The settings that name one serializer.
pub const NAMES_ONE: [&str; 3] = ["task_serializer", "result_serializer", "event_serializer"];
/// The settings that list what is accepted.
pub const LISTS: [&str; 2] = ["accept_content", "result_accept_content"];

/// The content type of a serializer that everybody knows.
pub fn of_name(name: &str) -> Option<&'static str> {
    SERIALIZERS.iter().find(|(known, _)| *known == name).map(|(_, content_type)| *content_type)
}

/// The content type of an entry of `accept_content`: a name, or a content type already.
pub fn of_entry(entry: &str) -> Option<&str> {
    if entry.contains('/') { Some(entry) } else { of_name(entry) }
}
