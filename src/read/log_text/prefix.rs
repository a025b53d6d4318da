//! What programs and containers write before a message.

use std::ops::Range;

use super::Level;

/// The parts of a line before its message, in bytes of the line.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefix {
    /// Where the message begins.
    pub(super) end: usize,
    pub(super) time: Option<Range<usize>>,
    pub(super) level: Option<Level>,
    pub(super) process: Option<Range<usize>>,
    pub(super) source: Option<Range<usize>>,
    pub(super) begins: bool,
}

/// Nothing that stands further in is a prefix.
const FURTHEST: usize = 300;

impl Prefix {
    pub(super) fn of(line: &str) -> Prefix {
        let mut prefix = Prefix::default();
        prefix.container(line);
        prefix.stamped_by_runtime(line);
        // What the program itself wrote.
        let known = prefix.syslog(line) || prefix.celery(line) || prefix.tornado(line) || prefix.stamped(line);
        if !known {
            prefix.python_default(line);
        }
        prefix
    }

    fn rest<'a>(&self, line: &'a str) -> &'a str {
        &line[self.end..]
    }

    /// `worker-1  | ` of compose, `[pod/worker-0/worker] ` of kubectl.
    fn container(&mut self, line: &str) {
        let len = line.find(|c: char| !(c.is_alphanumeric() || "_.-".contains(c))).unwrap_or(line.len());
        let behind = line[len..].trim_start_matches(' ');
        let blanks = line.len() - len - behind.len();
        if len > 0 && blanks > 0 && behind.starts_with('|') && matches!(behind.as_bytes().get(1), None | Some(b' ')) {
            self.source = Some(0..len);
            self.end = len + blanks + behind.len().min(2);
            return;
        }
        if let Some(pod) = line.strip_prefix("[pod/")
            && let Some(len) = pod.find("] ")
        {
            self.source = Some(1.."[pod/".len() + len);
            self.end = "[pod/".len() + len + 2;
        }
    }

    /// `2024-05-01T10:00:00.123Z stdout F ` of the container runtime, or its time alone (`docker logs -t`).
    fn stamped_by_runtime(&mut self, line: &str) {
        let rest = self.rest(line);
        let Some(len) =
            time_len(rest).filter(|&len| rest.as_bytes().get(10) == Some(&b'T') && rest[..len].ends_with('Z'))
        else {
            return;
        };
        let behind = &rest[len..];
        if !behind.starts_with(' ') {
            return;
        }
        self.time = Some(self.end..self.end + len);
        self.end += len + 1;
        for stream in ["stdout F ", "stderr F ", "stdout P ", "stderr P "] {
            if self.rest(line).starts_with(stream) {
                self.end += stream.len();
            }
        }
    }

    /// `[2024-05-01 10:00:00,123: INFO/MainProcess] `, wherever a wrapper has put it.
    fn celery(&mut self, line: &str) -> bool {
        let rest = self.rest(line);
        let mut from = 0;
        while let Some(open) = rest[from..].find('[').map(|at| from + at).filter(|&at| at < FURTHEST) {
            from = open + 1;
            let inner = &rest[open + 1..];
            let Some(len) = time_len(inner) else { continue };
            let Some(behind) = inner[len..].strip_prefix(": ") else {
                continue;
            };
            let Some(close) = behind.find(']').filter(|&at| at < FURTHEST) else {
                continue;
            };
            let (level, process) = behind[..close].split_once('/').unwrap_or((&behind[..close], ""));
            let Some(level) = level_of(level) else {
                continue;
            };
            let base = self.end + open + 1;
            let process_end = base + len + 2 + close;
            self.time = Some(base..base + len);
            self.level = Some(level);
            self.process = (!process.is_empty()).then(|| process_end - process.len()..process_end);
            self.begins = true;
            self.end = process_end + 1;
            self.end += usize::from(self.rest(line).starts_with(' '));
            return true;
        }
        false
    }

    /// `[I 240501 10:00:00 mixins:229] ` of Flower, which is a Tornado program.
    fn tornado(&mut self, line: &str) -> bool {
        let rest = self.rest(line).as_bytes();
        let shape = |at: usize, wanted: &[u8]| {
            wanted.iter().enumerate().all(|(index, want)| {
                rest.get(at + index).is_some_and(
                    |byte| {
                        if *want == b'0' { byte.is_ascii_digit() } else { byte == want }
                    },
                )
            })
        };
        let level = match rest.get(1) {
            Some(b'D') => Level::Debug,
            Some(b'I') => Level::Info,
            Some(b'W') => Level::Warning,
            Some(b'E') => Level::Error,
            Some(b'C') => Level::Critical,
            _ => return false,
        };
        if !(shape(0, b"[") && shape(2, b" 000000 00:00:00 ")) {
            return false;
        }
        let Some(close) = self.rest(line).find(']').filter(|&at| at < FURTHEST) else {
            return false;
        };
        self.time = Some(self.end + 3..self.end + 18);
        self.level = Some(level);
        self.begins = true;
        self.end += close + 1;
        self.end += usize::from(self.rest(line).starts_with(' '));
        true
    }

    /// `Jan  2 10:00:00 host celery[123]: `.
    fn syslog(&mut self, line: &str) -> bool {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let rest = self.rest(line);
        let named = MONTHS.iter().any(|month| rest.starts_with(month)) && rest.get(6..7) == Some(" ");
        let Some(clock) = rest.get(7..15).filter(|clock| named && is_clock(clock)) else {
            return false;
        };
        debug_assert_eq!(clock.len(), 8);
        // Host and program.
        let Some(colon) = rest[15..].find(": ").filter(|&at| at < FURTHEST) else {
            return false;
        };
        let head = rest[15..15 + colon].trim_start();
        let Some((_, program)) = head.split_once(' ').filter(|(_, program)| !program.contains(' ')) else {
            return false;
        };
        let program_end = self.end + 15 + colon;
        self.time = Some(self.end..self.end + 15);
        self.source = self.source.take().or(Some(program_end - program.len()..program_end));
        self.begins = true;
        self.end = program_end + 2;
        // journald keeps what the program wrote, Celery's own prefix too.
        let time = self.time.clone();
        if !self.celery(line) {
            self.time = time;
        }
        true
    }

    /// A time, then perhaps a level: RabbitMQ's `[error] <0.5.0> `, supervisord's `INFO `, Python's `ERROR `.
    fn stamped(&mut self, line: &str) -> bool {
        let rest = self.rest(line);
        let bracket = usize::from(rest.starts_with('['));
        let Some(len) = time_len(&rest[bracket..]) else {
            return false;
        };
        let start = self.end + bracket;
        let mut end = start + len;
        end += usize::from(bracket == 1 && line[end..].starts_with(']'));
        let behind = line[end..].trim_start_matches([' ', '-', ':', ',']);
        self.time = Some(start..start + len);
        self.begins = true;
        self.end = line.len() - behind.len();
        self.level_behind_time(line);
        true
    }

    fn level_behind_time(&mut self, line: &str) {
        let rest = self.rest(line);
        let bracket = rest.starts_with(['[', '(']);
        let word = &rest[usize::from(bracket)..];
        let len = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
        let Some(level) = level_of(&word[..len]) else {
            return;
        };
        let mut behind = &word[len..];
        behind = if bracket { behind.strip_prefix([']', ')']).unwrap_or(behind) } else { behind };
        // `ERROR/MainProcess`, `INFO:name:`: what follows the level at once is not a message.
        if !behind.is_empty() && !behind.starts_with([' ', ':', '\t']) {
            return;
        }
        self.level = Some(level);
        let behind = behind.trim_start_matches([' ', ':', '\t', '-']);
        self.end = line.len() - behind.len();
        // Erlang's process.
        if let Some(inner) = behind.strip_prefix('<')
            && let Some(close) = inner.find("> ").filter(|&at| at < 20)
            && inner[..close].chars().all(|c| c.is_ascii_digit() || c == '.')
        {
            self.process = Some(self.end..self.end + close + 2);
            self.end += close + 3;
        }
    }

    /// `WARNING:root:message`, `ERROR: message`, `INFO message` (capitals only).
    fn python_default(&mut self, line: &str) {
        let rest = self.rest(line);
        let len = rest.bytes().take_while(u8::is_ascii_uppercase).count();
        let Some(level) = (len > 3).then(|| level_of(&rest[..len])).flatten() else {
            return;
        };
        let behind = &rest[len..];
        if let Some(named) = behind.strip_prefix(':') {
            let name = named.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c))).unwrap_or(named.len());
            let skip = if name > 0 && named[name..].starts_with(':') { name + 1 } else { 0 };
            let message = named[skip..].trim_start_matches(' ');
            self.end = line.len() - message.len();
        } else if behind.starts_with([' ', '\t']) {
            self.end = line.len() - behind.trim_start().len();
        } else {
            return;
        }
        self.level = Some(level);
        self.begins = true;
    }
}

