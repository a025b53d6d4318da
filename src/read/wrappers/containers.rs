//! Programs that start another inside of a container or a pod.

use super::program_at::{after_options, double_dash};
use super::{Started, Step, assignment};
use crate::read::shell_words::Word;

/// `docker compose exec -u app web celery …`, `docker run --rm -e A=b --entrypoint celery image -A shop worker`.
pub(super) fn in_container(it: &mut Started) -> Step {
    // The options that stand alone; every other one has a value (docker run --help, docker compose run --help).
    const ALONE: [&str; 26] = [
        "-d",
        "--detach",
        "-i",
        "--interactive",
        "-t",
        "--tty",
        "-it",
        "-ti",
        "-T",
        "--no-TTY",
        "--no-tty",
        "--rm",
        "--init",
        "--privileged",
        "--read-only",
        "-P",
        "--publish-all",
        "--no-healthcheck",
        "--sig-proxy",
        "-q",
        "--quiet",
        "--no-deps",
        "--service-ports",
        "--use-aliases",
        "--build",
        "--remove-orphans",
    ];
    // `docker create`, `docker service create`: of anything else it starts nothing.
    let creates = it.words.get(1).is_some_and(|word| ["create", "service"].contains(&word.as_str()));
    let verb = it.words.iter().position(|word| match word.as_str() {
        "run" | "exec" => true,
        word => word == "create" && creates,
    });
    let Some(verb) = verb else { return Step::Stop };
    let mut entrypoint = None;
    let mut at = verb + 1;
    while let Some(word) = it.words.get(at).cloned().filter(|word| word.as_str().starts_with('-')) {
        let written = word.as_str();
        let equals = written.find('=').filter(|_| written.starts_with("--"));
        let name = &written[..equals.unwrap_or(written.len())];
        let is_bundle = !written.starts_with("--") && written[1..].chars().all(|letter| "ditPqT".contains(letter));
        let value = match equals {
            Some(equals) => Some(Word { text: word.text.slice(equals + 1..word.text.len()), ..word.clone() }),
            None if ALONE.contains(&name) || is_bundle => None,
            None => {
                at += 1;
                it.words.get(at).cloned()
            }
        };
        match (name, value) {
            ("-e" | "--env", Some(value)) => it.environment.extend(assignment(&value)),
            ("-u" | "--user", Some(user)) => it.runs_as = Some((user.text, word.text.clone())),
            ("--entrypoint", Some(program)) => entrypoint = Some(program),
            _ => {}
        }
        at += 1;
    }
    // Then the image or the service, and what runs in it.
    match entrypoint {
        Some(program) if at < it.words.len() => {
            it.words[at] = program;
            Step::Take(at)
        }
        _ if at + 1 < it.words.len() => Step::Take(at + 1),
        _ => Step::Stop,
    }
}

/// `kubectl exec -it deploy/worker -- celery …`; long ago without the `--`.
pub(super) fn in_pod(words: &[Word]) -> Step {
    if let Some(taken) = double_dash(words) {
        return Step::Take(taken);
    }
    let Some(exec) = words.iter().position(|word| word.as_str() == "exec") else { return Step::Stop };
    let with_value = ["-n", "--namespace", "-c", "--container", "--context", "--kubeconfig"];
    let pod = after_options(words, exec + 1, &with_value);
    let program = after_options(words, pod + 1, &with_value);
    if program < words.len() { Step::Take(program) } else { Step::Stop }
}
