//! What the facts say of whole deployments: variants, scopes, and when a missing setting is really missing.

use celery_checkup::checkup::{self, Input, Options, Report};
use celery_checkup::facts::tasks::{How, MadeBy, Shape};
use celery_checkup::facts::{Answer, Facts, Scope};

fn report(files: &[(&str, &str)]) -> Report {
    checkup::check(files.iter().map(|(name, text)| Input::new(*name, text)).collect(), &Options::default())
}

fn values(scope: &Scope, name: &str) -> Vec<String> {
    scope.said(name).filter_map(|said| said.known.whole_text().map(|text| text.as_str().to_owned())).collect()
}

const COMPOSE: &str = "services:\n  worker:\n    image: shop\n    command: celery -A shop worker\n    environment:\n      REDIS: redis://cache\n";

#[test]
fn two_compose_files_are_alternatives_and_an_override_is_not() {
    let files = [
        ("docker-compose.yml", COMPOSE),
        ("docker-compose.prod.yml", COMPOSE),
        ("docker-compose.override.yml", "services:\n  worker:\n    user: app\n"),
    ];
    let facts = report(&files).facts;
    let processes: Vec<usize> = facts.variants.iter().map(|variant| variant.processes.len()).collect();
    assert_eq!(processes, [1, 1], "each variant has its one worker");
    let users: Vec<bool> = facts.variants.iter().map(|variant| variant.containers[0].user.is_some()).collect();
    assert_eq!(users, [true, false], "the override belongs to the file it is named after");
}

#[test]
fn settings_for_two_environments_are_alternatives() {
    let files = [
        ("settings/base.py", "CELERY_TIMEZONE = 'UTC'\n"),
        ("settings/prod.py", "CELERY_RESULT_BACKEND = 'redis://'\n"),
        ("settings/dev.py", "CELERY_RESULT_BACKEND = 'rpc://'\n"),
    ];
    let facts = report(&files).facts;
    let backends: Vec<Vec<String>> = facts.scopes().map(|(_, scope)| values(scope, "result_backend")).collect();
    assert_eq!(backends, [["redis://"], ["rpc://"]]);
}

#[test]
fn the_environment_of_a_container_reaches_the_code() {
    let settings = "import os\nCELERY_RESULT_BACKEND = os.environ['REDIS'] + '/0'\n";
    let facts = report(&[("compose.yaml", COMPOSE), ("settings.py", settings)]).facts;
    let (_, scope) = facts.scopes().next().expect("the worker has a scope");
    assert_eq!(values(scope, "result_backend"), ["redis://cache/0"]);
}

#[test]
fn a_stronger_source_overrules_code() {
    let settings = "CELERY_RESULT_BACKEND = 'amqp://'\n";
    let compose = COMPOSE.replace("REDIS: ", "CELERY_RESULT_BACKEND: ");
    let report = report(&[("compose.yaml", &compose), ("settings.py", settings)]);
    assert!(report.findings.iter().all(|it| it.card.id != "result-backend-amqp"));
}

#[test]
fn only_a_closed_scope_knows_what_is_missing() {
    let app = "from celery import Celery\napp = Celery('shop', broker='amqp://rabbit//')\n";
    let image = "FROM python:3.12\nUSER 10001\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n";
    let open = report(&[("shop.py", app), ("Dockerfile", image)]);
    let (_, scope) = open.facts.scopes().next().expect("a scope");
    assert!(matches!(scope.answer("broker_url"), Answer::Said(_)));
    // `docker run -e` may set more.
    assert!(matches!(scope.answer("result_backend"), Answer::NotShown));
    let compose = "services:\n  worker:\n    build: .\n";
    let closed = report(&[("shop.py", app), ("Dockerfile", image), ("compose.yaml", compose)]);
    let (_, scope) = closed.facts.scopes().next().expect("a scope");
    assert!(matches!(scope.answer("result_backend"), Answer::Default));
    // An image that was not pasted may set variables.
    let unknown = report(&[("shop.py", app), ("compose.yaml", COMPOSE)]);
    let (_, scope) = unknown.facts.scopes().next().expect("a scope");
    assert!(matches!(scope.answer("result_backend"), Answer::NotShown));
    // A settings module that was not pasted may set anything.
    let configured = format!("{app}app.config_from_object('shop.settings')\n");
    let elsewhere = report(&[("shop.py", &configured), ("Dockerfile", image), ("compose.yaml", compose)]);
    let (_, scope) = elsewhere.facts.scopes().next().expect("a scope");
    assert!(matches!(scope.answer("result_backend"), Answer::NotShown));
    let star = report(&[("shop.py", &format!("from x import *\n{app}"))]);
    let (_, scope) = star.facts.scopes().next().expect("a scope");
    assert_eq!(scope.open_at.len(), 1);
}

