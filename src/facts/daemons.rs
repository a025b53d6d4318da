//! What starts Celery on a machine without containers: a unit of systemd, a program of Supervisor, an init script.

use super::containers::UserSet;
use super::copies::Copies;
use crate::intake::Kind;
use crate::text::Text;

/// A unit, a program, or the file of variables of an init script.
#[derive(Clone, Debug)]
pub struct Daemon {
    /// `celery` of `celery.service`, `worker` of `[program:worker]`.
    pub name: String,
    /// The command line, or what stands for it.
    pub at: Text,
    pub kind: Kind,
    pub user: Option<UserSet>,
    pub group: Option<UserSet>,
    /// Where no user is set: whether that certainly means root.
    pub is_root_otherwise: bool,
    /// The folder that it starts in, where one is set and known.
    pub directory: Option<Text>,
    /// `Type=` of a unit.
    pub service_type: Option<Text>,
    /// `RemainAfterExit=` or `KillMode=`: what its command leaves behind may live on.
    pub stays_when_done: bool,
    /// Whether every file of variables that a unit names was pasted.
    pub shows_variables: bool,
    /// `environment=` of a program and of its supervisord, whole, and each `Environment=` of a unit; of an init script, the names that its file sets.
    pub sets: Vec<Text>,
    /// Variables whose lines do not set them: systemd does not know `export`, and a shell wants no blank beside `=`.
    pub dropped: Vec<Text>,
    /// An operator of a shell that no shell reads, at the Celery behind it.
    pub unreached: Option<Text>,
    /// `numprocs` of a program; none of them run without `autostart`.
    pub copies: Option<Copies>,
}

impl Daemon {
    /// Whether its command names Celery anywhere, if only in a path.
    pub fn speaks_of_celery(&self) -> bool {
        self.at.as_str().to_ascii_lowercase().contains("celery")
    }
}
