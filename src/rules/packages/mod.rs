//! "Why does it not install or import?": requirements, extras, Python versions, imports that went away.

use super::Rule;
use crate::intake::Kind;

mod celery_extra_installs_nothing;
mod celery_extra_unknown;
mod celery_python_mismatch;
mod celery_without_upper_bound;
mod django_results_app_missing;
mod flower_before_celery_5;
mod installed_app_misspelt;
mod package_missing;
mod package_pin_refused;
mod redis_without_packaging;

pub(super) const RULES: &[Rule] = &[
    celery_extra_installs_nothing::RULE,
    celery_extra_unknown::RULE,
    celery_python_mismatch::RULE,
    celery_without_upper_bound::RULE,
    django_results_app_missing::RULE,
    flower_before_celery_5::RULE,
    installed_app_misspelt::RULE,
    package_missing::RULE,
    package_pin_refused::RULE,
    redis_without_packaging::RULE,
];

/// Where packages are named.
const PACKAGE_KINDS: &[Kind] = &[Kind::Requirements, Kind::Pyproject, Kind::Lock, Kind::Dockerfile];
