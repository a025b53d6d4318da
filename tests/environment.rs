//! Which value of a variable a process sees, when several places set it.

use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::facts::environment::Environment;
use celery_checkup::facts::{Facts, Process, Role, StartsAs, Variant};
use celery_checkup::intake::Kind;

fn facts(files: &[(&str, &str)]) -> Facts {
    checkup::check(files.iter().map(|(name, text)| Input::new(*name, text)).collect(), &Options::default()).facts
}

fn only(facts: &Facts) -> (&Variant, &Process) {
    let mut processes = facts.processes();
    let first = processes.next().expect("a process");
    assert!(processes.next().is_none(), "only one");
    first
}

/// The value of a variable; `None` if it is set to what is not known, or not set.
fn value(process: &Process, name: &str) -> Option<String> {
    Some(process.environment.get(name)?.value.as_ref()?.whole()?.as_str().to_owned())
}

fn values(process: &Process, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| value(process, name).unwrap_or_else(|| "?".to_owned())).collect()
}

/// What the service or container itself says: an image that was not pasted may set more.
fn own<'a>(variant: &'a Variant, process: &Process) -> &'a Environment {
    &variant.container_of(process).expect("a container").environment
}

const WORKER: &str = "services:\n  worker:\n    image: shop\n    command: celery -A shop worker\n";

#[test]
fn in_compose_the_environment_wins_over_env_files_and_later_files_over_earlier() {
    let compose = format!(
        "{WORKER}    env_file:\n      - a.env\n      - path: b.env\n        required: false\n    environment:\n      C: map\n"
    );
    let facts = facts(&[("compose.yaml", &compose), ("a.env", "A=a\nB=a\nC=a\n"), ("b.env", "B=b\nC=b\n")]);
    let (variant, process) = only(&facts);
    assert_eq!(values(process, &["A", "B", "C"]), ["a", "b", "map"]);
    assert!(!own(variant, process).open);
}

#[test]
fn a_missing_env_file_leaves_the_environment_open() {
    let compose = format!("{WORKER}    env_file: secret.env\n    environment: [A=1, B]\n");
    let facts = facts(&[("compose.yaml", &compose)]);
    let (variant, process) = only(&facts);
    assert_eq!(values(process, &["A", "B"]), ["1", "?"]);
    assert!(own(variant, process).open);
}

#[test]
fn a_sample_stands_in_for_the_env_file_that_is_not_shown() {
    let compose = format!("{WORKER}    env_file: ./backend/.env\n");
    let sample = "CELERY_RESULT_BACKEND=amqp://guest:guest@rabbitmq:5672//\n";
    let files = [("compose.yaml", compose.as_str()), ("backend/.env.example", sample)];
    let inputs = files.iter().map(|(name, text)| Input::new(*name, text)).collect();
    let report = checkup::check(inputs, &Options::default());
    assert!(report.findings.iter().any(|it| it.card.id == "result-backend-amqp"), "people copy the sample");
    let (variant, process) = only(&report.facts);
    assert!(own(variant, process).open, "the real file may say more");
    let other = [("compose.yaml", compose.as_str()), ("web/.env.example", sample)];
    assert_eq!(values(only(&facts(&other)).1, &["CELERY_RESULT_BACKEND"]), ["?"], "of another program");
}

#[test]
fn compose_fills_in_from_its_env_file_only() {
    let compose = format!(
        "{WORKER}    environment:\n      A: $A\n      B: ${{B:-two}}\n      C: ${{C}}\n      D: p$$w\n      E:\n      F: x${{A:+y}}\n"
    );
    let with = [("compose.yaml", compose.as_str()), (".env", "A=1\nE=e\n")];
    let names = ["A", "B", "C", "D", "E", "F"];
    assert_eq!(values(only(&facts(&with)).1, &names), ["1", "two", "?", "p$w", "e", "xy"]);
    // What is not shown is not guessed, and an example is not the file itself.
    let without = [("compose.yaml", compose.as_str()), (".env.example", "A=1\n")];
    assert_eq!(values(only(&facts(&without)).1, &names), ["?", "?", "?", "p$w", "?", "?"]);
}

#[test]
fn a_service_has_what_it_extends_and_merges() {
    let compose = "x-env: &env\n  A: merged\n  B: merged\nservices:\n  base:\n    image: shop\n    environment:\n      C: base\n      D: base\n  worker:\n    extends: base\n    command: celery -A shop worker\n    environment:\n      <<: *env\n      B: own\n      D: own\n";
    let facts = facts(&[("compose.yaml", compose)]);
    let (variant, process) = only(&facts);
    assert_eq!(values(process, &["A", "B", "C", "D"]), ["merged", "own", "base", "own"]);
    assert!(!own(variant, process).open);
}

#[test]
fn a_service_of_another_file_may_be_extended() {
    let compose =
        "services:\n  worker:\n    extends:\n      file: common.yml\n      service: app\n    environment: [A=1]\n";
    let common =
        "services:\n  app:\n    image: shop\n    command: celery -A shop worker\n    environment: [A=0, B=0]\n";
    let both = facts(&[("compose.yaml", compose), ("common.yml", common)]);
    let (_, worker) = both.processes().find(|(_, it)| it.name == "worker").expect("the worker");
    assert_eq!(values(worker, &["A", "B"]), ["1", "0"]);
    let alone = facts(&[("compose.yaml", compose)]);
    assert!(alone.variants[0].containers[0].environment.open, "what it extends was not pasted");
}

