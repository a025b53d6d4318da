//! Fragments as people paste them.

use super::*;

fn kind(text: &str) -> Kind {
    detect(None, text).kind
}

#[test]
fn stretches_without_a_name() {
    for (text, expected) in [
        ("", Kind::Unknown),
        (
            "a:\n  host: x\n  port: 1\n  user: me\n  name: n\nb:\n  host: y\n  port: 2\n  name: m\n  path: /z\n",
            Kind::Unknown,
        ),
        ("   \n\n", Kind::Unknown),
        ("hello", Kind::Unknown),
        ("celery", Kind::Unknown),
        ("CELERY_RESULT_BACKEND = 'amqp://'", Kind::Python),
        (
            "### RabbitMQ\nRABBITMQ_URL = \"amqp://{user}\".format(\n    user=os.getenv('RABBITMQ_USER'),\n)\n",
            Kind::Python,
        ),
        ("broker_url = 'redis://'\ntask_acks_late = True", Kind::Python),
        (
            "CELERY_BEAT_SCHEDULE = {\n    'a': {\n        'task': 'x.y',\n        'schedule': 30.0,\n    },\n}",
            Kind::Python,
        ),
        ("@app.task(bind=True)\ndef add(self, x, y):\n    return x + y", Kind::Python),
        ("app.conf.update(\n    task_serializer='json',\n)", Kind::Python),
        ("app.conf.task_acks_late = True", Kind::Python),
        ("CELERY_BROKER_URL=env('X')\n", Kind::Python),
        ("app = Celery('proj', backend='amqp://')", Kind::Python),
        ("CELERY_BROKER_URL=amqp://guest:guest@rabbit//\nC_FORCE_ROOT=1", Kind::Env),
        ("export C_FORCE_ROOT=true", Kind::Env),
        ("# DEBUG=True\n\n# SECRET_KEY=\n", Kind::Env),
        ("CELERYD_NODES=\"w1\"\nCELERY_BIN=\"/usr/bin/celery\"\n", Kind::Celeryd),
        ("celery -A con_item worked -l info", Kind::Command),
        ("$ celery -A con_item worker -l info --uid=nobody", Kind::Command),
        ("docker run -e C_FORCE_ROOT=1 app celery -A x worker", Kind::Command),
        ("C_FORCE_ROOT=1 celery -A x worker", Kind::Command),
        ("pip install celery==5.2\ncelery -A x worker", Kind::Command),
        ("celery -A x \\\n  worker \\\n  --loglevel=info", Kind::Command),
        ("#!/bin/sh\nset -e\nexec celery worker", Kind::Shell),
        ("set -e\nif [ -z \"$X\" ]; then\n  exit 1\nfi\ncelery -A x worker", Kind::Shell),
        ("FROM python:3.8\nRUN pip install celery\nCMD celery worker", Kind::Dockerfile),
        ("from python:3.8 as base\nrun pip install celery", Kind::Dockerfile),
        ("USER celery", Kind::Dockerfile),
        ("CMD [\"celery\", \"-A\", \"x\", \"worker\"]", Kind::Dockerfile),
        ("RUN apt-get update && \\\n    apt-get install -y x && \\\n    rm -rf /y\nUSER root", Kind::Dockerfile),
        ("services:\n  worker:\n    image: app\n    command: celery -A x worker", Kind::Compose),
        ("worker:\n  build: .\n  command: celery -A x worker\n  depends_on:\n    - rabbit", Kind::Compose),
        ("    environment:\n      C_FORCE_ROOT: 'true'", Kind::Compose),
        ("C_FORCE_ROOT: \"true\"\nPYTHONOPTIMIZE: 1", Kind::Compose),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: w", Kind::Kubernetes),
        ("---\n# x\nkind: Pod\napiVersion: v1", Kind::Kubernetes),
        (
            "containers:\n- name: w\n  image: app\n  command: [celery]\n  securityContext:\n    runAsUser: 0",
            Kind::Kubernetes,
        ),
        ("env:\n- name: C_FORCE_ROOT\n  value: \"1\"", Kind::Kubernetes),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}", Kind::HelmTemplate),
        ("replicaCount: 1\nimage:\n  repository: x\n  tag: y\nnodeSelector: {}", Kind::HelmValues),
        ("[Unit]\nDescription=x\n[Service]\nExecStart=/usr/bin/celery", Kind::Systemd),
        ("ExecStart=/bin/sh -c '${CELERY_BIN} multi start'\nUser=root", Kind::Systemd),
        ("[program:celery]\ncommand=celery worker", Kind::Supervisord),
        ("listeners.tcp.default = 5672\nconsumer_timeout = 3600000", Kind::RabbitmqConf),
        ("consumer_timeout = 3600000", Kind::RabbitmqConf),
        ("[\n  {rabbit, [\n    {consumer_timeout, undefined}\n  ]}\n].", Kind::RabbitmqAdvanced),
        ("{\"rabbit_version\":\"3.8\",\"users\":[],\"vhosts\":[]}", Kind::RabbitmqDefinitions),
        ("celery==5.2.7\nkombu>=5", Kind::Requirements),
        ("celery[redis]==4.4.7", Kind::Requirements),
        ("[tool.poetry.dependencies]\ncelery = \"^5.2\"", Kind::Pyproject),
        ("[[package]]\nname = \"celery\"\nversion = \"5.2.7\"", Kind::Lock),
        ("web: gunicorn app\nworker: celery -A app worker", Kind::Procfile),
        ("worker: celery -A app worker -l info", Kind::Procfile),
        ("command: celery -A app worker -l info", Kind::Compose),
        (
            "NAME    READY   STATUS             RESTARTS   AGE\nw-1     0/1     CrashLoopBackOff   7          10m",
            Kind::KubectlOutput,
        ),
        ("    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137", Kind::KubectlOutput),
        ("# Notes\n\nRun it like this:\n\n```bash\ncelery worker\n```\n", Kind::Markdown),
        (
            "# Celery 주의사항\n> celery를 실행할 때 주의해야할 사항들을 정리합니다.\n\n- `celery worker` 명령",
            Kind::Markdown,
        ),
    ] {
        let found = detect(None, text);
        assert_eq!(found.kind, expected, "{:?} for {text:?}", found.because);
    }
}

