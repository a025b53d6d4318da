//! What must hold of every text, however broken: truncated, with bytes changed, put together at random.
//!
//! The seed is fixed, so that a failure comes back; `CELERY_CHECKUP_SEED` and `CELERY_CHECKUP_ROUNDS` change it
//! (`make test-deep`). A failing text is written to the test's folder, and its path is printed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use celery_checkup::catalogue::long::LONG_TEXTS;
use celery_checkup::checkup::{self, Before, Input, Options, Report};
use celery_checkup::intake::Kind;
use celery_checkup::present::view::{Answer, Place};
use celery_checkup::present::{self, border, json};
use fastrand::Rng;

/// Stands in every fixture as a password: it must never leave.
const CANARY: &str = "c4n4ry-h1dden";
/// Truncations, and byte changes, of each fixture.
const ROUNDS: usize = 200;

fn seed() -> u64 {
    std::env::var("CELERY_CHECKUP_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_122)
}

fn rounds() -> usize {
    std::env::var("CELERY_CHECKUP_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// One text of every kind that has a reader, as people write them.
fn fixtures() -> Vec<(&'static str, String)> {
    let url = format!("amqp://shop:{CANARY}@rabbit:5672//");
    vec![
        ("notes.md", include_str!("../src/app/examples/notes.md").to_owned()),
        (
            "settings.py",
            format!(
                "# 설정\nimport os\nfrom datetime import timedelta\nfrom celery.schedules import crontab\nfrom kombu import Queue\n\nBROKER = \"{url}\"\nCELERY_BROKER_URL = os.getenv('BROKER', BROKER)\nCELERY_RESULT_BACKEND = f\"{{BROKER}}\"\nCELERY_TASK_QUEUES = [Queue('a', routing_key='a.#'), Queue('b')]\nCELERY_BEAT_SCHEDULE = {{\n    'night': {{'task': 'shop.tasks.night', 'schedule': crontab(hour=3), 'args': (1,)}},\n    'often': {{'task': 'shop.tasks.often', 'schedule': timedelta(seconds=30)}},\n}}\nif os.environ.get('DEBUG') == '1':\n    CELERY_TASK_ALWAYS_EAGER = True\nelse:\n    CELERY_TASK_TIME_LIMIT = 30 * 60\n"
            ),
        ),
        (
            "tasks.py",
            "from celery import Celery, chord, shared_task\n\napp = Celery('shop', broker='redis://localhost', backend='rpc://')\napp.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)\n\n\n@shared_task(bind=True, autoretry_for=(Exception,), max_retries=None)\ndef send(self, order, *, copy=False):\n    try:\n        return other.delay(order).get()\n    except ValueError as error:\n        raise self.retry(exc=error, countdown=60)\n\n\n@app.task(rate_limit='10/m', time_limit=5, soft_time_limit=10)\ndef other(order):\n    chord([send.s(1), send.s(2)])(other.s())\n".to_owned(),
        ),
        (
            "Dockerfile",
            format!("# syntax=docker/dockerfile:1\nFROM python:3.12-slim AS base\nARG VERSION=5.7.0\nRUN pip install \"celery[redis]==$VERSION\" \\\n    # a comment\n    gunicorn\nENV CELERY_BROKER_URL={url} C_FORCE_ROOT=1\nCOPY <<EOF /run.sh\nexec celery -A shop worker\nEOF\nUSER 1000:2000\nCMD [\"celery\", \"-A\", \"shop\", \"worked\", \"-l\", \"info\"]\n"),
        ),
        (
            "compose.yaml",
            format!("x-env: &env\n  CELERY_RESULT_BACKEND: {url}\n  BROKER_URL: ${{BROKER_URL:-redis://redis}}\nservices:\n  worker:\n    build: .\n    user: root\n    command: >-\n      sh -c \"sleep 3 && exec celery -A shop worker -Q 'a, b' -c 4\"\n    environment:\n      <<: *env\n      한글: 값\n    deploy: {{replicas: 2}}\n  beat:\n    image: shop\n    command: [celery, -A, shop, beat, -s, /tmp/beat]\n  rabbitmq:\n    image: rabbitmq:4-management\n    ports: ['15672:15672']\n"),
        ),
        (
            "deployment.yaml",
            format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: worker}}\nspec:\n  replicas: 3\n  template:\n    spec:\n      securityContext: {{runAsUser: 0}}\n      terminationGracePeriodSeconds: 10\n      containers:\n        - name: worker\n          image: shop:1\n          args: [celery, -A, shop, worker, --concurrency=$(N)]\n          env:\n            - name: N\n              value: \"4\"\n            - name: CELERY_RESULT_BACKEND\n              value: \"{url}\"\n          livenessProbe:\n            exec: {{command: [sh, -c, celery -A shop inspect ping -d celery@$HOSTNAME]}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: rabbitmq}}\nspec: {{ports: [{{port: 5672}}]}}\n"),
        ),
        (".env", format!("# env\nexport CELERY_BROKER_URL=\"{url}\"\nRABBITMQ_PASSWORD='{CANARY}'\nCELERY_WORKER_CONCURRENCY=four\nEMPTY=\n")),
        (
            "entrypoint.sh",
            format!("#!/bin/bash\nset -e\nexport CELERY_RESULT_BACKEND={url}\nif [ \"$1\" = worker ]; then\n  exec su-exec app celery -A shop worker \\\n    --loglevel=warn -c ${{CONCURRENCY:-4}} &\nfi\ncat <<EOT\ntext $(celery -A shop status)\nEOT\n"),
        ),
        (
            "worker.log",
            format!(" -------------- celery@web v5.3.6 (emerald-rush)\n[2026-11-22 09:00:01,000: ERROR/MainProcess] consumer: Cannot connect to {url}: [Errno 111] Connection refused.\nTrying again in 2.00 seconds... (1/100)\nweb_1  | [2026-11-22 09:00:02,000: WARNING/ForkPoolWorker-1] You're running the worker with superuser privileges: this is\n absolutely not recommended!\nPlease specify a different user using the --uid option.\nUser information: uid=0 euid=0 gid=0 egid=0\n"),
        ),
        ("requirements.txt", "-r base.txt\ncelery[redis,gevent]>=5.2,<5.6 ; python_version >= '3.8'\nkombu==5.3.7 --hash=sha256:abc\nredis ~= 5.0\n".to_owned()),
        ("pyproject.toml", "[project]\nrequires-python = \">=3.9\"\ndependencies = [\n  \"celery[redis]>=5.3\",\n  \"flower\",\n]\n[tool.poetry.dependencies]\ncelery = {version = \"^5.3\", extras = [\"redis\"]}\n".to_owned()),
        ("worker.service", format!("[Unit]\nDescription=worker\n[Service]\nType=forking\nUser=celery\nEnvironment=\"CELERY_BROKER_URL={url}\" A=b\nEnvironmentFile=-/etc/default/celery\nExecStart=/bin/sh -c '${{CELERY_BIN}} -A shop multi start w1 \\\n    --pidfile=/run/celery/%%n.pid'\n")),
        ("supervisord.conf", format!("[program:worker]\ncommand=celery -A shop worker -n w%(process_num)d@%%h ; comment\nuser=root\nenvironment=CELERY_BROKER_URL=\"{url}\",A='b,c'\nnumprocs=2\n")),
        ("task-definition.json", "{\"containerDefinitions\": [{\"entryPoint\": [\"sh\", \"-c\"],\n \"command\": [\"celery -A shop worker\"], \"environment\": [{\"name\": \"A\", \"value\": \"b\"}]}]}\n".to_owned()),
        ("fly.toml", "app = 'shop'\n[processes]\nworker = \"celery -A shop worker\"\n[deploy]\na = {cmd = ['celery', \"-A\", 1], b.c = '''x\\n'''}\n".to_owned()),
        ("Procfile", "web: gunicorn shop.wsgi\nworker: celery -A shop worker -B -l info\n".to_owned()),
    ]
}