#[test]
fn files_given_together_are_one_deployment() {
    let base = format!("{WORKER}    environment: [A=base, B=base]\n");
    let prod = "services:\n  worker:\n    environment: [A=prod]\n";
    let dev = "services:\n  worker:\n    environment: [A=dev]\n";
    let mut files = vec![("compose.yaml", base.as_str()), ("compose.prod.yaml", prod), ("compose.dev.yaml", dev)];
    let names = |facts: &Facts| -> Vec<String> { facts.variants.iter().map(|it| it.name.clone()).collect() };
    assert_eq!(names(&facts(&files)).len(), 3, "nothing says which belong together");
    files.push(("up.sh", "docker compose -f compose.yaml -f compose.prod.yaml up -d\n"));
    let found = facts(&files);
    assert_eq!(names(&found), ["compose.yaml + compose.prod.yaml", "compose.dev.yaml"]);
    assert_eq!(values(found.processes().next().expect("a process").1, &["A", "B"]), ["prod", "base"]);
}

#[test]
fn included_files_are_of_the_same_deployment() {
    let compose = format!("include:\n  - broker.yaml\n  - path: other.yaml\n{WORKER}");
    let broker = "services:\n  rabbitmq:\n    image: rabbitmq:4\n";
    let found = facts(&[("compose.yaml", &compose), ("broker.yaml", broker)]);
    assert_eq!(found.variants.len(), 1);
    assert_eq!(found.variants[0].containers.len(), 2);
}

fn deployment(container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: worker\nspec:\n  template:\n    spec:\n      containers:\n      - name: worker\n        image: shop\n        command: [celery, -A, shop, worker]\n{container}"
    )
}

#[test]
fn in_kubernetes_env_wins_over_env_from_and_fills_in_what_stands_before() {
    let workload = deployment(
        "        envFrom:\n        - configMapRef: {name: one}\n        - configMapRef: {name: two}\n          prefix: P_\n        env:\n        - {name: B, value: own}\n        - {name: URL, value: 'amqp://$(A):$$(A)@h/$(LATER)'}\n        - {name: OK, value: '$(B)-$(P_C)'}\n        - {name: LATER, value: x}\n        - {name: LATER, value: y}\n",
    );
    let maps = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {A: '1', B: map}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {C: '3'}\n";
    let found = facts(&[("k8s/worker.yaml", &workload), ("k8s/config.yaml", maps)]);
    let (variant, process) = only(&found);
    assert_eq!(
        values(process, &["A", "B", "P_C", "C", "OK", "URL", "LATER"]),
        ["1", "own", "3", "?", "own-3", "amqp://1:$(A)@h/$(LATER)", "y"]
    );
    assert!(!own(variant, process).open);
}

#[test]
fn secrets_are_read_where_they_can_be() {
    let workload = deployment(
        "        envFrom:\n        - secretRef: {name: keys, optional: true}\n        env:\n        - name: D\n          valueFrom: {secretKeyRef: {name: keys, key: PLAIN}}\n        - name: E\n          valueFrom: {configMapKeyRef: {name: gone, key: X}}\n",
    );
    let secret =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\ndata: {CODED: c2VjcmV0}\nstringData: {PLAIN: plain}\n";
    let found = facts(&[("k8s/worker.yaml", &workload), ("k8s/secret.yaml", secret)]);
    let (variant, process) = only(&found);
    assert_eq!(values(process, &["PLAIN", "CODED", "D", "E"]), ["plain", "?", "plain", "?"]);
    assert!(!own(variant, process).open);
    let alone = facts(&[("k8s/worker.yaml", &workload)]);
    let (variant, process) = only(&alone);
    assert!(own(variant, process).open, "an optional Secret may be there");
}

#[test]
fn what_is_an_argument_of_the_build_is_no_variable() {
    let dockerfile = "FROM python:3.12\nARG A=1\nENV B=2\nENV C=$A\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n";
    let found = facts(&[("Dockerfile", dockerfile)]);
    let (_, process) = only(&found);
    assert!(process.environment.get("A").is_none());
    assert_eq!(value(process, "B").as_deref(), Some("2"));
}

#[test]
fn a_container_wins_over_its_image() {
    let dockerfile = "FROM python:3.12\nENV A=image B=image\n";
    let compose =
        "services:\n  worker:\n    build: .\n    command: celery -A shop worker\n    environment: [A=service]\n";
    let found = facts(&[("Dockerfile", dockerfile), ("compose.yaml", compose)]);
    assert_eq!(values(only(&found).1, &["A", "B"]), ["service", "image"]);
}

const UNIT: &str = "[Service]\nType=forking\nUser=celery\nEnvironmentFile=-/etc/conf.d/celery\nEnvironment=A=unit \"B=a b\" C=$A%%\nWorkingDirectory=/srv/shop\nExecStart=/bin/sh -c '${CELERY_BIN} -A $CELERY_APP multi start $CELERYD_NODES \\\n    --pidfile=${CELERYD_PID_FILE} $CELERYD_OPTS'\nExecStop=/bin/sh -c '${CELERY_BIN} multi stopwait $CELERYD_NODES'\n\n[Install]\nWantedBy=multi-user.target\n";
const CELERYD: &str = "CELERY_APP=\"shop\"\nCELERYD_NODES=\"w1 w2\"\nCELERY_BIN=\"/venv/bin/celery\"\nCELERYD_PID_FILE=\"/run/%n.pid\"\nCELERYD_OPTS=\"-Q mail -c:w1 3 --time-limit=30\"\nA=file\n";