#[test]
fn the_command_line_and_its_variables_overrule_settings() {
    let settings = "from celery import Celery\napp = Celery('shop')\nCELERY_WORKER_CONCURRENCY = 16\nCELERY_TASK_TIME_LIMIT = 60\nCELERY_WORKER_POOL = 'threads'\n";
    let compose = "services:\n  worker:\n    image: shop\n    command: celery -A shop worker -c 2 --concurrency=8 -E -P prefork\n    environment:\n      CELERY_WORKER_TIME_LIMIT: \"1_800\"\n      CELERY_WORKER_CONCURRENCY: \"3\"\n";
    let numbers = |report: &Report, name: &str| -> Vec<Option<f64>> {
        let (_, scope) = report.facts.scopes().next().expect("the worker has a scope");
        scope.said(name).map(|said| said.number()).collect()
    };
    let newest = report(&[("compose.yaml", compose), ("settings.py", settings)]);
    assert_eq!(numbers(&newest, "worker_concurrency"), [Some(8.0)], "the last use holds, and the variable does not");
    assert_eq!(numbers(&newest, "task_time_limit"), [Some(1800.0)]);
    let (_, scope) = newest.facts.scopes().next().expect("the worker has a scope");
    assert_eq!(scope.said("worker_send_task_events").next().and_then(|said| said.boolean()), Some(true));
    assert_eq!(values(scope, "worker_pool"), ["threads"], "prefork is the option's default and overrules nothing");
    // Celery 4 reads no variables for options.
    let old = report(&[("compose.yaml", compose), ("settings.py", settings), ("requirements.txt", "celery==4.4.7\n")]);
    assert_eq!(numbers(&old, "task_time_limit"), [Some(60.0)]);
}

#[test]
fn a_pasted_script_tells_what_its_container_starts() {
    let script = "#!/bin/bash\nset -e\nexport C_FORCE_ROOT=1\ncase \"$1\" in\n  worker) exec celery -A shop worker ;;\n  beat) exec celery -A shop beat ;;\nesac\n";
    let compose = "services:\n  tasks:\n    image: shop\n    entrypoint: /bin/bash /app/start.sh\n    command: worker\n    user: app\n";
    let facts = report(&[("compose.yaml", compose), ("start.sh", script)]).facts;
    let processes: Vec<_> = facts.processes().map(|(_, process)| process).collect();
    assert_eq!(processes.len(), 1, "the script runs in the container, and not beside it");
    assert_eq!(processes[0].name, "tasks");
    assert!(processes[0].environment.get("C_FORCE_ROOT").is_some(), "what the script exports");
}

/// The text of every value that a setting may have in the only scope.
fn only(files: &[(&str, &str)], name: &str) -> Vec<String> {
    let facts = report(files).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    scope.said(name).map(|said| said.known.at.as_str().to_owned()).collect()
}

