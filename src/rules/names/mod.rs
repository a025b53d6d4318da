//! "Why is my setting ignored?": names of settings, namespaces, types, variables that overrule code.

use super::Rule;

mod boolean_is_text;
mod env_file_not_exported;
mod environment_overrules_setting;
mod lower_case_in_django;
mod namespace_lower_case;
mod namespace_missing;
mod number_is_text;
mod old_name_with_namespace;
mod setting_deprecated;
mod setting_names_mixed;
mod setting_not_a_number;
mod setting_removed;
mod setting_too_new;
mod setting_under_main;
mod setting_unknown;
mod setting_value_unknown;
mod setting_wrong_type;
mod switch_variable_not_boolean;
mod variable_not_exported;
mod variable_not_read;
mod variable_overrules_address;
mod variable_value_not_text;
mod worker_log_format_field;

pub(super) const RULES: &[Rule] = &[
    setting_names_mixed::RULE,
    namespace_missing::RULE,
    old_name_with_namespace::RULE,
    namespace_lower_case::RULE,
    lower_case_in_django::RULE,
    setting_unknown::RULE,
    setting_removed::RULE,
    setting_too_new::RULE,
    setting_deprecated::RULE,
    boolean_is_text::RULE,
    number_is_text::RULE,
    environment_overrules_setting::RULE,
    switch_variable_not_boolean::RULE,
    variable_overrules_address::RULE,
    variable_not_read::RULE,
    worker_log_format_field::RULE,
    setting_not_a_number::RULE,
    setting_under_main::RULE,
    env_file_not_exported::RULE,
    variable_not_exported::RULE,
    setting_wrong_type::RULE,
    setting_value_unknown::RULE,
    variable_value_not_text::RULE,
];