#[test]
fn a_unit_of_systemd_starts_nodes_with_its_files_over_its_environment() {
    let found = facts(&[("celery.service", UNIT), ("celery", CELERYD)]);
    let (variant, process) = only(&found);
    assert_eq!((process.role, process.kind, process.name.as_str()), (Role::Worker, Kind::Systemd, "celery"));
    assert_eq!(values(process, &["A", "B", "C"]), ["file", "a b", "$A%"]);
    let option = |long: &str| process.command.value(long).map(|it| it.as_str().to_owned());
    assert_eq!(option("--app").as_deref(), Some("shop"));
    assert_eq!(option("--queues").as_deref(), Some("mail"));
    assert_eq!(option("--time-limit").as_deref(), Some("30"));
    assert_eq!(option("--concurrency"), None, "that is of one node");
    assert!(matches!(process.starts_as(variant), StartsAs::Somebody(_)));
    let daemon = variant.daemon_of(process).expect("a daemon");
    assert_eq!(daemon.directory.as_ref().map(|it| it.as_str()), Some("/srv/shop"));
    assert_eq!(daemon.service_type.as_ref().map(|it| it.as_str()), Some("forking"));
}

#[test]
fn who_a_unit_runs_as() {
    let user = |path: &str, unit: &str| {
        let found = facts(&[(path, unit)]);
        let (variant, process) = only(&found);
        match process.starts_as(variant) {
            StartsAs::Root(_) => "root",
            StartsAs::Somebody(_) => "somebody",
            StartsAs::Unknown => "unknown",
        }
    };
    let unit = |lines: &str| format!("[Service]\nExecStart=/venv/bin/celery -A shop worker\n{lines}");
    let system = "[Install]\nWantedBy=multi-user.target\n";
    assert_eq!(user("w.service", &unit(system)), "root");
    assert_eq!(user("etc/systemd/system/w.service", &unit("")), "root");
    assert_eq!(user("etc/systemd/user/w.service", &unit(system)), "unknown");
    assert_eq!(user("w.service", &unit("[Install]\nWantedBy=default.target\n")), "unknown");
    assert_eq!(user("w.service", &unit(&format!("User=%i\n{system}"))), "unknown");
    assert_eq!(user("w.service", &unit(&format!("DynamicUser=yes\n{system}"))), "somebody");
    assert_eq!(user("w.service", &unit("User=root\n")), "root");
    assert_eq!(user("w.service", &unit("User=app\n").replace("=/venv", "=+/venv")), "root");
}

#[test]
fn an_unknown_env_file_of_a_unit_leaves_its_variables_open() {
    let found = facts(&[("celery.service", UNIT)]);
    assert!(found.processes().all(|(_, it)| it.environment.open));
}

#[test]
fn a_drop_in_changes_its_unit() {
    let drop_in = "[Service]\nUser=app\nExecStart=\nExecStart=/venv/bin/celery -A shop worker -c 2\n";
    let unit = "[Service]\nUser=root\nExecStart=/venv/bin/celery -A shop worker -c 1\n";
    let found = facts(&[("s/w.service.d/override.conf", drop_in), ("s/w.service", unit)]);
    let (variant, process) = only(&found);
    assert!(matches!(process.starts_as(variant), StartsAs::Somebody(_)));
    assert_eq!(process.command.value("--concurrency").map(|it| it.as_str()), Some("2"));
    let found = facts(&[("s/w.service.d/user.conf", "[Service]\nUser=app\n"), ("s/w.service", unit)]);
    let (variant, process) = only(&found);
    assert!(matches!(process.starts_as(variant), StartsAs::Somebody(_)));
}

#[test]
fn programs_of_supervisor_have_their_own_environment() {
    let file = "[supervisord]\nuser=root\nenvironment=A=\"main\",B=\"main\"\n[program:worker]\ncommand=celery -A shop worker -n w%(process_num)d@%%h ; one\n  -c 4\nenvironment=A=\"own\",C=\"%(ENV_X)s\"\n[program:beat]\nuser=app\ncommand=bash -c \"cd /srv && exec celery -A shop beat\"\n";
    let found = facts(&[("supervisord.conf", file)]);
    let processes: Vec<(&Variant, &Process)> = found.processes().collect();
    let [(variant, worker), (_, beat)] = processes[..] else { panic!("a worker and a beat") };
    assert_eq!(values(worker, &["A", "B", "C"]), ["own", "main", "?"]);
    assert_eq!((worker.role, beat.role, worker.kind), (Role::Worker, Role::Beat, Kind::Supervisord));
    assert!(matches!(worker.starts_as(variant), StartsAs::Root(_)), "supervisord itself runs as root");
    assert!(matches!(beat.starts_as(variant), StartsAs::Somebody(_)));
    assert_eq!(worker.command.value("--concurrency").map(|it| it.as_str()), Some("4"));
    assert!(worker.command.value("--hostname").is_some_and(|it| it.expands), "the number is not known");
}

#[test]
fn the_file_of_an_init_script_starts_workers() {
    let found = facts(&[("celeryd", &format!("{CELERYD}CELERYD_USER=\"root\"\nexport X=1\n"))]);
    let (variant, process) = only(&found);
    assert_eq!((process.role, process.kind), (Role::Worker, Kind::Celeryd));
    assert_eq!(values(process, &["X", "A"]), ["1", "?"]);
    assert!(matches!(process.starts_as(variant), StartsAs::Root(_)));
}