#[test]
fn logs_of_every_house() {
    for text in [
        "/usr/local/lib/python3.8/site-packages/celery/platforms.py:800: RuntimeWarning: You're running the worker with superuser privileges: this is\nabsolutely not recommended!   \n\nPlease specify a different user using the --uid option.\n\nUser information: uid=0 euid=0 gid=0 egid=0\n",
        "[2024-05-01 10:00:00,123: INFO/MainProcess] mingle: all alone",
        "worker-1  | Traceback (most recent call last):\nworker-1  |   File \"/a.py\", line 3, in x\nworker-1  |     import y\nworker-1  | ImportError: no",
        "2019-04-10 08:35:52.949 [error] <0.5141.0> Error on AMQP connection <0.5141.0>\n {handshake_error,opening,\n  {amqp_error,internal_error,\n",
        "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\n    from celery import Celery\nModuleNotFoundError: No module named 'celery'",
        "kombu.exceptions.OperationalError: [Errno 111] Connection refused",
        "Usage: celery [OPTIONS] COMMAND [ARGS]...\nTry 'celery --help' for help.\n\nError: No such command 'worked'.",
        " -------------- celery@host v5.2.7 (dawn-chorus)\n--- ***** ----- \n-- ******* ---- Linux-5\n- ** ---------- [config]\n- ** ---------- .> app:         proj:0x7f\n- ** ---------- .> transport:   amqp://guest:**@localhost:5672//\n[tasks]\n  . proj.add\n",
        "=ERROR REPORT==== 1-Jan-2020::10:00:00 ===\nclosing AMQP connection <0.1.0>",
        "Jan  2 10:00:00 host celery[12]: worker ready\nJan  2 10:00:01 host celery[12]: bye",
        "{\"level\":\"error\",\"msg\":\"x\"}\n{\"level\":\"info\",\"msg\":\"y\"}\n",
        "2019-06-27 02:59:13,427 INFO exited: celery-memory (terminated by SIGKILL; not expected)",
    ] {
        assert_eq!(detect(None, text).kind, Kind::Log, "{text}");
        for tag in ["bash", "python", "", "yaml", "text", "sh"] {
            let sure = detect_fence(Some(tag), text).kind;
            if tag == "bash" || tag.is_empty() || text.contains("celery/platforms") {
                assert_eq!(sure, Kind::Log, "{tag}: {text}");
            }
        }
    }
}

#[test]
fn code_that_speaks_of_logs_stays_code() {
    let python = "import logging\n\nlogger = logging.getLogger(__name__)\n\ntry:\n    run()\nexcept Exception:\n    print(\"Traceback (most recent call last):\")\n";
    assert_eq!(kind(python), Kind::Python);
    let dockerfile = "FROM python\n# Traceback (most recent call last):\nRUN echo 'User information: uid=0'\nUSER x\n";
    assert_eq!(kind(dockerfile), Kind::Dockerfile);
}

