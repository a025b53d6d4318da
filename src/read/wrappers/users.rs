//! Wrappers that change the user: `su`, `runuser`, `sudo`, `gosu`, `chpst`.

use super::program_at::{after_options, double_dash};
use super::{Started, Step, assignment};
use crate::read::shell_words::Word;

/// `su user -c "…"`, `su -s /bin/sh -c "…" user`, `runuser -u user -- program`.
pub(super) fn change_user(it: &mut Started) -> Step {
    const WITH_VALUE: [&str; 12] =
        ["-c", "--command", "-s", "--shell", "-g", "--group", "-G", "-u", "--user", "-w", "-T", "--session-command"];
    let mut user = None;
    let mut script = None;
    let mut at = 1;
    while let Some(word) = it.words.get(at).cloned() {
        let value = it.words.get(at + 1);
        match word.as_str() {
            "--" => {
                at += 1;
                break;
            }
            "-c" | "--command" | "--session-command" => script = value.cloned(),
            "-u" | "--user" => user = value.cloned(),
            _ => {}
        }
        if let Some(inline) = word.as_str().strip_prefix("--command=") {
            let from = word.as_str().len() - inline.len();
            script = Some(Word { text: word.text.slice(from..word.text.len()), ..word.clone() });
        }
        // `runuser -u user program`: what follows the user and is no option is the program.
        let is_option = word.as_str().starts_with('-');
        if !is_option {
            if user.is_some() {
                break;
            }
            user = Some(word.clone());
        }
        at += if WITH_VALUE.contains(&word.as_str()) { 2 } else { 1 };
    }
    it.runs_as = user.zip(it.words.first()).map(|(user, su)| (user.text, su.text.clone()));
    match script {
        Some(script) => Step::Script(script.text),
        None if at < it.words.len() => Step::Take(at),
        None => Step::Stop,
    }
}

pub(super) fn take_sudo(it: &mut Started) -> usize {
    let mut taken = 1;
    while let Some(word) = it.words.get(taken).cloned() {
        let written = word.as_str();
        if !written.starts_with('-') {
            // `sudo -E A=b celery …`
            match assignment(&word).filter(|_| !written.contains('/')) {
                Some(variable) => it.environment.push(variable),
                None => break,
            }
            taken += 1;
            continue;
        }
        let names_user = written == "--user" || (!written.starts_with("--") && written.ends_with('u'));
        let user = match written.strip_prefix("--user=") {
            Some(user) => Some(word.text.slice(written.len() - user.len()..written.len())),
            None if names_user => it.words.get(taken + 1).map(|user| user.text.clone()),
            None => None,
        };
        if let Some(user) = user {
            it.runs_as = Some((user, it.words[0].text.clone()));
        }
        let takes_value = names_user || matches!(written, "-g" | "--group" | "-D" | "--chdir" | "-h" | "--host" | "-p");
        taken += if takes_value { 2 } else { 1 };
    }
    taken
}

pub(super) fn take_user(it: &mut Started) -> usize {
    if let Some(user) = it.words.get(1) {
        it.runs_as = Some((user.text.clone(), it.words[0].text.clone()));
    }
    2
}

/// `chroot --userspec=app:app /srv program`.
pub(super) fn take_chroot(it: &mut Started) -> usize {
    if let Some(spec) = it.words.iter().find(|word| word.as_str().starts_with("--userspec=")) {
        let user = spec.text.slice("--userspec=".len()..spec.as_str().len());
        it.runs_as = Some((user, it.words[0].text.clone()));
    }
    after_options(&it.words, 1, &[]) + 1
}

/// `start-stop-daemon --start --chuid app --exec /usr/bin/celery -- -A shop worker`: the program, then its words.
pub(super) fn start_stop_daemon(it: &mut Started) -> Step {
    let value = |names: &[&str]| {
        let at = it.words.iter().position(|word| names.contains(&word.as_str()))?;
        it.words.get(at + 1).cloned()
    };
    let is_start = it.words.iter().any(|word| ["-S", "--start"].contains(&word.as_str()));
    let program = value(&["-a", "--startas"]).or_else(|| value(&["-x", "--exec"]));
    let (Some(program), Some(behind), true) = (program, double_dash(&it.words), is_start) else { return Step::Stop };
    if let Some(user) = value(&["-c", "--chuid", "-u", "--user"]) {
        it.runs_as = Some((user.text, it.words[0].text.clone()));
    }
    it.words[behind - 1] = program;
    Step::Take(behind - 1)
}

/// `chpst -u user program`, of runit.
pub(super) fn take_chpst(it: &mut Started) -> usize {
    if let Some(at) = it.words.iter().position(|word| word.as_str() == "-u")
        && let Some(user) = it.words.get(at + 1)
    {
        it.runs_as = Some((user.text.clone(), it.words[0].text.clone()));
    }
    after_options(&it.words, 1, &["-u", "-U", "-e", "-n", "-l", "-m", "-o", "-p", "-f", "-c", "-t", "-b", "-/"])
}