#[test]
fn a_mixed_paste_keeps_its_deployments_apart() {
    let found = facts(&[
        ("compose.yaml", WORKER),
        ("systemd/worker.service", UNIT),
        ("systemd/celery", CELERYD),
        ("supervisord.conf", "[program:beat]\ncommand=celery -A shop beat\n"),
    ]);
    let seen: Vec<(&str, Vec<Role>)> = found
        .variants
        .iter()
        .map(|variant| (variant.name.as_str(), variant.processes.iter().map(|it| it.role).collect()))
        .collect();
    let worker = vec![Role::Worker];
    assert_eq!(seen, [("compose.yaml", worker.clone()), ("systemd", worker), ("supervisord", vec![Role::Beat])]);
}

#[test]
fn a_unit_of_another_program_is_no_deployment_and_starts_no_image() {
    let dockerfile = "FROM python:3.12\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n";
    let compose = "services:\n  worker:\n    build: .\n";
    let files = [
        ("Dockerfile", dockerfile),
        ("compose.yaml", compose),
        ("nginx.service", "[Service]\nExecStart=/usr/sbin/nginx\n"),
        ("beat.service", "[Service]\nExecStart=/venv/bin/celery -A shop beat\n"),
    ];
    let roles = |files: &[(&str, &str)]| -> Vec<Vec<Role>> {
        facts(files).variants.iter().map(|it| it.processes.iter().map(|it| it.role).collect()).collect()
    };
    assert_eq!(roles(&files), [[Role::Worker], [Role::Beat]]);
    assert_eq!(roles(&files[..3]), [[Role::Worker]]);
}

/// What each of these addresses becomes; a hole is written `{}`.
fn addresses(files: &[(&str, &str)]) -> Vec<String> {
    let facts = facts(files);
    let scopes = facts.scopes();
    let said = scopes.flat_map(|(_, scope)| scope.said("broker_url").collect::<Vec<_>>());
    said.map(|said| said.known.text().map_or("?".to_owned(), |it| it.as_str().replace('\u{FFFC}', "{}"))).collect()
}

#[test]
fn an_env_file_is_read_as_the_program_beside_it_reads_it() {
    let env = "HOST=cache\nCELERY_BROKER_URL=\"redis://:$PW@${HOST}:${PORT:-6379}/0\"\n";
    let read = |name: &str, other: &str| addresses(&[(".env", env), (name, other)]);
    // Nobody is shown: what all that fill in agree on.
    assert_eq!(addresses(&[(".env", env)]), ["redis://:{}@cache:6379/0"]);
    let compose = "services:\n  worker:\n    image: shop\n    env_file: .env\n    environment: {PW: x}\n    command: celery -A shop worker\n";
    assert_eq!(read("compose.yaml", compose), ["redis://:x@cache:6379/0"]);
    let raw = compose.replace(".env\n", "[{path: .env, format: raw}]\n");
    assert_eq!(read("compose.yaml", &raw), ["\"redis://:$PW@${HOST}:${PORT:-6379}/0\""]);
    let script = "set -a\n. ./.env\ncelery -A shop worker\n";
    assert_eq!(read("start.sh", script), ["redis://:{}@cache:6379/0"]);
    // dotenv knows no bare `$PW` (1.2.4), environ nothing of both (0.14.0).
    let dotenv = "from dotenv import load_dotenv\nload_dotenv()\n";
    assert_eq!(read("settings.py", dotenv), ["redis://:$PW@cache:6379/0"]);
    let environ = "import environ\nenviron.Env.read_env('.env')\n";
    assert_eq!(read("settings.py", environ), ["redis://:$PW@${HOST}:${PORT:-6379}/0"]);
    let docker = "docker run --env-file=.env shop celery -A shop worker\n";
    assert_eq!(read("run.sh", docker), ["\"redis://:$PW@${HOST}:${PORT:-6379}/0\""]);
    let unit = "[Service]\nEnvironmentFile=/srv/shop/.env\nExecStart=/srv/venv/bin/celery -A shop worker\n";
    let of_unit = read("worker.service", unit);
    assert_eq!(of_unit[0], "redis://:$PW@${HOST}:${PORT:-6379}/0");
}

/// The words of an option, as the only process has it.
fn option(files: &[(&str, &str)], long: &str) -> (String, bool) {
    let facts = facts(files);
    let word = only(&facts).1.command.value(long).expect("the option").clone();
    (word.as_str().to_owned(), word.expands)
}

#[test]
fn compose_fills_in_commands_before_anything_splits_them() {
    let compose = "services:\n  worker:\n    image: shop\n    command: celery -A ${APP:-shop} worker $EXTRA -n $$N -P ${POOL?no}\n";
    let alone = [("compose.yaml", compose)];
    let with = [("compose.yaml", compose), (".env", "APP=other\nEXTRA=-c 4 -Q a,b\nPOOL=threads\n")];
    assert_eq!(option(&alone, "--app"), ("shop".to_owned(), false));
    assert_eq!(option(&alone, "--pool"), ("${POOL?no}".to_owned(), true));
    // No shell reads it.
    assert_eq!(option(&alone, "--hostname"), ("$N".to_owned(), false));
    assert_eq!(option(&with, "--app").0, "other");
    assert_eq!(option(&with, "--concurrency").0, "4");
    assert_eq!(option(&with, "--queues").0, "a,b");
    assert_eq!(option(&with, "--pool"), ("threads".to_owned(), false));
    let facts = facts(&with);
    assert!(!only(&facts).1.command.open);
    let shell = [(
        "compose.yaml",
        "services:\n  worker:\n    image: shop\n    command: [sh, -c, 'celery -A ${APP:-shop} worker -n $$N']\n",
    )];
    assert_eq!(option(&shell, "--app"), ("shop".to_owned(), false));
    assert_eq!(option(&shell, "--hostname"), ("$N".to_owned(), true));
}