#[test]
fn names_cross_files() {
    let base =
        ("proj/settings/base.py", "HOST = 'rabbit'\nCELERY_BROKER_URL = 'amqp://' + HOST\nCELERY_TIMEZONE = 'UTC'\n");
    let star = (
        "proj/settings/production.py",
        "from .base import *\nCELERY_TIMEZONE = 'Asia/Seoul'\nCELERY_RESULT_BACKEND = f'redis://{HOST}'\n",
    );
    let facts = report(&[base, star]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    assert_eq!(values(scope, "broker_url"), ["amqp://rabbit"]);
    assert_eq!(values(scope, "result_backend"), ["redis://rabbit"]);
    assert_eq!(values(scope, "timezone"), ["Asia/Seoul"], "the later file overrules the base");
    assert!(scope.open_at.is_empty(), "everything that the star brings was pasted");
    let one = (
        "proj/celery.py",
        "from celery import Celery\nfrom proj.settings.base import HOST\napp = Celery('x', broker='amqp://' + HOST)\n",
    );
    assert_eq!(only(&[base, one], "broker_url").len(), 2);
}

#[test]
fn a_cut_off_circle_of_imports_ends() {
    let a = ("a.py", "from b import *\nCELERY_BROKER_URL = X\n");
    let b = ("b.py", "from a import *\nX = 'amqp://h'\n");
    assert!(!report(&[a, b]).facts.variants.is_empty());
}

#[test]
fn classes_are_settings_too() {
    let class = "from celery import Celery\nclass Config:\n    HOST = 'h'\n    broker_url = 'amqp://' + HOST\nclass Test(Config):\n    broker_url = 'memory://'\napp = Celery('x')\napp.config_from_object(Test)\n";
    assert_eq!(only(&[("app.py", class)], "broker_url").len(), 1);
    let filled = "from pydantic_settings import BaseSettings\nfrom celery import Celery\nclass Settings(BaseSettings):\n    redis: str = 'redis://h'\nsettings = Settings()\napp = Celery('x', broker=settings.redis)\n";
    let facts = report(&[("app.py", filled)]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    assert_eq!(values(scope, "broker_url"), ["redis://h"]);
    assert!(scope.said("broker_url").all(|said| said.is_conditional()), "the variable may say something else");
}

#[test]
fn every_way_to_set_something_is_seen() {
    for code in [
        "app = Celery('x', None, 'redis://h')\n",
        "app = Celery('x', result_backend='redis://h')\n",
        "app = Celery('x')\napp.conf.update(dict(result_backend='redis://h'))\n",
        "app = Celery('x')\nconf = app.conf\nconf.result_backend = 'redis://h'\n",
        "app = Celery('x')\nsetattr(app.conf, 'result_backend', 'redis://h')\n",
        "base = {'result_backend': 'redis://h'}\napp = Celery('x')\napp.config_from_object({**base, 'enable_utc': True})\n",
        "def make():\n    url = 'redis://h'\n    app = Celery('x')\n    app.conf['result_backend'] = url\n    return app\n",
    ] {
        let code = format!("from celery import Celery\n{code}");
        let facts = report(&[("app.py", &code)]).facts;
        let (_, scope) = facts.scopes().next().expect("a scope");
        assert_eq!(values(scope, "result_backend"), ["redis://h"], "{code}");
    }
}

#[test]
fn a_schedule_is_read_entry_by_entry() {
    use celery_checkup::facts::schedule::{self, When};
    let settings = "from datetime import timedelta\nfrom celery.schedules import crontab as cron\n\
        HOURLY = cron(minute=0)\nbeat_schedule = {\n\
        'a': {'task': 'shop.a', 'schedule': HOURLY, 'options': {'queue': 'mail'}},\n\
        'b': {'task': 'shop.b', 'schedule': timedelta(minutes=1, seconds=30)},\n\
        'c': {'task': 'shop.c', 'schedule': '30', **MORE},\n}\n";
    let facts = report(&[("celeryconfig.py", settings)]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    let schedule = schedule::schedules(scope).next().expect("a schedule");
    let entries = schedule.entries.expect("a dictionary");
    let tasks: Vec<&str> = entries.iter().filter_map(|entry| Some(entry.task()?.as_str())).collect();
    assert_eq!(tasks, ["shop.a", "shop.b", "shop.c"]);
    assert!(matches!(entries[0].when(), When::Crontab(crontab) if crontab.numbers("minute") == Some(vec![0])));
    assert!(matches!(entries[1].when(), When::Every(seconds) if (seconds - 90.0).abs() < 1e-9));
    assert!(matches!(entries[2].when(), When::Text(_)));
    assert_eq!(entries.iter().map(|entry| entry.is_whole).collect::<Vec<bool>>(), [true, true, false]);
    let queue = entries[0].option("queue").and_then(|known| known.whole_text()).map(|text| text.as_str());
    assert_eq!(queue, Some("mail"));
}

#[test]
fn what_workers_consume_is_known_only_where_all_of_them_are() {
    use celery_checkup::facts::queues::Consumption;
    let settings = "from celery import Celery\nfrom kombu import Queue\napp = Celery('shop')\n\
        app.conf.task_queues = [Queue('celery'), Queue('mail')]\n";
    let service =
        |name: &str, options: &str| format!("  {name}:\n    image: shop\n    command: celery worker{options}\n");
    let consumed = |services: &[String]| {
        let compose = format!("services:\n{}", services.concat());
        let facts = report(&[("shop.py", settings), ("compose.yaml", &compose)]).facts;
        Consumption::of(&facts.variants[0]).map(|consumption| Vec::from_iter(consumption.names))
    };
    assert_eq!(consumed(&[service("one", " -Q video")]), Some(vec!["video".to_owned()]));
    assert_eq!(consumed(&[service("one", " -X mail")]), Some(vec!["celery".to_owned()]));
    assert_eq!(consumed(&[service("one", " -Q video"), service("two", " -Q $QUEUES")]), None);
}

#[test]
fn replicas_and_mounts_belong_to_their_container() {
    let compose = "services:\n  beat:\n    image: shop\n    command: celery beat\n    read_only: true\n\
        \x20   volumes: [data:/data]\n    deploy:\n      replicas: 2\n";
    let facts = report(&[("compose.yaml", compose)]).facts;
    let container = &facts.variants[0].containers[0];
    assert_eq!(container.copies.as_ref().map(|copies| copies.most), Some(2));
    assert!(container.storage.refuses("/var/run/beat").is_some());
    assert!(container.storage.refuses("/data/beat").is_none() && container.storage.refuses("beat").is_none());
}

fn code(files: &[(&str, &str)]) -> Facts {
    report(files).facts
}

#[test]
fn tasks_are_told_from_other_functions() {
    let facts = code(&[(
        "shop/tasks.py",
        "from celery import Celery, Task, shared_task\nfrom airflow.decorators import task\nimport huey\n\
         RETRIES = 5\napp = Celery('shop')\nqueue = huey.RedisHuey()\n\
         @shared_task(bind=True, max_retries=RETRIES)\ndef one(self, x, *, y=1): pass\n\
         @app.task\ndef two(): pass\n@queue.task()\ndef three(): pass\n@task\ndef four(): pass\n\
         class Five(Task):\n    name = 'five'\n    def run(self, x): pass\n",
    )]);
    let names: Vec<(&str, MadeBy)> = facts.tasks().map(|(_, task)| (task.name.as_str(), task.made_by)).collect();
    assert_eq!(names, [("one", MadeBy::SharedTask), ("two", MadeBy::AppTask), ("Five", MadeBy::Class)]);
    let (_, one) = facts.tasks().next().expect("the first task");
    assert_eq!(one.is_bound(), Some(true));
    assert_eq!(one.open_parameters().map(<[_]>::len), Some(2), "self is no parameter that a caller fills");
    let retries = one.option("max_retries").and_then(|option| option.known()).and_then(|known| known.truth());
    assert_eq!(retries, Some(true), "a name in a decorator is followed");
}

#[test]
fn what_is_sent_is_found_across_files() {
    let tasks = "from celery import shared_task\n@shared_task\ndef add(x, y): pass\n";
    let views = "from django.db import transaction\nfrom multiprocessing import Pool\nfrom shop import tasks\n\
                 from .tasks import add as plus\nfrom .models import Order\n\
                 def view(request):\n    pool = Pool()\n    pool.apply_async(print, (1,))\n    \
                 order = Order.objects.get(pk=1)\n    with transaction.atomic():\n        \
                 order.save()\n        plus.delay(order, 2)\n        transaction.on_commit(lambda: tasks.add.delay(1, 2))\n    \
                 tasks.add.apply_async(args=[1, 2], kwargs={'z': 3}, countdown=5)\n";
    let facts = code(&[("shop/tasks.py", tasks), ("shop/views.py", views)]);
    let sendings = &facts.python_code[1].sendings;
    assert_eq!(sendings.len(), 3, "the pool is not Celery's");
    assert!(sendings.iter().all(|sending| sending.task.is_some()));
    let of_orm = matches!(sendings[0].arguments.positional[0].shape, Shape::OrmObject(_));
    assert!(of_orm && sendings[0].transaction.is_some() && !sendings[0].is_later);
    assert!(sendings[1].is_later, "a lambda runs after the commit");
    assert_eq!((sendings[2].how, sendings[2].transaction.is_some()), (How::ApplyAsync, false));
    assert_eq!(sendings[2].arguments.positional.len() + sendings[2].arguments.named.len(), 3);
    assert_eq!(sendings[2].options.len(), 1);
}

#[test]
fn retries_know_the_handlers_around_them() {
    let facts = code(&[(
        "tasks.py",
        "from celery import shared_task\n@shared_task(bind=True)\ndef one(self):\n    try:\n        try:\n            \
         work()\n        except KeyError as error:\n            raise self.retry(exc=error)\n    \
         except Exception:\n        pass\n    try:\n        work()\n    except Exception:\n        self.retry()\n",
    )]);
    let swallowed: Vec<bool> = facts.python_code[0].retries.iter().map(|retry| retry.swallowed_by.is_some()).collect();
    assert_eq!(swallowed, [true, false]);
}

#[test]
fn only_results_of_tasks_are_results() {
    let facts = code(&[(
        "tasks.py",
        "from celery import chord, group, shared_task\n@shared_task\ndef one(x): pass\n\
         def view(request, cache):\n    cache.get('x')\n    later = one.delay(1)\n    later.get()\n    \
         later = {}\n    later.get('x')\n    one.apply().get()\n    jobs = group(one.s(n) for n in range(3))\n    \
         jobs().join()\n    chord(one.s(1), one.s(2))\n    (group(one.s(1)) | one.si(2)).delay().state\n",
    )]);
    let file = &facts.python_code[0];
    let methods: Vec<&str> = file.reads.iter().map(|read| read.method.as_str()).collect();
    assert_eq!(methods, ["get", "join", "state"]);
    assert_eq!(file.chords.len(), 2);
    assert!(file.chords.iter().all(|chord| chord.header.iter().all(|signature| signature.task.is_some())));
}

#[test]
fn the_version_of_rabbitmq_that_the_reader_names_is_asked_for() {
    let found = |rabbitmq: &str, celery: &str| {
        let files = vec![Input::new("Procfile", "worker: celery -A shop -b amqp://rabbit// worker\n")];
        let version = celery_checkup::catalogue::version::Version::parse;
        let options = Options { celery: version(celery), rabbitmq: version(rabbitmq), ..Options::default() };
        checkup::check(files, &options).findings.iter().any(|it| it.card.id == "rabbitmq-refuses-control-queues")
    };
    assert!(found("4.3.0", "5.5.3"));
    assert!(!found("4.2.1", "5.5.3"));
    assert!(!found("4.3.0", "5.7.0"));
}

#[test]
fn what_a_class_for_tests_sets_is_for_tests() {
    let config = "class Config:\n    CELERY_RESULT_BACKEND = 'redis://'\n\n\
                  class TestConfig(Config):\n    CELERY_RESULT_BACKEND = 'cache+memory://'\n";
    let facts = report(&[("config.py", config)]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    let tests: Vec<bool> = scope.said("result_backend").map(|said| said.is_for_tests()).collect();
    assert_eq!(tests, [false, true]);
}

/// Every process: its role, and the value of `--app`.
fn processes(files: &[(&str, &str)]) -> Vec<String> {
    let facts = report(files).facts;
    let all = facts.variants.iter().flat_map(|variant| &variant.processes);
    all.map(|it| format!("{:?} {}", it.role, it.command.value("--app").map_or("-", |app| app.as_str()))).collect()
}

#[test]
fn probes_are_seen_where_nothing_else_shows_celery() {
    let compose = "services:\n  worker:\n    image: shop\n    command: worker\n    healthcheck:\n      test: [CMD, celery, -A, a, inspect, ping]\n";
    assert_eq!(processes(&[("compose.yaml", compose)]), ["OneOff a"]);
    let disabled = "services:\n  worker:\n    healthcheck: {disable: true}\n";
    assert_eq!(processes(&[("compose.yaml", compose), ("compose.override.yaml", disabled)]), [""; 0]);
    let image = "FROM python:3.12\nHEALTHCHECK CMD celery -A b inspect ping\nCMD [\"./run\"]\n";
    assert_eq!(processes(&[("Dockerfile", image)]), ["OneOff b"]);
    let values =
        "replicaCount: 1\nworker:\n  livenessProbe:\n    exec:\n      command: [sh, -c, celery -A c inspect ping]\n";
    assert_eq!(processes(&[("values.yaml", values)]), ["OneOff c"]);
    let entry = "until celery -A d inspect ping; do sleep 1; done\nexec celery -A d flower\n";
    let started = "services:\n  flower:\n    image: shop\n    command: ./start.sh\n";
    assert_eq!(processes(&[("compose.yaml", started), ("start.sh", entry)]), ["OneOff d", "Flower d"]);
}

#[test]
fn stretches_of_services_and_containers_start_processes() {
    let note = "```yaml\ncommand: celery -A a worker\n```\n\n```yaml\nhealthcheck:\n  test: celery -A b inspect ping\n```\n\n```yaml\nlivenessProbe:\n  exec:\n    command: [celery, -A, c, status]\n```\n\n```yaml\ncontainers:\n  - name: w\n    image: shop\n    command: [celery, -A, d, worker]\n```\n";
    let mut found = processes(&[("notes.md", note)]);
    found.sort();
    assert_eq!(found, ["OneOff b", "OneOff c", "Worker a", "Worker d"]);
}

#[test]
fn programs_of_projects_start_celery_with_their_own_app() {
    for (line, expected) in [
        ("airflow celery worker -l /var/log/worker.log --skip-serve-logs", &["Worker -"][..]),
        ("airflow celery stop", &[]),
        ("$PYTHON $HOME/manage.py celeryd -l info", &["Worker -"]),
        ("python manage.py celerybeat", &["Beat -"]),
        ("python manage.py celery_reload -A shop", &[]),
        ("nautobot-server celery beat -l INFO", &["Beat -"]),
    ] {
        assert_eq!(processes(&[("start.sh", line)]), expected, "{line}");
    }
    assert_eq!(processes(&[("crontab", "*/5 * * * * root cd /srv && celery -A shop call x\n")]), ["OneOff shop"]);
    let report = report(&[("start.sh", "airflow celery worker -l /var/log/worker.log -c four\n")]);
    assert!(report.findings.is_empty());
}

#[test]
fn workflows_start_processes() {
    let steps = "jobs:\n  t:\n    env: {CELERY_BROKER_URL: memory://}\n    steps:\n      - run: |\n          celery -A shop worker &\n";
    let facts = report(&[(".github/workflows/ci.yml", steps)]).facts;
    let (_, scope) = facts.scopes().next().expect("the worker has a scope");
    assert_eq!(values(scope, "broker_url"), ["memory://"]);
}

#[test]
fn a_module_that_makes_the_app_changes_the_settings_of_another() {
    let conf = "broker_url = 'redis://old'\nresult_backend = 'redis://old'\ntimezone = 'UTC'\n";
    let app = "from celery import Celery\nimport conf\nconf.broker_url = 'redis://new'\nsetattr(conf, 'timezone', 'Asia/Seoul')\napp = Celery('shop', task_routes={'a': conf.broker_url})\napp.config_from_object('conf')\n";
    // When this one runs cannot be told.
    let other = "from . import conf\nconf.result_backend = 'redis://new'\n";
    let command = ("run.sh", "celery -A app worker\n");
    let facts = report(&[("conf.py", conf), ("app.py", app), ("other.py", other), command]).facts;
    let (_, scope) = facts.scopes().next().expect("the worker has a scope");
    assert_eq!(values(scope, "broker_url"), ["redis://new"]);
    assert_eq!(values(scope, "timezone"), ["Asia/Seoul"]);
    assert_eq!(values(scope, "result_backend"), ["redis://old", "redis://new"]);
    assert!(scope.said("result_backend").all(|said| said.is_conditional() || said.known.whole_text().is_none()));
    let settings = "INSTALLED_APPS = []\nCELERY_BROKER_URL = 'redis://old'\n";
    let django = "from celery import Celery\nfrom django.conf import settings\nsettings.CELERY_BROKER_URL = 'redis://new'\napp = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
    // A fixture of that name is another object.
    let tests =
        "from django.conf import settings\ndef test_it(settings):\n    settings.CELERY_BROKER_URL = 'memory://'\n";
    let files = [("shop/settings.py", settings), ("shop/celery.py", django), ("shop/checks.py", tests)];
    let facts = report(&files).facts;
    let (_, scope) = facts.scopes().next().expect("the app has a scope");
    assert_eq!(values(scope, "broker_url"), ["redis://new"]);
}

#[test]
fn what_a_function_sets_leaves_what_the_module_sets_possible() {
    let app = "from celery import Celery\nfrom celery.signals import worker_init\napp = Celery('shop')\napp.conf.timezone = 'UTC'\n@worker_init.connect\ndef up(**kw):\n    app.conf.timezone = 'Asia/Seoul'\n    app.conf.result_expires = 1\n    app.conf.result_expires = 2\n";
    let facts = report(&[("app.py", app)]).facts;
    let (_, scope) = facts.scopes().next().expect("the app has a scope");
    assert_eq!(values(scope, "timezone"), ["UTC", "Asia/Seoul"]);
    assert!(scope.said("timezone").all(|said| said.is_conditional()));
    assert!(scope.said("result_expires").all(|said| !said.is_conditional()));
}

#[test]
fn an_override_is_not_read_beside_files_that_a_command_names() {
    let files = [
        ("docker-compose.yml", COMPOSE),
        ("docker-compose.prod.yml", "services:\n  worker: !override\n    command: celery -A prod worker\n"),
        ("docker-compose.override.yml", "services:\n  worker:\n    command: celery -A dev worker\n"),
        ("up.sh", "docker compose -f docker-compose.yml -f docker-compose.prod.yml up\n"),
    ];
    assert_eq!(processes(&files), ["Worker prod", "Worker dev"]);
    let reset = "services:\n  worker: !reset\n  beat:\n    command: celery -A shop beat\n";
    assert_eq!(processes(&[("compose.yml", COMPOSE), ("compose.override.yml", reset)]), ["Beat shop"]);
}

#[test]
fn a_file_that_compose_takes_alone_keeps_what_another_replaces() {
    let base = format!("{COMPOSE}  beat:\n    command: celery -A shop beat\n");
    let other = COMPOSE.replace("shop worker", "other worker");
    let script = ("up.sh", "docker compose -f compose.yml -f compose.dev.yml up\n");
    let files = [("compose.yml", base.as_str()), ("compose.dev.yml", other.as_str()), script];
    assert_eq!(processes(&files), ["Worker other", "Beat shop", "Worker shop", "Beat shop"]);
    let env = (".env", "COMPOSE_FILE=compose.yml:compose.dev.yml\n");
    assert_eq!(processes(&[files[0], files[1], script, env]), ["Worker other", "Beat shop"]);
    let user = ("compose.dev.yml", "services:\n  worker:\n    user: app\n");
    assert_eq!(processes(&[files[0], user, script]), ["Worker shop", "Beat shop"]);
}

#[test]
fn the_shell_of_an_image_fills_in_what_the_image_sets() {
    let dockerfile =
        "FROM python:3.12\nENV APP=shop LEVEL=\"a b\"\nCMD celery -A $APP worker -c ${CONC:-2} -l $LEVEL\n";
    assert_eq!(processes(&[("Dockerfile", dockerfile)]), ["Worker shop"]);
    // No shell reads the list, and another value is given to the container.
    let list = "FROM python:3.12\nENV APP=shop\nCMD [\"celery\", \"-A\", \"$APP\", \"worker\"]\n";
    assert_eq!(processes(&[("Dockerfile", list)]), ["Worker $APP"]);
    let compose = "services:\n  worker:\n    build: .\n    environment: {APP: other}\n";
    assert_eq!(processes(&[("Dockerfile", dockerfile), ("compose.yml", compose)]), ["Worker other"]);
}

#[test]
fn what_was_only_taken_for_python_is_doubted_once() {
    let text = "from celery import Celery\napp = Celery('shop')\nx = = 1\ny = 2\nz = = 3\n";
    let count = |name: &str| report(&[(name, text)]).facts.troubles.len();
    assert_eq!((count("pasted"), count("app.py")), (1, 2));
}

#[test]
fn every_worker_of_many_has_its_settings() {
    let services: String = (0..100)
        .map(|number| {
            format!("  w{number}:\n    command: celery -A p worker\n    environment:\n      CELERY_BROKER_URL: redis://r{number}\n")
        })
        .collect();
    let compose = format!("services:\n{services}");
    let report = report(&[("docker-compose.yml", &compose)]);
    let scopes: Vec<&Scope> = report.facts.scopes().map(|(_, scope)| scope).collect();
    assert_eq!(scopes.len(), 100);
    assert_eq!(values(scopes[99], "broker_url"), ["redis://r99"]);
}

#[test]
fn no_app_is_lost_where_any_of_many_may_run() {
    let blocks: String = (0..300)
        .map(|number| format!("```bash\ncelery -A p{number} worker\n```\n```python\napp{number}.conf.task_default_queue = \"q{number}\"\n```\n"))
        .collect();
    let report = report(&[("note.md", &blocks)]);
    let queues: std::collections::BTreeSet<String> =
        report.facts.scopes().flat_map(|(_, scope)| values(scope, "task_default_queue")).collect();
    assert_eq!(queues.len(), 300);
}
