//! Any text, its kind detected.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| celery_checkup_fuzz::check(text, None));