#[test]
fn windows_shells_set_variables_in_their_own_ways() {
    let broker = |name: &str, text: &str| {
        let facts = facts(&[(name, text)]);
        let process = facts.processes().last().expect("a process").1.clone();
        (process.name.clone(), value(&process, "CELERY_BROKER_URL"))
    };
    let bat = "@echo off\r\nset CELERY_BROKER_URL=redis://h/0\r\nstart \"beat\" /b celery -A shop beat\r\n";
    assert_eq!(broker("start.bat", bat), ("beat".to_owned(), Some("redis://h/0".to_owned())));
    let ps1 = "$env:CELERY_BROKER_URL = \"redis://h/0\"\ncelery -A shop worker `\n  -l info\n";
    assert_eq!(broker("start.ps1", ps1), ("worker".to_owned(), Some("redis://h/0".to_owned())));
}

#[test]
fn the_kubelet_fills_in_commands_from_env() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  containers:\n    - name: w\n      image: shop\n      env: [{name: N, value: '2'}, {name: P, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n      args: [celery, -A, shop, worker, -c, $(N), -n, w@$(P), -Q, $(LATER)]\n";
    assert_eq!(option(&[("pod.yaml", pod)], "--concurrency"), ("2".to_owned(), false));
    assert_eq!(option(&[("pod.yaml", pod)], "--hostname"), ("w@$(P)".to_owned(), true));
    assert_eq!(option(&[("pod.yaml", pod)], "--queues"), ("$(LATER)".to_owned(), true));
}

#[test]
fn a_file_that_is_only_extended_is_no_deployment() {
    let common = "services:\n  celery:\n    image: shop\n    command: celery -A shop worker\n";
    let compose = "services:\n  worker:\n    extends: {file: common.yml, service: celery}\n";
    let facts = facts(&[("common.yml", common), ("compose.yml", compose)]);
    assert_eq!(only(&facts).1.name, "worker");
}

#[test]
fn a_kustomization_lays_its_patches_over_the_manifests_that_it_takes_in() {
    let base = "kind: Deployment\nmetadata: {name: worker}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: worker\n          image: shop:1\n          command: [celery, -A, shop]\n          args: [worker, -c, '2']\n          env: [{name: A, value: dev}, {name: B, value: dev}]\n          resources: {limits: {cpu: '1', memory: 1Gi}}\n";
    let patch = "kind: Deployment\nmetadata: {name: worker}\nspec:\n  replicas: 3\n  template:\n    spec:\n      securityContext: {runAsUser: 1000}\n      containers:\n        - name: worker\n          args: [worker, -c, '8']\n          env: [{name: A, value: prod}, {name: C, value: prod}]\n          resources: {limits: {memory: 2Gi}}\n";
    let overlay = "resources: [../../base]\npatches:\n  - path: worker.yaml\n";
    let files = [
        ("base/kustomization.yaml", "kind: Kustomization\nresources: [worker.yaml]\n"),
        ("base/worker.yaml", base),
        ("overlays/prod/kustomization.yaml", overlay),
        ("overlays/prod/worker.yaml", patch),
    ];
    // What `kubectl kustomize overlays/prod` prints (kustomize 5.5).
    let facts = facts(&files);
    let (variant, process) = only(&facts);
    let container = variant.container_of(process).expect("a container");
    assert_eq!(values(process, &["A", "B", "C"]), ["prod", "dev", "prod"]);
    assert_eq!(process.command.value("--concurrency").map(|word| word.as_str().to_owned()).as_deref(), Some("8"));
    assert_eq!(container.copies.as_ref().map(|copies| copies.most), Some(3));
    assert_eq!(container.limits.cpu.as_ref().map(|text| text.as_str()), Some("1"));
    assert_eq!(container.limits.memory.as_ref().map(|text| text.as_str()), Some("2Gi"));
    assert!(matches!(process.starts_as(variant), StartsAs::Somebody(_)));
}

#[test]
fn a_kustomization_generates_patches_and_renames() {
    let files = [
        (
            "base/kustomization.yaml",
            "resources: [worker.yaml, redis.yaml]\nnamePrefix: shop-\ncommonLabels: {team: a}\nconfigMapGenerator:\n  - name: app\n    literals: [A=base, 'Q=\"a b\"', \"R= x \"]\n    envs: [app.env]\nsecretGenerator:\n  - name: keys\n    literals: [S=one]\n",
        ),
        ("base/app.env", "# c\nE1=\"1\"\nE2= two # no\n E3=3\n"),
        (
            "base/worker.yaml",
            "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: worker, labels: {app: worker}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: worker\n          image: shop:1\n          args: [celery, -A, shop, worker]\n          envFrom: [{configMapRef: {name: app}}, {secretRef: {name: keys}, prefix: P_}]\n          env: [{name: X, value: \"1\"}, {name: V, value: \"$(Y)\"}]\n---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: beat}\nspec: {template: {spec: {containers: [{name: beat, image: shop:1, args: [celery, beat]}]}}}\n",
        ),
        ("base/redis.yaml", "kind: Service\napiVersion: v1\nmetadata: {name: redis}\n"),
        (
            "c/kustomization.yaml",
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches:\n  - path: ops.json\n    target: {kind: Deployment, name: work.*}\n",
        ),
        (
            "c/ops.json",
            "[{\"op\": \"add\", \"path\": \"/spec/template/spec/containers/0/args/-\", \"value\": \"-c\"},\n {\"op\": \"add\", \"path\": \"/spec/template/spec/containers/0/args/-\", \"value\": \"8\"}]\n",
        ),
        (
            "over/kustomization.yaml",
            "resources: [../base]\ncomponents: [../c]\nnameSuffix: -prod\nconfigMapGenerator:\n  - {name: app, behavior: merge, literals: [A=prod]}\nsecretGenerator:\n  - {name: keys, behavior: replace, literals: [S=two]}\npatches:\n  - target: {kind: Deployment, name: shop-worker}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/env/0/value\n        value: \"2\"\n  - target: {labelSelector: \"app=worker,team=a\"}\n    patch: |-\n      kind: Deployment\n      metadata: {name: whatever}\n      spec: {template: {spec: {containers: [{name: worker, env: [{name: Y, value: \"y\"}]}]}}}\n  - patch: |-\n      $patch: delete\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: beat}\nreplicas: [{name: worker, count: 2}]\nimages: [{name: shop, newName: r/shop, newTag: \"2.0\"}]\n",
        ),
    ];
    // What `kubectl kustomize over` prints (kustomize 5.5).
    let facts = facts(&files);
    let (variant, process) = only(&facts);
    let container = variant.container_of(process).expect("a container");
    assert_eq!(values(process, &["A", "Q", "R", "P_S"]), ["prod", "a b", " x ", "two"]);
    assert_eq!(values(process, &["E1", "E2", "E3"]), ["\"1\"", " two # no", "3"]);
    assert_eq!(values(process, &["Y", "X", "V"]), ["y", "2", "y"]);
    assert!(!container.environment.open && !container.is_template);
    assert_eq!(container.copies.as_ref().map(|copies| copies.most), Some(2));
    assert_eq!(container.image.as_ref().map(|image| image.as_str()), Some("r/shop:2.0"));
    assert_eq!(process.command.value("--concurrency").map(|word| word.as_str().to_owned()).as_deref(), Some("8"));
    assert_eq!(variant.services.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["shop-redis-prod"]);
}

/// Every process with its container's name, sub-command and options.
fn started(files: &[(&str, &str)]) -> Vec<String> {
    let facts = facts(files);
    let started = facts.processes().map(|(_, process)| {
        let options = ["--app", "--concurrency", "--loglevel"].into_iter();
        let words = options.filter_map(|name| process.command.value(name)).map(|word| word.as_str());
        let words: Vec<&str> = words.collect();
        let subcommand = process.command.subcommand.as_ref().map_or("", |it| it.as_str());
        format!("{} {subcommand} {}", process.name, words.join(" "))
    });
    started.collect()
}

#[test]
fn compose_merges_entrypoint_and_command_each_for_itself() {
    let common = "services:\n  base:\n    image: shop\n    entrypoint: [celery, -A, shop]\n    command: [worker]\n";
    let compose = "services:\n  w1:\n    extends: {file: common.yml, service: base}\n    command: [worker, -c, '2']\n  other:\n    image: shop\n    entrypoint: /e.sh\n    command: celery -A shop beat\n  w2:\n    extends: other\n    entrypoint: []\n    command: celery -A shop worker\n  w3:\n    extends: other\n    command: null\n  w4:\n    extends: other\n    entrypoint:\n  w5:\n    extends: other\n    command: []\n";
    let over = "services:\n  other:\n    command: !override [celery, -A, x, worker]\n  w4:\n    command: !reset null\n";
    // As `docker compose config` prints it (2.40.3).
    let files = [("common.yml", common), ("compose.yaml", compose)];
    assert_eq!(started(&files), ["w1 worker shop 2", "other beat shop", "w2 worker shop", "w4 beat shop"]);
    let files = [("common.yml", common), ("compose.yaml", compose), ("compose.override.yaml", over)];
    assert_eq!(started(&files), ["w1 worker shop 2", "other worker x", "w2 worker shop"]);
}

#[test]
fn arguments_stand_behind_the_entrypoint_of_the_image() {
    let image = "FROM python:3.12\nENTRYPOINT [\"celery\", \"-A\", \"shop\"]\nCMD [\"worker\", \"-c\", \"3\"]\n";
    let compose = "services:\n  a: {build: ., image: shop:1, command: worker -l debug}\n  b: {image: 'shop:1'}\n  c: {build: ., command: beat}\n  d: {build: ., entrypoint: [], command: celery -A x worker}\n  e: {build: ., entrypoint: [celery, -A, x, status]}\n";
    assert_eq!(
        started(&[("Dockerfile", image), ("compose.yml", compose)]),
        ["a worker shop debug", "b worker shop 3", "c beat shop", "d worker x", "e status x"]
    );
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: shop, args: [worker, -l, debug]}\n  - {name: b, image: shop}\n  - {name: c, image: shop, args: [gunicorn]}\n";
    assert_eq!(started(&[("Dockerfile", image), ("pod.yaml", pod)]), ["a worker shop debug", "b worker shop 3"]);
}

