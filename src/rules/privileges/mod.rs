//! "Who does it run as?": root, users, groups, and what Celery allows them.

use super::Rule;

mod c_force_root_set;
mod gid_without_group;
mod root_with_pickle;
mod runs_as_root;
mod uid_option_unknown_user;
mod uid_option_with_detach;
mod uid_option_without_root;

pub(super) const RULES: &[Rule] = &[
    runs_as_root::RULE,
    root_with_pickle::RULE,
    c_force_root_set::RULE,
    gid_without_group::RULE,
    uid_option_without_root::RULE,
    uid_option_unknown_user::RULE,
    uid_option_with_detach::RULE,
];
