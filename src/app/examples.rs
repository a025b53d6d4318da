//! Three pastes to start with, one click away.

use super::words::{self, Word};

/// A paste that the page offers to try.
pub(super) struct Example {
    /// For links and tests.
    pub(super) id: &'static str,
    pub(super) title: Word,
    /// What it shows, where the names of the files do not say it.
    pub(super) hint: Option<Word>,
    /// Name and text.
    pub(super) files: &'static [(&'static str, &'static str)],
}

pub(super) const EXAMPLES: &[Example] = &[
    Example {
        id: "notes",
        title: words::example_notes,
        hint: Some(words::example_notes_hint),
        files: &[("notes.md", include_str!("examples/notes.md"))],
    },
    Example {
        id: "compose",
        title: words::example_compose,
        hint: None,
        files: &[
            ("docker-compose.yml", include_str!("examples/compose/docker-compose.yml")),
            ("Dockerfile", include_str!("examples/compose/Dockerfile")),
            ("settings.py", include_str!("examples/compose/settings.py")),
        ],
    },
    Example {
        id: "kubernetes",
        title: words::example_kubernetes,
        hint: None,
        files: &[
            ("worker.yaml", include_str!("examples/kubernetes/worker.yaml")),
            ("settings.py", include_str!("examples/kubernetes/settings.py")),
        ],
    },
];

/// What an empty editor shows: several kinds pasted at once. Lines of one piece are joined by LF.
pub(super) const PIECES: &[(&str, &str)] = &[
    ("command", "$ celery -A shop worker -l INFO --concurrency=4"),
    ("python", "CELERY_BROKER_URL = \"amqp://shop@rabbitmq//\"\nCELERY_RESULT_BACKEND = \"redis://redis:6379/1\""),
    ("dockerfile", "FROM python:3.12-slim\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]"),
    (
        "log",
        "[2026-11-22 02:14:07,812: ERROR/MainProcess] consumer: Cannot connect to amqp://shop:**@rabbitmq:5672//: [Errno 111] Connection refused.",
    ),
];