#[test]
fn an_entry_script_may_start_nothing_of_celery() {
    let image = "FROM python:3.12\nENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n";
    let web = "FROM python:3.12\nENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"gunicorn\", \"shop.wsgi\"]\n";
    let script = "#!/bin/sh\npython manage.py migrate\nexec \"$@\"\n";
    assert_eq!(only(&facts(&[("Dockerfile", image), ("entrypoint.sh", script)])).1.role, Role::Worker);
    assert_eq!(facts(&[("Dockerfile", web), ("entrypoint.sh", script)]).processes().count(), 0);
}

/// The pool of the only process, and whether a variable may say otherwise.
fn pool(files: &[(&str, &str)]) -> Option<(String, bool)> {
    let facts = facts(files);
    let pool = only(&facts).1.option("--pool").and_then(|given| given.text())?;
    Some((pool.as_str().to_owned(), pool.fallback().is_some()))
}

#[test]
fn a_default_in_a_shell_holds_unless_its_variable_is_set() {
    let script = |lines: &str| pool(&[("start.sh", lines)]);
    let gevent = |is_fallback| Some(("gevent".to_owned(), is_fallback));
    for lines in [
        "celery -A p worker -P ${POOL:-gevent}",
        "celery -A p worker --pool=\"${POOL-gevent}\"",
        "source .env\ncelery -A p worker -P ${POOL:-\"gevent\"}",
        "POOL=${POOL:-gevent}\ncelery -A p worker -P $POOL",
        ": \"${POOL:=gevent}\"\nexec celery -A p worker -P \"$POOL\"",
        "D=gevent\nexport POOL=\"${POOL:-$D}\"\nsh -c 'celery -A p worker -P ${POOL}'",
        "ARGS=\"${ARGS:--A p worker -P gevent}\"\ncelery $ARGS",
        "[ -z \"$POOL\" ] && POOL=gevent\ncelery -A p worker -P $POOL",
        "if [ -z \"${POOL}\" ]; then\n  export POOL=gevent\nfi\ncelery -A p worker -P $POOL",
    ] {
        // `sh -c` in a script sees only what the script hands on.
        let expected = if lines.contains("sh -c") { None } else { gevent(true) };
        assert_eq!(script(lines), expected, "{lines}");
    }
    for lines in [
        "POOL=solo\nPOOL=${POOL:+gevent}\ncelery -A p worker -P ${POOL:?none}",
        "POOL=\ncelery -A p worker -P ${POOL:-gevent}",
    ] {
        assert_eq!(script(lines), gevent(false), "{lines}");
    }
    for lines in [
        "celery -A p worker -P ${POOL:+gevent}",
        "celery -A p worker -P ${POOL%gevent}",
        "if [ -z \"$POOL\" ]; then POOL=gevent; else POOL=solo; fi\ncelery -A p worker -P $POOL",
        "if [ -z \"$OTHER\" ]; then POOL=gevent; fi\ncelery -A p worker -P $POOL",
        "set POOL=gevent\ncelery -A p worker -P %POOL%",
        "if x; then POOL=solo; fi\ncelery -A p worker -P ${POOL:-gevent}",
        "for POOL in a b; do celery -A p worker -P ${POOL:-gevent}; done",
        "celery -A p worker -P ${1:-gevent}",
    ] {
        assert_eq!(script(lines), None, "{lines}");
    }
    let make = "POOL ?= gevent\nrun:\n\tcelery -A p worker -P ";
    assert_eq!(pool(&[("Makefile", &format!("{make}$(POOL)\n"))]), gevent(true));
    assert_eq!(pool(&[("Makefile", "run:\n\tcelery -A p worker -P $${POOL:-gevent}\n")]), gevent(true));
}