fn checked(name: &str, text: &str) -> Answer {
    present::answer(&checkup::check(vec![Input::new(name, text)], &Options::default()))
}

/// What must hold of the answer to any text; an error says what does not.
fn holds(name: &str, text: &str) -> Result<(), String> {
    let answer = catch_unwind(AssertUnwindSafe(|| checked(name, text))).map_err(|_| "it panics".to_owned())?;
    let inside = |place: &Place| {
        let (start, end) = (place.start.offset as usize, place.end.offset as usize);
        start <= end && text.is_char_boundary(start) && text.is_char_boundary(end) && end <= text.len()
    };
    for finding in &answer.findings {
        let places = std::iter::once(&finding.place)
            .chain(finding.related.iter().map(|it| &it.place))
            .chain(finding.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.place)));
        for place in places {
            if !inside(place) {
                return Err(format!("{} points outside the text: {place:?}", finding.rule));
            }
        }
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            let covered = &text[edit.place.start.offset as usize..edit.place.end.offset as usize];
            if edit.text.contains("***") || covered.contains(CANARY) || edit.text.contains(CANARY) {
                return Err(format!("a fix of {} touches the secret", finding.rule));
            }
        }
    }
    let report = json::report(&answer, 0);
    if serde_json::from_str::<serde_json::Value>(&report).is_err() {
        return Err("the report is no JSON".to_owned());
    }
    if report != json::report(&checked(name, text), 0) {
        return Err("the same text gives two different reports".to_owned());
    }
    Ok(())
}

