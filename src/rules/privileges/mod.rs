//! "Who does it run as?": root, users, groups, and what Celery allows them.

use super::Rule;
use crate::facts::containers::UserSet;
use crate::facts::{Process, Variant};

mod c_force_root_set;
mod gid_without_group;
mod group_counts_as_root;
mod root_with_pickle;
mod runs_as_root;
mod uid_option_keeps_root;
mod uid_option_nobody;
mod uid_option_unknown_user;
mod uid_option_with_detach;
mod uid_option_without_root;

pub(super) use root_with_pickle::is_root_with_pickle;

pub(super) const RULES: &[Rule] = &[
    runs_as_root::RULE,
    root_with_pickle::RULE,
    c_force_root_set::RULE,
    gid_without_group::RULE,
    group_counts_as_root::RULE,
    uid_option_without_root::RULE,
    uid_option_unknown_user::RULE,
    uid_option_with_detach::RULE,
    uid_option_keeps_root::RULE,
    uid_option_nobody::RULE,
];

/// The group that a process starts with, where a file names it.
fn group_of<'a>(variant: &'a Variant, process: &Process) -> Option<&'a UserSet> {
    let container = variant.container_of(process);
    container.and_then(|it| it.group.as_ref()).or_else(|| {
        // A user of the container's own replaces the image's user and group.
        let is_replaced = container.is_some_and(|it| it.user.is_some());
        variant.image_of(process).filter(|_| !is_replaced).and_then(|image| image.group.as_ref())
    })
}