#[test]
fn a_shell_finds_what_the_environment_says() {
    let gevent = Some(("gevent".to_owned(), false));
    let image = |cmd: &str| format!("FROM python:3.12\nENV POOL=gevent ARGS=\"-A p worker -P gevent\"\n{cmd}\n");
    for cmd in [
        "CMD celery -A p worker -P $POOL",
        "CMD celery -A p worker -P ${POOL:-solo}",
        "CMD celery $ARGS",
        "CMD [\"sh\", \"-c\", \"celery -A p worker -P ${POOL}\"]",
    ] {
        assert_eq!(pool(&[("Dockerfile", &image(cmd))]), gevent, "{cmd}");
    }
    assert_eq!(pool(&[("Dockerfile", &image("CMD celery \"$ARGS\""))]), None);
    let of_argument = "FROM python:3.12\nARG POOL=gevent\nENV POOL=$POOL\nCMD celery -A p worker -P $POOL\n";
    assert_eq!(pool(&[("Dockerfile", of_argument)]), None);
    let workflow = "env: {POOL: gevent}\njobs: {t: {steps: [{run: celery -A p worker -P $POOL}]}}\n";
    assert_eq!(pool(&[(".github/workflows/ci.yml", workflow)]), gevent);
    let compose = |command: &str| {
        format!(
            "services:\n  w:\n    build: .\n    command: {command}\n    environment:\n      POOL: gevent\n      WORD: worker -P gevent\n"
        )
    };
    let script = ("start.sh", "exec celery -A p worker -P ${POOL:-solo}\n");
    for command in [
        "sh -c \"celery -A p worker -P $$POOL\"",
        "sh -c \"celery -A p worker -P $${POOL:-solo}\"",
        "sh -c \"celery -A p $$WORD\"",
    ] {
        assert_eq!(pool(&[("compose.yaml", &compose(command))]), gevent, "{command}");
    }
    assert_eq!(pool(&[("compose.yaml", &compose("./start.sh")), script]), gevent);
    // Compose itself fills these in, from what it was started with.
    for command in ["sh -c \"celery -A p worker -P ${POOL}\"", "celery -A p worker -P ${POOL}"] {
        assert_eq!(pool(&[("compose.yaml", &compose(command))]), None, "{command}");
    }
    let words = ("start.sh", "exec celery -A p $WORD -l info\n");
    assert_eq!(pool(&[("compose.yaml", &compose("./start.sh")), words]), gevent);
    // What the script may set itself is not known.
    let own = ("start.sh", "read POOL\ncelery -A p worker -P $POOL\n");
    assert_eq!(pool(&[("compose.yaml", &compose("./start.sh")), own]), None);
    let service = "services:\n  w:\n    image: x\n    command: ./start.sh\n    environment: {ROLE: beat}\n";
    let start = ("start.sh", "exec celery -A p ${ROLE:-worker} -l info\n");
    let facts = facts(&[("compose.yaml", service), start]);
    assert_eq!(only(&facts).1.role, Role::Beat);
    let unit = "[Service]\nEnvironment=POOL=gevent\nExecStart=/bin/sh -c 'celery -A p worker -P ";
    assert_eq!(pool(&[("w.service", &format!("{unit}${{POOL:-solo}}'\n"))]), gevent);
    assert_eq!(pool(&[("w.service", &format!("{unit}$$POOL'\n"))]), gevent);
}