#[test]
fn the_tag_of_a_fence_is_a_hint() {
    for (tag, text, expected) in [
        ("python", "X = 1", Kind::Python),
        ("python", "{'a': 1}", Kind::Python),
        ("py", "$ celery -A x worker", Kind::Command),
        ("bash", "celery -A x worker", Kind::Command),
        ("bash", "some-tool --flag", Kind::Command),
        ("bash", "export A=b\n", Kind::Env),
        ("bash", "celery==5.2\nredis==4", Kind::Requirements),
        ("console", "$ celery report", Kind::Command),
        ("yaml", "worker:\n  image: x\n  user: root", Kind::Compose),
        ("yaml", "foo: bar", Kind::Unknown),
        ("dockerfile", "user root", Kind::Dockerfile),
        ("Dockerfile", "RUN x", Kind::Dockerfile),
        ("ini", "[program:x]\ncommand=celery", Kind::Supervisord),
        ("ini", "[a]\nb=c", Kind::Unknown),
        ("env", "A=b", Kind::Env),
        ("text", "Some words are here, and they are many.\n", Kind::Unknown),
        ("js", "import x from 'y'", Kind::Unknown),
        ("yaml:docker-compose.yml", "worker:\n  image: x", Kind::Compose),
        ("python title=\"settings.py\"", "X = 1", Kind::Python),
        ("{.python}", "X = 1", Kind::Python),
        ("", "apiVersion: v1\nkind: Pod", Kind::Kubernetes),
    ] {
        assert_eq!(detect_fence(Some(tag), text).kind, expected, "{tag}: {text}");
    }
}

#[test]
fn the_name_wins_and_yaml_names_ask_the_content() {
    assert_eq!(detect(Some("a/celery.py"), "celery worker").kind, Kind::Python);
    assert_eq!(detect(Some("setup.cfg"), "name = shop\nimport os\nx = 1").kind, Kind::Unknown);
    assert_eq!(detect(Some("worker.yaml"), "apiVersion: v1\nkind: Pod").kind, Kind::Kubernetes);
    assert_eq!(detect(Some("docker-compose.yml"), "").kind, Kind::Compose);
    assert_eq!(detect(Some("docker-compose.yml"), "").because, Because::FileName);
    assert_eq!(detect(Some("celeryd"), "#!/bin/sh\nset -e").kind, Kind::Shell);
    assert_eq!(detect(Some("celeryd"), "A=b").kind, Kind::Celeryd);
    assert_eq!(detect(Some("paste"), "FROM x\nUSER y").kind, Kind::Dockerfile);
    assert_eq!(detect(Some("values.yaml"), "a: {}\nfoo:\n  kind: Pod\n  apiVersion: v1").kind, Kind::HelmValues);
}

#[test]
fn the_from_of_sql_begins_no_image() {
    let code = "class Store:\n    def rows(self):\n        sql = text(\"\"\"\n            SELECT *\n            FROM orders\n        \"\"\")\n        return self.run(sql)\n";
    for tag in ["python", "text", ""] {
        assert_eq!(detect_fence(Some(tag), code).kind, Kind::Python, "{tag}");
    }
    assert_eq!(detect_fence(Some("python"), "FROM python:3.12\nUSER app").kind, Kind::Dockerfile);
}

#[test]
fn reasons_have_words_in_both_languages() {
    let all = [
        Because::FileName,
        Because::FirstLine,
        Because::Line(12),
        Because::Key("services"),
        Because::FenceTag("bash".to_owned()),
        Because::Shape,
        Because::InlineCode,
        Because::Told,
        Because::Nothing,
    ];
    for because in all {
        let (ko, en) = because.words();
        assert!(ko.ends_with("니다.") && en.ends_with('.'), "{ko} {en}");
    }
    assert_eq!(detect(None, "\n\nservices:\n  a:\n    image: b").because, Because::Key("services"));
    assert_eq!(detect(None, "\n$ celery report").because.moved_down(10), Because::Line(12));
}

#[test]
fn only_the_beginning_is_looked_at() {
    let long = format!("FROM python\n{}", "RUN true\n".repeat(2_000_000));
    let start = std::time::Instant::now();
    assert_eq!(kind(&long), Kind::Dockerfile);
    assert!(start.elapsed().as_secs() < 2);
    assert_eq!(kind(&"한".repeat(100_000)), Kind::Unknown);
    assert_eq!(kind(&"[".repeat(1_000_000)), Kind::Unknown);
}
