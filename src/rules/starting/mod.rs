//! "Why does it not start?": the command line.

use super::Rule;
use crate::facts::Process;

mod app_is_a_file;
mod app_missing;
mod app_module_misspelt;
mod app_not_in_module;
mod app_option_after_subcommand;
mod autoscale_not_as_written;
mod beat_inside_worker;
mod daemon_without_shell;
mod destination_without_node;
mod detach_in_container;
mod entrypoint_without_exec;
mod init_variable_unread;
mod multi_file_shared;
mod multi_option_without_equals;
mod multi_stop_other_pidfile;
mod node_name_twice;
mod option_not_in_version;
mod option_of_another_command;
mod option_renamed;
mod option_unknown;
mod option_value_malformed;
mod option_value_unknown;
mod option_without_value;
mod percent_not_doubled;
mod pool_option_overruled;
mod pool_solo_concurrency;
mod prefetch_option_zero;
mod prefork_on_windows;
mod probe_timeout_short;
mod probe_without_server;
mod program_named_twice;
mod program_removed;
mod purge_unanswered;
mod queue_name_with_blank;
mod queues_emptied_at_start;
mod remote_command_unknown;
mod shell_takes_one_word;
mod short_option_equals;
mod start_never_reached;
mod statedb_is_a_scheduler;
mod subcommand_unknown;
mod systemd_type_forking;
mod variable_not_expanded;
mod word_left_over;
mod words_not_separated;
mod worker_option_before_command;

pub(super) const RULES: &[Rule] = &[
    subcommand_unknown::RULE,
    option_unknown::RULE,
    app_not_in_module::RULE,
    app_option_after_subcommand::RULE,
    option_not_in_version::RULE,
    option_value_unknown::RULE,
    option_value_malformed::RULE,
    option_renamed::RULE,
    word_left_over::RULE,
    app_is_a_file::RULE,
    worker_option_before_command::RULE,
    program_removed::RULE,
    program_named_twice::RULE,
    shell_takes_one_word::RULE,
    remote_command_unknown::RULE,
    destination_without_node::RULE,
    queue_name_with_blank::RULE,
    detach_in_container::RULE,
    queues_emptied_at_start::RULE,
    autoscale_not_as_written::RULE,
    pool_option_overruled::RULE,
    pool_solo_concurrency::RULE,
    prefetch_option_zero::RULE,
    statedb_is_a_scheduler::RULE,
    beat_inside_worker::RULE,
    node_name_twice::RULE,
    app_missing::RULE,
    words_not_separated::RULE,
    variable_not_expanded::RULE,
    systemd_type_forking::RULE,
    option_of_another_command::RULE,
    multi_option_without_equals::RULE,
    option_without_value::RULE,
    daemon_without_shell::RULE,
    percent_not_doubled::RULE,
    probe_timeout_short::RULE,
    multi_file_shared::RULE,
    entrypoint_without_exec::RULE,
    init_variable_unread::RULE,
    multi_stop_other_pidfile::RULE,
    purge_unanswered::RULE,
    short_option_equals::RULE,
    start_never_reached::RULE,
    app_module_misspelt::RULE,
    prefork_on_windows::RULE,
    probe_without_server::RULE,
];

/// Whether a script waits for the process before it goes on.
fn stays_in_front(process: &Process) -> bool {
    let asks_for_help = || process.command.options.iter().any(|option| option.written.as_str() == "--help");
    !process.command.is_beside && process.option("--detach").is_none() && !asks_for_help()
}