#[test]
fn what_an_entry_script_exports_wins() {
    let compose = "services:\n  worker:\n    build: .\n    command: celery -A shop worker\n    environment:\n      \
                   REDIS_URL: redis://redis:6379/0\n      CELERY_BROKER_URL: redis://localhost:6379/0\n";
    let script = "#!/bin/sh\nexport CELERY_BROKER_URL=\"${REDIS_URL}\"\nif [ -z \"$USER\" ]; then\n  export USER=shop\nfi\n\
                  export HOME=\"$(pwd)\"\nexec \"$@\"\n";
    let dockerfile = "FROM python:3.12\nCOPY docker/entrypoint /entrypoint\nENTRYPOINT [\"/entrypoint\"]\n";
    let facts = facts(&[("compose.yaml", compose), ("docker/entrypoint", script), ("Dockerfile", dockerfile)]);
    let (_, process) = only(&facts);
    // What stands behind a test for an empty variable is its default.
    assert_eq!(values(process, &["CELERY_BROKER_URL", "USER", "HOME"]), ["redis://redis:6379/0", "shop", "?"]);
}

#[test]
fn scripts_of_one_name_are_told_apart_by_their_folders() {
    let compose = "services:\n  worker:\n    image: shop\n    command: docker/worker/run.sh\n    \
                   environment: {A: w}\n  timer:\n    image: shop\n    command: ./docker/beat/run.sh\n    environment: {A: b}\n";
    let facts = facts(&[
        ("app/compose.yaml", compose),
        ("app/docker/worker/run.sh", "#!/bin/sh\nexec celery -A shop worker\n"),
        ("app/docker/beat/run.sh", "#!/bin/sh\nexec celery -A shop beat\n"),
    ]);
    let found: Vec<_> = facts.processes().map(|(_, it)| (it.name.clone(), value(it, "A"))).collect();
    assert_eq!(found, [("worker".to_owned(), Some("w".to_owned())), ("timer".to_owned(), Some("b".to_owned()))]);
}

#[test]
fn what_an_entry_script_is_given_chooses_the_branch_of_its_case() {
    let compose = "services:\n  work:\n    build: .\n    command: celery\n  time:\n    build: .\n    \
                   command: celery-beat\n  site:\n    build: .\n    command: web\n";
    let script = "#!/bin/sh\ncase $1 in\n  \"celery\")\n    celery -A shop worker\n    ;;\n  timer|celery-beat)\n    \
                  celery -A shop beat\n    ;;\n  web) gunicorn shop ;;\nesac\n";
    let dockerfile = "FROM python:3.12\nCOPY entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]\n";
    let facts = facts(&[("compose.yaml", compose), ("entrypoint.sh", script), ("Dockerfile", dockerfile)]);
    let found: Vec<_> = facts.processes().map(|(_, it)| (it.name.clone(), it.role)).collect();
    assert_eq!(found, [("work".to_owned(), Role::Worker), ("time".to_owned(), Role::Beat)]);
}

#[test]
fn a_file_of_the_project_may_hand_its_arguments_to_celery() {
    let compose = "services:\n  work:\n    image: shop\n    command: python tasks.py worker -B --loglevel=info\n  \
                   site:\n    image: shop\n    command: python site.py worker\n";
    let tasks = "from shop import app\n\nif __name__ == \"__main__\":\n    app.start()\n";
    let facts = facts(&[("compose.yaml", compose), ("tasks.py", tasks), ("site.py", "import shop\n")]);
    let (_, process) = only(&facts);
    assert_eq!((process.name.as_str(), process.role), ("work", Role::Worker));
    assert!(process.command.has("--beat"));
}