fn level_of(word: &str) -> Option<Level> {
    Some(match word.to_ascii_lowercase().as_str() {
        "debug" | "trace" | "debg" => Level::Debug,
        "info" | "notice" => Level::Info,
        "warning" | "warn" => Level::Warning,
        "error" | "err" | "erro" => Level::Error,
        "critical" | "crit" | "fatal" | "alert" | "emergency" => Level::Critical,
        _ => return None,
    })
}

/// `2024-05-01 10:00:00`, with a fraction and a zone if they are there.
fn time_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let fits = b"0000-00-00 00:00:00".iter().enumerate().all(|(at, want)| {
        bytes.get(at).is_some_and(|byte| match want {
            b'0' => byte.is_ascii_digit(),
            b'-' => matches!(byte, b'-' | b'/'),
            b' ' => matches!(byte, b' ' | b'T'),
            _ => byte == want,
        })
    });
    let mut len = fits.then_some(19)?;
    let digits = |at: usize| bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if matches!(bytes.get(len), Some(b'.' | b',')) && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    match bytes.get(len) {
        Some(b'Z') => len += 1,
        Some(b'+' | b'-') if digits(len + 1) == 4 => len += 5,
        Some(b'+' | b'-') if digits(len + 1) == 2 && bytes.get(len + 3) == Some(&b':') && digits(len + 4) == 2 => {
            len += 6
        }
        _ => {}
    }
    Some(len)
}

fn is_clock(text: &str) -> bool {
    text.bytes().zip(b"00:00:00").all(|(byte, want)| if *want == b'0' { byte.is_ascii_digit() } else { byte == *want })
}
