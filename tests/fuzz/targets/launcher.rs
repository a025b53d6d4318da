//! Any text, read as launcher.
#![no_main]

use celery_checkup::intake::Kind;
libfuzzer_sys::fuzz_target!(|text: &str| celery_checkup_fuzz::check(text, Some(Kind::Launcher)));
