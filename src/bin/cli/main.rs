//! The command line: files in, report out. What it prints and how it ends is a contract with other programs.

mod arguments;
mod check;
mod explain;
mod files;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

/// Nothing at or above `--fail-on`.
const FINE: u8 = 0;
/// Something at or above `--fail-on`.
const FOUND: u8 = 1;
/// The call was wrong, a path cannot be read, or nothing was recognised.
const WRONG_CALL: u8 = 2;
/// A defect of ours.
const OUR_FAULT: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { WRONG_CALL } else { FINE });
        }
    };
    let run = std::panic::catch_unwind(|| match arguments.command {
        Command::Check(options) => check::run(&options),
        Command::Facts(options) => check::facts(&options),
        Command::Explain { word, more, lang } => {
            let words = [&[word], &more[..]].concat().join(" ");
            explain::run(&words, arguments::language(lang))
        }
        Command::Rules { format, lang } => explain::rules(format, arguments::language(lang)),
    });
    match run {
        Ok(code) => ExitCode::from(code),
        Err(_) => ExitCode::from(OUR_FAULT),
    }
}

/// Writes to standard output; a reader that went away is no error.
fn print(text: &str) {
    let mut out = anstream::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => eprintln!("celery-checkup: {error}"),
        _ => {}
    }
}
