//! How many copies of a container run, and where they may write.

use crate::text::Text;

/// How many copies of a container a file asks for, or allows.
#[derive(Clone, Debug)]
pub struct Copies {
    /// Where the number stands.
    pub at: Text,
    /// The most that run at the same time.
    pub most: u64,
}

/// Where a container may write.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// What makes the root file system read-only.
    pub read_only_root: Option<Text>,
    /// The folders where something else is mounted.
    pub mounts: Vec<String>,
    /// Those of them that are volumes or folders of the host with a name, which stay when the container goes.
    pub volumes: Vec<String>,
    /// Whether more is mounted than we see, or to places that we cannot tell.
    pub open: bool,
}

impl Storage {
    /// Whether a file certainly lies on a volume, and so outlives the container.
    pub fn keeps(&self, file: &str) -> bool {
        self.volumes.iter().any(|volume| file.starts_with(&format!("{}/", volume.trim_end_matches('/'))))
            && !self.mounts.iter().filter(|it| !self.volumes.contains(it)).any(|it| file.starts_with(it.as_str()))
    }

    /// Whether a file certainly cannot be written: a read-only root, and nothing mounted where it lies.
    /// A relative path lies anywhere.
    pub fn refuses(&self, file: &str) -> Option<&Text> {
        let read_only = self.read_only_root.as_ref()?;
        let may_lie_below =
            |mount: &String| !file.starts_with('/') || file.starts_with(&format!("{}/", mount.trim_end_matches('/')));
        (!self.open && !self.mounts.iter().any(may_lie_below)).then_some(read_only)
    }
}