/// Fails with the seed and with the text written to a file.
fn must_hold(name: &str, text: &str, how: &str) {
    if let Err(problem) = holds(name, text) {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("failing-{name}"));
        let _ = std::fs::write(&path, text);
        panic!("{name}, {how}, seed {}: {problem}. The text is in {}", seed(), path.display());
    }
}

/// A text cut at a random character, at either end.
fn truncated(text: &str, rng: &mut Rng) -> String {
    let mut at = rng.usize(..=text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if rng.u8(..4) == 0 { text[at..].to_owned() } else { text[..at].to_owned() }
}

/// A text with a few bytes changed, as it comes in after decoding.
fn changed(text: &str, rng: &mut Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..bytes.len());
        match rng.u8(..4) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes[at] = *rng.choice(b"'\"{}[]()#:;=,\\\n\t $%&|<>@/-").unwrap_or(&b' '),
            2 => {
                bytes.remove(at);
            }
            _ => bytes.insert(at, rng.u8(..)),
        }
        if bytes.is_empty() {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn cut_and_changed_texts_are_read_as_far_as_they_go() {
    for (name, text) in fixtures() {
        let mut rng = Rng::with_seed(seed());
        must_hold(name, &text, "whole");
        for round in 0..rounds() {
            must_hold(name, &truncated(&text, &mut rng), &format!("truncation {round}"));
            must_hold(name, &changed(&text, &mut rng), &format!("change {round}"));
        }
    }
}

#[test]
fn texts_put_together_at_random_are_read() {
    // Words that mean something to some reader, in no order: what nobody wrote, and somebody will paste.
    let mut words: Vec<String> = [
        "{{ x }}",
        "${A:-b}",
        "$(X)",
        "```",
        "---",
        "&a",
        "*a",
        "<<:",
        "'''",
        "f'{",
        "\\",
        "\t",
        "가나",
        "\u{202e}",
        "\u{0}",
        "\r\n",
        "\r",
        "    ",
        "- ",
        ": ",
        "[",
        "{",
        "celery -A x worker ",
    ]
    .map(str::to_owned)
    .to_vec();
    words.extend(fixtures().iter().flat_map(|(_, text)| text.split_inclusive([' ', '\n']).map(str::to_owned)));
    let mut rng = Rng::with_seed(seed());
    let names =
        ["pasted", "x.py", "x.yaml", "compose.yaml", "Dockerfile", ".env", "x.sh", "x.log", "x.md", "x.service"];
    for round in 0..rounds() * 4 {
        let text: String = (0..rng.usize(1..60)).map(|_| rng.choice(&words).map_or("", String::as_str)).collect();
        must_hold(names[round % names.len()], &text, &format!("round {round}"));
    }
}

#[test]
fn no_secret_leaves_however_the_text_is_cut() {
    for (name, text) in fixtures() {
        let mut rng = Rng::with_seed(seed());
        for round in 0..rounds() {
            // Cut at lines: a secret cut in two, or without the name before it, is no secret that anybody could see.
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let from = rng.usize(..lines.len());
            let to = rng.usize(from..=lines.len());
            let cut = lines[from..to].concat();
            let report = json::report(&checked(name, &cut), 0);
            assert!(!report.contains(CANARY), "{name}, cut {round}, lines {from} to {to}: the secret is in the report");
        }
    }
}

/// A paste that is edited again and again, as in the page: what was kept of the check before must not show.
#[test]
fn a_check_after_edits_answers_as_a_first_one() {
    let fixtures = fixtures();
    let mut rng = Rng::with_seed(seed());
    for round in 0..rounds() / 10 {
        let mut before = Before::default();
        let mut inputs: Vec<Input> = Vec::new();
        for step in 0..8 {
            match rng.u8(..8) {
                0 if inputs.len() > 1 => {
                    inputs.remove(rng.usize(..inputs.len()));
                }
                1 | 2 if inputs.len() < 5 => {
                    let (name, text) = &fixtures[rng.usize(..fixtures.len())];
                    inputs.insert(rng.usize(..=inputs.len()), Input::new(*name, text));
                }
                3 if !inputs.is_empty() => {
                    let told = rng.usize(..inputs.len());
                    inputs[told].kind = rng.choice(Kind::ALL).filter(|_| rng.bool());
                }
                kind => {
                    let written: Vec<usize> = (0..inputs.len()).filter(|at| !inputs[*at].text.is_empty()).collect();
                    let Some(edited) = rng.choice(written) else { continue };
                    let text = &inputs[edited].text;
                    let new = if kind == 4 { truncated(text, &mut rng) } else { changed(text, &mut rng) };
                    inputs[edited].text = new.into();
                }
            }
            let again = checkup::check_again(inputs.clone(), &Options::default(), &mut before);
            let first = checkup::check(inputs.clone(), &Options::default());
            let bytes = |report: &Report| (border::to_bytes(&present::answer(report)), present::picture(report));
            if bytes(&again) != bytes(&first) {
                let names: Vec<&str> = inputs.iter().map(|input| input.path.as_str()).collect();
                panic!("round {round}, step {step}, seed {}: {names:?} answer differently after edits", seed());
            }
        }
    }
}

#[test]
fn safe_fixes_come_to_an_end_and_mend() {
    for long in LONG_TEXTS {
        for bad in long.examples.iter().filter_map(|example| example.bad) {
            let plain = |text: &str| text.replace("⟦1 ", "").replace("⟦2 ", "").replace(['⟦', '⟧'], "");
            let mut texts: Vec<(String, String)> =
                bad.iter().map(|(name, text)| ((*name).to_owned(), plain(text))).collect();
            for round in 0.. {
                assert!(round < 5, "{}: the safe fixes never end", long.id);
                let inputs = texts.iter().map(|(name, text)| Input::new(name.as_str(), text)).collect();
                let answer = present::answer(&checkup::check(inputs, &Options::default()));
                if !apply_safe_fixes(&answer, &mut texts) {
                    break;
                }
            }
        }
    }
}

/// Applies every safe fix that overlaps no other, from the end; whether there was one.
fn apply_safe_fixes(answer: &Answer, texts: &mut [(String, String)]) -> bool {
    let mut edits: Vec<_> = answer
        .findings
        .iter()
        .filter_map(|finding| finding.fixes.iter().find(|fix| fix.safe))
        .flat_map(|fix| fix.edits.iter())
        .collect();
    edits.sort_by_key(|edit| (edit.place.file, edit.place.start.offset));
    edits.dedup_by(|later, earlier| {
        later.place.file == earlier.place.file
            && later.place.start.offset < earlier.place.end.offset.max(earlier.place.start.offset + 1)
    });
    for edit in edits.iter().rev() {
        let text = &mut texts[edit.place.file as usize].1;
        text.replace_range(edit.place.start.offset as usize..edit.place.end.offset as usize, &edit.text);
    }
    !edits.is_empty()
}
