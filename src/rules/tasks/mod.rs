//! "Why does my task code fail?": decorators, retries, calls, canvases, and Django beside Celery.

mod app_call_wrong;
mod app_named_celery;
mod app_not_default;
mod apply_async_args;
mod autodiscover_missing;
mod autodiscover_one_string;
mod autodiscover_with_lambda;
mod autoretry_for_exception;
mod autoretry_for_not_a_list;
mod callback_takes_no_result;
mod config_is_a_file;
mod control_call_wrong;
mod countdown_string;
mod delay_argument_not_json;
mod delay_awaited;
mod delay_in_transaction;
mod delay_not_called;
mod delay_of_function;
mod delay_on_commit_too_old;
mod delay_wrong_arguments;
mod django_init_without_app;
mod django_models_too_early;
mod django_settings_module_missing;
mod djcelery_used;
mod errback_wrong_arguments;
mod eta_without_timezone;
mod expires_before_start;
mod flask_outside_context;
mod ignore_result_in_chord;
mod import_name_missing;
mod import_removed;
mod import_unknown;
mod imports_in_one_string;
mod include_module_misspelt;
mod link_not_a_signature;
mod max_retries_none;
mod module_hides_celery;
mod multiprocessing_in_task;
mod on_after_configure_too_late;
mod publish_retry_policy_key;
mod rate_limit_unreadable;
mod reject_without_acks_late;
mod result_backend_missing;
mod result_misread;
mod retry_exception_as_args;
mod retry_swallowed;
mod retry_without_effect;
mod revoke_terminate_unsupported;
mod rpc_backend_with_chord;
mod send_task_unknown;
mod signal_receiver_arguments;
mod signal_receiver_forgotten;
mod signal_sender_never;
mod signature_not_sent;
mod soft_time_limit_above_hard;
mod soft_time_limit_swallowed;
mod soft_time_limit_useless;
mod task_bind_without_parameter;
mod task_call_without_return;
mod task_called_before_delay;
mod task_class_not_registered;
mod task_decorator_covered;
mod task_handler_arguments;
mod task_is_async;
mod task_module_not_loaded;
mod task_name_twice;
mod task_named_main;
mod task_option_misspelt;
mod task_option_type;
mod task_self_without_bind;
mod task_waits_for_task;
mod time_limit_zero;
mod update_state_arguments;
mod worker_process_init_unsent;

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    task_self_without_bind::RULE,
    task_bind_without_parameter::RULE,
    task_waits_for_task::RULE,
    retry_swallowed::RULE,
    delay_awaited::RULE,
    delay_in_transaction::RULE,
    rate_limit_unreadable::RULE,
    soft_time_limit_above_hard::RULE,
    soft_time_limit_useless::RULE,
    max_retries_none::RULE,
    autoretry_for_exception::RULE,
    time_limit_zero::RULE,
    delay_wrong_arguments::RULE,
    apply_async_args::RULE,
    countdown_string::RULE,
    delay_argument_not_json::RULE,
    import_name_missing::RULE,
    import_removed::RULE,
    import_unknown::RULE,
    callback_takes_no_result::RULE,
    ignore_result_in_chord::RULE,
    result_backend_missing::RULE,
    rpc_backend_with_chord::RULE,
    publish_retry_policy_key::RULE,
    imports_in_one_string::RULE,
    app_named_celery::RULE,
    module_hides_celery::RULE,
    delay_on_commit_too_old::RULE,
    djcelery_used::RULE,
    soft_time_limit_swallowed::RULE,
    django_settings_module_missing::RULE,
    autodiscover_missing::RULE,
    django_init_without_app::RULE,
    autodiscover_with_lambda::RULE,
    task_option_misspelt::RULE,
    autoretry_for_not_a_list::RULE,
    task_is_async::RULE,
    task_called_before_delay::RULE,
    send_task_unknown::RULE,
    config_is_a_file::RULE,
    autodiscover_one_string::RULE,
    expires_before_start::RULE,
    include_module_misspelt::RULE,
    task_name_twice::RULE,
    signal_receiver_arguments::RULE,
    signal_receiver_forgotten::RULE,
    task_decorator_covered::RULE,
    errback_wrong_arguments::RULE,
    eta_without_timezone::RULE,
    retry_exception_as_args::RULE,
    task_handler_arguments::RULE,
    signature_not_sent::RULE,
    link_not_a_signature::RULE,
    task_named_main::RULE,
    task_module_not_loaded::RULE,
    on_after_configure_too_late::RULE,
    worker_process_init_unsent::RULE,
    signal_sender_never::RULE,
    app_call_wrong::RULE,
    multiprocessing_in_task::RULE,
    flask_outside_context::RULE,
    django_models_too_early::RULE,
    revoke_terminate_unsupported::RULE,
    reject_without_acks_late::RULE,
    task_class_not_registered::RULE,
    task_call_without_return::RULE,
    delay_not_called::RULE,
    delay_of_function::RULE,
    control_call_wrong::RULE,
    result_misread::RULE,
    update_state_arguments::RULE,
    task_option_type::RULE,
    retry_without_effect::RULE,
    app_not_default::RULE,
];

/// Whether a first parameter has a name that people give the task itself.
fn is_for_the_task(name: &str) -> bool {
    matches!(name, "self" | "task" | "this" | "cls" | "celery_task") || name.starts_with('_')
}
