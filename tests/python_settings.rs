//! Settings in the many forms in which Python code gives them, across files: what is known, and what honestly is not.

use celery_checkup::checkup::{self, Input, Options, Report};
use celery_checkup::facts::Scope;
use celery_checkup::facts::value::{Known, Value};

fn report(files: &[(&str, &str)]) -> Report {
    checkup::check(files.iter().map(|(name, text)| Input::new(*name, text)).collect(), &Options::default())
}

fn shown(known: &Known) -> String {
    match &known.value {
        Value::Text(template) => template.whole().map_or("?".to_owned(), |text| text.as_str().to_owned()),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::None => "None".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        _ => "?".to_owned(),
    }
}

fn said(scope: &Scope, name: &str) -> String {
    scope.said(name).map(|said| shown(said.known)).collect::<Vec<_>>().join(" | ")
}

/// The values of each name in the only scope.
fn holds(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let facts = report(files).facts;
    let scopes: Vec<&Scope> = facts.scopes().map(|(_, scope)| scope).collect();
    let [scope] = scopes[..] else { panic!("{} scopes of {files:?}", scopes.len()) };
    for (name, values) in expected {
        assert_eq!(said(scope, name), *values, "{name} in {files:?}");
    }
}

/// A compose file whose worker has these variables.
fn compose(variables: &[(&str, &str)]) -> String {
    let lines = variables.iter().map(|(name, value)| format!("      {name}: {value:?}\n"));
    format!(
        "services:\n  worker:\n    image: shop\n    command: celery -A app worker\n    environment:\n{}",
        lines.collect::<String>()
    )
}

#[test]
fn dynaconf_says_what_the_environment_shows() {
    let app = "from celery import Celery\nfrom conf import settings\n\
               app = Celery('shop', broker=settings.BROKER, backend=settings('RESULT'))\n\
               app.conf.update(task_time_limit=settings.get('LIMIT', 300), worker_concurrency=settings['N'],\n\
               worker_pool=settings.POOL, result_expires=settings.EXPIRES, timezone=settings.zone,\n\
               task_acks_late=settings.LATE, task_default_queue=settings.get('QUEUE', 'main'),\n\
               worker_state_db=settings.QUOTED, worker_max_tasks_per_child=settings.TASKS)\n";
    let conf = "from dynaconf import Dynaconf\n\
                settings = Dynaconf(envvar_prefix='SHOP', settings_files=['settings.toml'], pool='solo')\n";
    let environment = compose(&[
        ("SHOP_BROKER", "redis://cache/0"),
        ("DYNACONF_BROKER", "redis://other/0"),
        ("DYNACONF_RESULT", "rpc://"),
        ("SHOP_LIMIT", "30"),
        ("SHOP_LATE", "True"),
        ("SHOP_EXPIRES", "@int 60"),
        ("SHOP_QUOTED", "'7'"),
        ("TASKS", "5"),
    ]);
    holds(
        &[("app.py", app), ("conf.py", conf), ("compose.yaml", &environment)],
        &[
            ("broker_url", "redis://cache/0"),
            ("result_backend", "rpc://"),
            ("task_time_limit", "30"),
            ("worker_concurrency", "?"),
            ("worker_pool", "? | solo"),
            ("result_expires", "60"),
            ("timezone", "?"),
            ("task_acks_late", "true"),
            ("task_default_queue", "? | main"),
            ("worker_state_db", "7"),
            ("worker_max_tasks_per_child", "?"),
        ],
    );
}

const BASE: &str = "class Base:\n    broker_url = 'amqp://base//'\n    timezone = 'UTC'\n    CELERY_TASK_SERIALIZER = 'json'\n\
                    class Other:\n    result_backend = 'amqp://'\n";
const CONFIG: &str = "from shop import base\nclass Prod(base.Base):\n    broker_url = 'amqp://prod//'\n    task_acks_late = True\n\
                      class Dev(base.Base):\n    broker_url = 'memory://'\n";

#[test]
fn a_class_of_another_file_brings_what_it_inherits() {
    for configured in [
        "from shop.config import Prod\napp.config_from_object(Prod)\n",
        "from shop.config import Prod as Chosen\napp.config_from_object(Chosen())\n",
        "from shop import config\napp.config_from_object(config.Prod)\n",
        "app.config_from_object('shop.config:Prod')\n",
        "app.config_from_object('shop.config.Prod')\n",
    ] {
        let app = format!("from celery import Celery\napp = Celery('shop')\n{configured}");
        let files = [("shop/base.py", BASE), ("shop/config.py", CONFIG), ("shop/celery.py", app.as_str())];
        holds(
            &files,
            &[
                ("broker_url", "amqp://prod//"),
                ("timezone", "UTC"),
                ("task_acks_late", "true"),
                ("task_serializer", "json"),
                ("result_backend", ""),
            ],
        );
        // An old name that is inherited stands beside the new ones.
        let mixed = report(&files);
        assert!(mixed.findings.iter().any(|it| it.card.id == "setting-names-mixed"), "{configured}");
    }
}

#[test]
fn bases_are_asked_in_the_order_of_python() {
    let config = "class Root:\n    result_backend = 'root'\n    timezone = 'UTC'\nclass Left(Root):\n    pass\n\
                  class Right(Root):\n    result_backend = 'right'\nclass Both(Left, Right):\n    broker_url = 'memory://'\n";
    let app = "from celery import Celery\nfrom config import Both\napp = Celery('shop')\napp.config_from_object(Both)\n\
               app.conf.worker_state_db = Both.result_backend\n";
    holds(
        &[("config.py", config), ("app.py", app)],
        &[("result_backend", "right"), ("timezone", "UTC"), ("worker_state_db", "right")],
    );
    // A class of the same name that is derived from the imported one.
    let again = "from config import Root\nfrom celery import Celery\nclass Root(Root):\n    broker_url = 'memory://'\n\
                 app = Celery('shop')\napp.config_from_object(Root)\n";
    holds(&[("config.py", config), ("app.py", again)], &[("result_backend", "root"), ("broker_url", "memory://")]);
}

#[test]
fn fields_that_pydantic_fills() {
    let config = "from functools import lru_cache\nfrom pydantic import Field, computed_field\n\
        from pydantic_settings import BaseSettings, SettingsConfigDict\n\
        class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_file='.env', env_prefix='X_')\n\
        \x20   redis: str = 'redis://d'\n    pool: str = Field(default='p', alias='POOL')\n    limit: int\n    zone: str\n\
        \x20   soft: int = 5\n\
        \x20   @computed_field\n    @property\n    def url(self) -> str:\n        return f'{self.redis}/{self.limit}'\n\
        \x20   @property\n    def either(self):\n        if self.soft:\n            return 'a'\n        return 'b'\n\
        @lru_cache\ndef get_settings():\n    return Settings()\n";
    let app = "from celery import Celery\nfrom config import get_settings, Settings\nsettings = get_settings()\n\
        app = Celery('x', broker=settings.redis, backend=settings.url)\n\
        app.conf.update(worker_pool=get_settings().pool, task_time_limit=settings.limit, timezone=settings.zone,\n\
        task_soft_time_limit=Settings(soft=9).soft, worker_state_db=settings.either)\n";
    let environment = compose(&[("X_REDIS", "redis://cache"), ("POOL", "solo"), ("X_LIMIT", "30")]);
    holds(
        &[("config.py", config), ("app.py", app), ("compose.yaml", &environment)],
        &[
            ("broker_url", "redis://cache"),
            ("result_backend", "redis://cache/30"),
            ("worker_pool", "solo"),
            ("task_time_limit", "30"),
            ("timezone", "?"),
            ("task_soft_time_limit", "9"),
            ("worker_state_db", "?"),
        ],
    );
}

#[test]
fn pydantic_reads_the_variable_that_a_field_names() {
    // Printed by pydantic-settings 2.16 with this environment.
    let config = "from typing import Annotated, ClassVar, Optional\n\
        from pydantic import AliasChoices, AmqpDsn, Field, RedisDsn, field_validator\n\
        from pydantic_settings import BaseSettings, SettingsConfigDict\n\
        class Base(BaseSettings, env_prefix='K_'):\n    zone: str = 'UTC'\n\
        class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='X_')\n\
        \x20   a: str = Field('d', alias='VAL')\n    b: str = Field(default='d', validation_alias=AliasChoices('val', 'TWO'))\n\
        \x20   c: str = Field('d', env='VAL')\n    d: Annotated[str, Field(validation_alias='VAL')] = 'd'\n\
        \x20   e: ClassVar[str] = 'own'\n    f: Optional[int] = None\n    g: int = '7'\n    h: bool = True\n\
        \x20   i: RedisDsn = 'redis://h'\n    j: AmqpDsn = 'amqp://h//'\n    k: str = 'checked'\n\
        \x20   @field_validator('k')\n    @classmethod\n    def check(cls, value):\n        return value.upper()\n\
        class Strict(BaseSettings):\n    model_config = {'case_sensitive': True}\n    val: str = 'strict'\n\
        settings = Settings()\n";
    let app = "from celery import Celery\nfrom config import settings, Base, Strict\napp = Celery('x', broker=settings.a)\n\
        app.conf.update(result_backend=settings.b, worker_pool=settings.c, task_default_queue=settings.d,\n\
        task_default_exchange=settings.e, task_time_limit=settings.f, task_soft_time_limit=settings.g,\n\
        task_acks_late=settings.h, broker_read_url=str(settings.i), broker_write_url=str(settings.j),\n\
        worker_state_db=settings.k, timezone=Base().zone, security_key=Strict().val)\n";
    let environment = compose(&[
        ("VAL", "val"),
        ("X_C", "c"),
        ("X_E", "never"),
        ("X_F", "3"),
        ("X_H", "off"),
        ("K_ZONE", "Asia/Seoul"),
    ]);
    holds(
        &[("config.py", config), ("app.py", app), ("compose.yaml", &environment)],
        &[
            ("broker_url", "val"),
            ("result_backend", "val"),
            ("worker_pool", "c"),
            ("task_default_queue", "val"),
            ("task_default_exchange", "own"),
            ("task_time_limit", "3"),
            ("task_soft_time_limit", "? | 7"),
            ("task_acks_late", "false"),
            ("broker_read_url", "? | redis://h:6379/0"),
            ("broker_write_url", "? | amqp://h//"),
            ("worker_state_db", "? | checked | ?"),
            ("timezone", "Asia/Seoul"),
            ("security_key", "? | strict"),
        ],
    );
    // Before pydantic 2 it was `env=`, and aliases were not read.
    let config = "from pydantic import BaseSettings, Field\nclass Settings(BaseSettings):\n    a: str = Field('d', alias='VAL')\n\
        \x20   b: str = Field('d', env=['NO', 'VAL'])\n    c: str = Field('d', env='VAL')\n    class Config:\n        env_prefix = 'X_'\n";
    let app = "from celery import Celery\nfrom config import Settings\nsettings = Settings()\n\
        app = Celery('x', broker=settings.a, backend=settings.b)\napp.conf.worker_pool = settings.c\n";
    let environment = compose(&[("VAL", "val"), ("X_A", "xa")]);
    holds(
        &[("config.py", config), ("app.py", app), ("compose.yaml", &environment)],
        &[("broker_url", "xa"), ("result_backend", "val | ?"), ("worker_pool", "val")],
    );
}

#[test]
fn settings_of_a_module_that_is_imported_whole() {
    let config = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    broker: str = 'redis://b'\n\
                  \x20   backend: str = 'rpc://'\nsettings = Settings()\nclass Plain:\n    zone = 'UTC'\n";
    let app = "import config as cfg\nfrom celery import Celery\napp = Celery('x', broker=cfg.settings.broker)\n\
               app.conf.update(result_backend=cfg.Settings().backend, timezone=cfg.Plain.zone)\n";
    let environment = compose(&[("BROKER", "redis://cache")]);
    holds(
        &[("config.py", config), ("app.py", app), ("compose.yaml", &environment)],
        &[("broker_url", "redis://cache"), ("result_backend", "? | rpc://"), ("timezone", "UTC")],
    );
}

#[test]
fn objects_are_what_they_were_made_with() {
    let app = "from dataclasses import dataclass, field\nfrom goodconf import GoodConf\nfrom celery import Celery\n\
        @dataclass\nclass Config:\n    broker: str = 'redis://a'\n    limit: int = field(default=3)\n\
        class Filled(GoodConf):\n    pool: str = 'solo'\n\
        app = Celery('x', broker=Config().broker, backend=Config(broker='rpc://').broker)\n\
        app.conf.update(task_time_limit=Config().limit, timezone=Config('UTC').broker, worker_pool=Filled().pool)\n";
    holds(
        &[("app.py", app)],
        &[
            ("broker_url", "redis://a"),
            ("result_backend", "rpc://"),
            ("task_time_limit", "3"),
            ("timezone", "?"),
            ("worker_pool", "?"),
        ],
    );
}

#[test]
fn readers_put_their_prefix_before_the_name() {
    let app = "import environ, environs\nfrom starlette.config import Config\nfrom celery import Celery\n\
        env = environs.Env()\nconfig = Config('.env', env_prefix='S_')\n\
        app = Celery('x', broker=config('BROKER'))\n\
        app.conf.worker_concurrency = env.int('N', 4)\n\
        with env.prefixed('CEL_'):\n    app.conf.task_time_limit = env.int('N', '5')\n    app.conf.result_backend = env('RB')\n\
        env = environ.Env(SOFT=(int, 3), LATE=(bool, True))\n\
        app.conf.task_soft_time_limit = env('SOFT')\napp.conf.task_acks_late = env('LATE')\n\
        env.prefix = 'Z_'\napp.conf.timezone = env('ZONE')\n";
    let environment = compose(&[
        ("BROKER", "amqp://wrong"),
        ("S_BROKER", "redis://right"),
        ("N", "7"),
        ("RB", "amqp://wrong"),
        ("CEL_RB", "rpc://"),
        ("SOFT", "8"),
        ("ZONE", "wrong"),
    ]);
    holds(
        &[("app.py", app), ("compose.yaml", &environment)],
        &[
            ("broker_url", "redis://right"),
            ("worker_concurrency", "7"),
            ("task_time_limit", "? | 5"),
            ("result_backend", "rpc://"),
            ("task_soft_time_limit", "8"),
            ("task_acks_late", "? | true"),
            ("timezone", "?"),
        ],
    );
}

const DJANGO_BASE: &str = "INSTALLED_APPS = ['shop']\nCELERY_TIMEZONE = 'UTC'\nCELERY_BROKER_URL = 'amqp://base//'\n";
const DJANGO_KR: &str = "from .base import *\nCELERY_BROKER_URL = 'amqp://kr//'\n";
const DJANGO_JP: &str = "from .base import *\nCELERY_RESULT_BACKEND = 'rpc://'\n";

/// The brokers and backends of every scope, with files of a Django project around `celery.py`.
fn django(celery: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let celery = format!(
        "import os\nfrom celery import Celery\n{celery}\napp = Celery('shop')\n\
         app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    );
    let mut files = vec![
        ("shop/settings/base.py", DJANGO_BASE),
        ("shop/settings/kr.py", DJANGO_KR),
        ("shop/settings/jp.py", DJANGO_JP),
        ("shop/celery.py", &celery),
    ];
    files.extend(more);
    let facts = report(&files).facts;
    facts.scopes().map(|(_, scope)| (said(scope, "broker_url"), said(scope, "result_backend"))).collect()
}

#[test]
fn two_modules_of_django_settings_never_mix() {
    let pair = |broker: &str, backend: &str| (broker.to_owned(), backend.to_owned());
    let (kr, jp) = (pair("amqp://kr//", ""), pair("amqp://base//", "rpc://"));
    let by_default = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.jp')";
    // Nothing names one: each may be it.
    let mut alternatives = django("", &[]);
    alternatives.sort();
    assert_eq!(alternatives, [jp.clone(), kr.clone()]);
    // The environment is not shown, and it would win.
    assert_eq!(django(by_default, &[]).len(), 2);
    let image = ("Dockerfile", "FROM python:3.12\nCMD [\"celery\", \"-A\", \"shop\", \"worker\"]\n");
    let compose = |environment: &str| format!("services:\n  worker:\n    build: .\n{environment}");
    let own = compose("");
    assert_eq!(django(by_default, &[image, ("compose.yaml", &own)]), std::slice::from_ref(&jp));
    let given = compose("    environment:\n      DJANGO_SETTINGS_MODULE: shop.settings.kr\n");
    assert_eq!(django(by_default, &[image, ("compose.yaml", &given)]), [kr]);
    assert_eq!(django("", &[image, ("compose.yaml", &given)]).len(), 1);
    // An assignment overrules the environment.
    let assigned = "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings.jp'";
    assert_eq!(django(assigned, &[image, ("compose.yaml", &given)]), [jp]);
    // A base may be named itself.
    let base = "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings.base'";
    assert_eq!(django(base, &[]), [pair("amqp://base//", "")]);
}

#[test]
fn settings_that_a_package_finds_by_name_are_looked_at() {
    let files = [
        (
            "shop/settings/__init__.py",
            "import importlib, os\nfrom .common import *\n\
             env = importlib.import_module(f\"shop.settings.{os.getenv('ROLE', 'development')}\")\n\
             globals().update(vars(env))\n",
        ),
        ("shop/settings/common.py", "INSTALLED_APPS = ['mail']\n"),
        ("shop/settings/development.py", "CELERY_BROKER_URL = 'redis://cache/0'\n"),
        (
            "shop/celery.py",
            "import os\nfrom celery import Celery\n\
             os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n\
             app = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n",
        ),
    ];
    let facts = report(&files).facts;
    assert!(facts.scopes().any(|(_, scope)| said(scope, "broker_url") == "redis://cache/0"));
}

#[test]
fn fragments_with_marks_before_each_line_are_read() {
    for text in [
        "1  CELERY_BROKER_URL = 'amqp://h//'\n2  if DEBUG:\n3      X = 1\n4\n5  CELERY_TIMEZONE = 'UTC'\n",
        " 9 | CELERY_BROKER_URL = 'amqp://h//'\n10 |\n11 | CELERY_TIMEZONE = 'UTC'\n",
        "12: CELERY_BROKER_URL = 'amqp://h//'\n13: CELERY_TIMEZONE = 'UTC'\n",
        "diff --git a/settings.py b/settings.py\n--- a/settings.py\n+++ b/settings.py\n@@ -1,3 +1,3 @@\n import os\n\
         -CELERY_BROKER_URL = 'amqp://old//'\n+CELERY_BROKER_URL = 'amqp://h//'\n \n CELERY_TIMEZONE = 'UTC'\n",
        "+CELERY_BROKER_URL = 'amqp://h//'\n+if DEBUG:\n+    X = 1\n+CELERY_TIMEZONE = 'UTC'\n",
        "In [1]: CELERY_BROKER_URL = 'amqp://h//'\n\nIn [2]: if DEBUG:\n   ...:     X = 1\n   ...:\n\n\
         In [3]: CELERY_TIMEZONE = 'UTC'\n\nIn [4]: CELERY_TIMEZONE\nOut[4]: 'UTC'\n",
        "else:\n    CELERY_BROKER_URL = 'amqp://h//'\nCELERY_TIMEZONE = 'UTC'\n",
        "        X = 1\n    except ImportError:\n        CELERY_BROKER_URL = 'amqp://h//'\n    CELERY_TIMEZONE = 'UTC'\n",
    ] {
        let files = [("settings.py", text)];
        holds(&files, &[("broker_url", "amqp://h//"), ("timezone", "UTC")]);
        assert!(report(&files).findings.iter().all(|it| it.card.id != "python-syntax"), "{text}");
    }
    let branches = "        CELERY_TIMEZONE = 'a'\n    elif X:\n        CELERY_TIMEZONE = 'b'\n    else:\n        CELERY_TIMEZONE = 'c'\n";
    holds(&[("settings.py", branches)], &[("timezone", "a | b | c")]);
}

#[test]
fn what_changes_names_unseen_leaves_nothing_certain() {
    for change in [
        "exec(open('more.py').read())",
        "globals().update(load())",
        "locals()[name] = 1",
        "vars().update(CELERY_TIMEZONE='Asia/Seoul')",
        "import sys\nsetattr(sys.modules[__name__], 'CELERY_TIMEZONE', 'Asia/Seoul')",
    ] {
        let text = format!("CELERY_TIMEZONE = 'Nowhere'\nCELERY_BROKER_URL = 'memory://'\n{change}\n");
        let report = report(&[("settings.py", &text)]);
        let (_, scope) = report.facts.scopes().next().expect("a scope");
        assert_eq!(said(scope, "timezone"), "Nowhere | ?", "{change}");
        assert!(!scope.open_at.is_empty(), "{change}");
    }
    holds(
        &[("settings.py", "CELERY_BROKER_URL = 'amqp://a//'\nCELERY_TIMEZONE = 'UTC'\ndel CELERY_BROKER_URL\n")],
        &[("broker_url", ""), ("timezone", "UTC")],
    );
}

#[test]
fn a_loop_over_what_is_known_runs_for_every_item() {
    let app = "from celery import Celery\napp = Celery('x')\nqueues = []\nroutes = {}\n\
        for name in ['high', 'low']:\n    queues.append(name)\n    routes[f'shop.{name}.*'] = {'queue': name}\n\
        app.conf.include = queues\napp.conf.imports = list(routes)\napp.conf.task_default_queue = name\n\
        for key, value in {'worker_concurrency': 4, 'task_time_limit': 10}.items():\n    setattr(app.conf, key, value)\n\
        for key in ('task_soft_time_limit', 'result_expires'):\n    app.conf[key] = 7\n\
        total = 0\nfor number in [1, 2, 3]:\n    if number > 1:\n        total += number\n\
        app.conf.worker_prefetch_multiplier = total\n";
    holds(
        &[("app.py", app)],
        &[
            ("include", "[high, low]"),
            ("task_default_queue", "low"),
            ("worker_concurrency", "4"),
            ("task_time_limit", "10"),
            ("task_soft_time_limit", "7"),
            ("result_expires", "7"),
            ("worker_prefetch_multiplier", "5"),
        ],
    );
    // What goes through something unknown, leaves early or changes what it goes through is not followed.
    for body in [
        "for name in load():\n    queues.append(name)",
        "for name in ['a', 'b']:\n    if more():\n        break\n    queues.append(name)",
        "for name in {'a', 'b'}:\n    queues.append(name)",
        "for name in queues:\n    queues.remove(name)",
        "while more():\n    queues.append('a')",
        "for name, *rest in [('a', 1)]:\n    queues.append(name)",
    ] {
        let text = format!(
            "from celery import Celery\napp = Celery('x')\nqueues = ['c']\n{body}\napp.conf.include = queues\n"
        );
        let facts = report(&[("app.py", &text)]).facts;
        let (_, scope) = facts.scopes().next().expect("a scope");
        assert!(said(scope, "include").ends_with('?'), "{body}: {}", said(scope, "include"));
    }
    // A key that is not known may be any setting.
    let unknown = "from celery import Celery\napp = Celery('x')\nfor key in load():\n    app.conf[key] = 1\n";
    let facts = report(&[("app.py", unknown)]).facts;
    assert!(facts.scopes().all(|(_, scope)| !scope.open_at.is_empty()));
}

#[test]
fn what_flask_keeps_is_known_where_it_is_read() {
    let config = "class Base:\n    CELERY_BROKER_URL = 'redis://base'\n    RESULTS = 'redis://results'\n    lower = 'never'\n\
        class Config(Base):\n    CELERY_BROKER_URL = 'redis://cfg'\n    CELERY = {'task_time_limit': 9, 'timezone': 'UTC'}\n";
    let app = "from flask import Flask\nfrom celery import Celery\napp = Flask(__name__)\n\
        app.config.from_object('config.Config')\napp.config['POOL'] = 'solo'\napp.config.update(QUEUE='q', POOL='threads')\n\
        app.config.from_mapping(LIMIT=7, lower='x')\napp.config['CELERY']['task_time_limit'] = 10\n\
        celery = Celery(app.import_name, broker=app.config['CELERY_BROKER_URL'], backend=app.config.get('RESULTS'))\n\
        celery.config_from_object(app.config['CELERY'])\n\
        celery.conf.update(worker_pool=app.config['POOL'], task_default_queue=app.config['QUEUE'],\n\
        worker_concurrency=app.config['LIMIT'], result_expires=app.config.get('lower', 5), worker_state_db=app.config['NO'])\n";
    let expected = [
        ("result_backend", "redis://results"),
        ("worker_pool", "threads"),
        ("task_default_queue", "q"),
        ("worker_concurrency", "7"),
        // Flask may have it of its own.
        ("result_expires", "?"),
        ("worker_state_db", "?"),
        ("timezone", "UTC | UTC"),
    ];
    holds(&[("app.py", app), ("config.py", config)], &expected);
    let facts = report(&[("app.py", app), ("config.py", config)]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    assert!(said(scope, "broker_url").contains("redis://cfg"));
    assert!(said(scope, "task_time_limit").contains("10"));
    // Something else that has the app, or another file of settings, may say something else.
    for change in
        ["setup(app)", "other = app", "app.config.from_pyfile('x.cfg')", "app.config[name] = 1", "app.config = load()"]
    {
        let text = format!(
            "from flask import Flask\nfrom celery import Celery\napp = Flask(__name__)\napp.config['A'] = 'a'\n{change}\n\
             celery = Celery('x', broker=app.config['A'])\n"
        );
        let facts = report(&[("app.py", &text)]).facts;
        let (_, scope) = facts.scopes().next().expect("a scope");
        assert!(said(scope, "broker_url").contains('?'), "{change}");
    }
}

#[test]
fn variables_with_the_prefix_of_flask() {
    // Printed by Flask 3.1 with this environment.
    let app = "from flask import Flask\nfrom celery import Celery\napp = Flask(__name__)\n\
        app.config.from_mapping(CELERY=dict(broker_url='redis://code', task_acks_late=False), POOL='solo')\n\
        app.config.from_prefixed_env()\ncelery = Celery(app.name)\n\
        celery.config_from_object(app.config['CELERY'])\ncelery.conf.worker_pool = app.config['POOL']\n";
    let environment = compose(&[
        ("FLASK_CELERY__broker_url", "redis://cache"),
        ("FLASK_CELERY__task_acks_late", "true"),
        ("FLASK_CELERY__task_time_limit", "30"),
        ("FLASK_CELERY__timezone", "\"UTC\""),
    ]);
    let expected =
        [("broker_url", "redis://cache"), ("task_acks_late", "true"), ("task_time_limit", "30"), ("timezone", "?")];
    let image = ("Dockerfile", "FROM python:3.12\nCMD [\"celery\", \"-A\", \"app\", \"worker\"]\n");
    let files = [("app.py", app), image, ("compose.yaml", &environment.replace("image: shop", "build: ."))];
    holds(&files, &expected);
    holds(&files, &[("worker_pool", "solo")]);
    // The same in the way of Flask's own pages, where a function is handed the app.
    let factory = "from flask import Flask\nfrom celery import Celery\ndef celery_init_app(app):\n\
        \x20   celery_app = Celery(app.name)\n    celery_app.config_from_object(app.config['CELERY'])\n    return celery_app\n\
        def create_app():\n    app = Flask(__name__)\n    app.config.from_mapping(CELERY=dict(broker_url='redis://code'))\n\
        \x20   app.config.from_prefixed_env()\n    celery_init_app(app)\n    return app\n";
    holds(&[("app.py", factory), ("compose.yaml", &environment)], &expected[..1]);
}

#[test]
fn settings_behind_the_back_of_the_configuration() {
    for change in [
        "app.conf.__dict__['timezone'] = 'UTC'",
        "vars(app.conf).update(timezone='UTC')",
        "app.conf.__dict__.update(load())",
    ] {
        let text = format!("from celery import Celery\napp = Celery('x')\n{change}\n");
        let facts = report(&[("app.py", &text)]).facts;
        assert!(facts.scopes().all(|(_, scope)| !scope.open_at.is_empty()), "{change}");
    }
}

#[test]
fn a_class_that_pydantic_fills_may_be_the_configuration() {
    let app = "from celery import Celery\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\
        class Settings(BaseSettings):\n    broker_url: str = 'redis://d'\n    task_time_limit: int = 5\n\
        \x20   model_config = SettingsConfigDict(env_prefix='X_')\n\
        app = Celery('x')\napp.config_from_object(Settings())\n";
    let environment = compose(&[("X_BROKER_URL", "redis://cache")]);
    let expected = [("broker_url", "redis://cache"), ("task_time_limit", "? | 5")];
    holds(&[("app.py", app), ("compose.yaml", &environment)], &expected);
}

#[test]
fn a_configuration_that_is_not_wholly_shown_has_no_defaults() {
    let configured = "from celery import Celery\napp = Celery('x')\napp.config_from_object(Config())\n";
    for class in [
        "from missing import Base\nclass Config(Base):\n    timezone = 'UTC'\n",
        "class Config:\n    timezone = 'UTC'\n    @property\n    def broker_url(self):\n        return 'redis://p'\n",
        "class Config:\n    timezone = 'UTC'\n    def __init__(self):\n        self.broker_url = 'redis://p'\n",
    ] {
        let facts = report(&[("app.py", &format!("{class}{configured}"))]).facts;
        assert!(facts.scopes().all(|(_, scope)| !scope.open_at.is_empty()), "{class}");
    }
    let plain = "class Config:\n    timezone = 'UTC'\n    def describe(self):\n        self.seen = True\n";
    let facts = report(&[("app.py", &format!("{plain}{configured}"))]).facts;
    assert!(facts.scopes().all(|(_, scope)| scope.open_at.is_empty()));
}

#[test]
fn the_last_configuration_replaces_the_ones_before() {
    // Printed by Celery 5.7: what is set on `app.conf` stays, what a dictionary gave is gone.
    let app = "from celery import Celery\napp = Celery('x')\n\
        app.config_from_object({'broker_url': 'redis://a', 'timezone': 'Asia/Seoul'})\napp.conf.task_time_limit = 5\n\
        app.config_from_object({'broker_url': 'redis://b'})\n";
    holds(&[("app.py", app)], &[("broker_url", "redis://b"), ("timezone", ""), ("task_time_limit", "5")]);
    let two = "from celery import Celery\none = Celery('x')\nother = Celery('y')\n\
        one.config_from_object({'broker_url': 'redis://a'})\nother.config_from_object({'broker_url': 'redis://b'})\n";
    holds(&[("app.py", two)], &[("broker_url", "redis://a | redis://b")]);
}

#[test]
fn paths_are_put_together() {
    let app = "import os\nfrom pathlib import Path\nfrom celery import Celery\nDATA = Path('/var/lib') / 'celery'\n\
        app = Celery('x')\napp.conf.beat_schedule_filename = str(DATA / 'beat.db')\n\
        app.conf.worker_state_db = os.path.join('/var', 'run', 'state.db')\n\
        app.conf.security_key = f'{DATA}/key'\napp.conf.security_certificate = os.path.join(DATA, '/etc/cert')\n\
        app.conf.timezone = os.path.join(BASE, 'tz')\napp.conf.worker_pool = str(Path(__file__).parent / 'x')\n\
        app.conf.task_default_queue = open('/q').read().strip()\napp.conf.task_default_exchange = (DATA / 'x').read_text()\n";
    holds(
        &[("app.py", app)],
        &[
            ("beat_schedule_filename", "/var/lib/celery/beat.db"),
            ("worker_state_db", "/var/run/state.db"),
            ("security_key", "/var/lib/celery/key"),
            ("security_certificate", "/etc/cert"),
            ("timezone", "?"),
            ("worker_pool", "?"),
            ("task_default_queue", "?"),
            ("task_default_exchange", "?"),
        ],
    );
}

#[test]
fn settings_that_are_changed_where_they_are_kept() {
    // Printed by Celery 5.7.
    let app = "from celery import Celery\napp = Celery('x', include=['m'])\napp.conf.imports = ['a']\napp.conf.imports += ['b']\n\
        app.conf.task_time_limit = 5\napp.conf.task_time_limit *= 60\napp.conf['accept_content'] = ['json']\n\
        app.conf['accept_content'].append('yaml')\nmore = ['c']\napp.conf.worker_log_color = more\nmore.append('d')\n\
        app.conf.task_soft_time_limit = 7\ndel app.conf.task_soft_time_limit\n";
    holds(
        &[("app.py", app)],
        &[
            ("imports", "[a, b]"),
            ("task_time_limit", "300"),
            ("accept_content", "[json, yaml]"),
            ("worker_log_color", "?"),
            ("task_soft_time_limit", "?"),
        ],
    );
    let entries = |app: &str, setting: &str| -> Vec<String> {
        let facts = report(&[("app.py", &format!("from celery import Celery\napp = Celery('x')\n{app}"))]).facts;
        let (_, scope) = facts.scopes().next().expect("a scope");
        let said: Vec<_> = scope.said(setting).collect();
        let [only] = &said[..] else { panic!("{} of {app}", said.len()) };
        let Value::Dict(entries) = &only.known.value else { panic!("{:?} of {app}", only.known.value) };
        entries.iter().map(|(key, _)| shown(key)).collect()
    };
    // What stands there besides is not known.
    assert_eq!(entries("app.conf.beat_schedule['a'] = {'task': 't'}\n", "beat_schedule"), ["?", "a"]);
    assert_eq!(entries("app.conf.beat_schedule.update({'a': {}}, b={})\n", "beat_schedule"), ["?", "a", "b"]);
    let all =
        "app.conf.beat_schedule = {'a': {}}\napp.conf.beat_schedule['b'] = {}\napp.conf.beat_schedule |= {'c': {}}\n";
    assert_eq!(entries(all, "beat_schedule"), ["a", "b", "c"]);
    let named = "s = {}\napp.conf.beat_schedule = s\ns['a'] = {}\n";
    assert_eq!(entries(named, "beat_schedule"), ["a"]);
    // An app reads its dictionary only when it needs it.
    let later = "from celery import Celery\nsettings = {'timezone': 'UTC'}\napp = Celery('x')\n\
        app.config_from_object(settings)\nsettings['broker_url'] = 'memory://'\nsettings['timezone'] = 'Asia/Seoul'\n";
    holds(&[("app.py", later)], &[("broker_url", "memory://"), ("timezone", "Asia/Seoul")]);
}

#[test]
fn who_is_handed_an_app_may_configure_it() {
    let is_open = |files: &[(&str, &str)]| {
        let facts = report(files).facts;
        facts.scopes().all(|(_, scope)| !scope.open_at.is_empty())
    };
    let app = |rest: &str| {
        format!("from celery import Celery\nfrom tools import configure\napp = Celery('x', broker='memory://')\n{rest}")
    };
    for handed in ["configure(app)\n", "configure(app.conf)\n", "done = configure(prefix='x', target=app)\n"] {
        assert!(is_open(&[("app.py", &app(handed))]), "{handed}");
    }
    let tools = "def configure(celery):\n    celery.conf.timezone = 'UTC'\n";
    assert!(!is_open(&[("app.py", &app("configure(app)\n")), ("tools.py", tools)]));
    for handed in ["print(app)\n", "isinstance(app, Celery)\n", "@app.task\ndef add(x):\n    return x\n"] {
        assert!(!is_open(&[("app.py", &app(handed))]), "{handed}");
    }
}

#[test]
fn a_list_with_two_names_changes_under_both() {
    let text = "QUEUES = ['a']\nCELERY_IMPORTS = QUEUES\nQUEUES.append('b')\nOPTIONS = {'max_retries': 1}\n\
        CELERY_BROKER_TRANSPORT_OPTIONS = {'inner': OPTIONS}\nOPTIONS['max_retries'] = 2\nCELERY_INCLUDE = ['x']\n\
        def register(name):\n    CELERY_INCLUDE.append(name)\nregister('y')\n";
    holds(&[("settings.py", text)], &[("imports", "?"), ("broker_transport_options", "?"), ("include", "[x] | ?")]);
}

#[test]
fn names_that_python_binds_in_passing() {
    let text = "from typing import TYPE_CHECKING\nfrom kombu import Queue\nn = 1\nif (n := 5) > 3:\n    pass\n\
        CELERYD_CONCURRENCY = n\nB = 1\nA, *B = ['x', 'y']\nCELERY_TIMEZONE = A\nCELERY_TASK_DEFAULT_QUEUE = B\n\
        if TYPE_CHECKING:\n    CELERY_BROKER_URL = 'amqp://never//'\nelse:\n    CELERY_BROKER_URL = 'memory://'\n\
        CELERY_IMPORTS = tuple(f'shop.{name}' for name in ['a', 'b'])\nCELERY_INCLUDE = [a for a in B if a]\n";
    holds(
        &[("settings.py", text)],
        &[
            ("worker_concurrency", "5"),
            ("timezone", "x"),
            ("task_default_queue", "[y]"),
            ("broker_url", "memory://"),
            ("imports", "[shop.a, shop.b]"),
            ("include", "[y]"),
        ],
    );
    // A module says itself what `import *` takes.
    let base = "__all__ = ['CELERY_BROKER_URL', '_HIDDEN']\nCELERY_BROKER_URL = 'memory://'\nCELERY_TIMEZONE = 'UTC'\n_HIDDEN = 'json'\n";
    let settings = "from base import *\nCELERY_TASK_SERIALIZER = _HIDDEN\n";
    holds(
        &[("base.py", base), ("settings.py", settings)],
        &[("broker_url", "memory://"), ("timezone", ""), ("task_serializer", "json")],
    );
}

#[test]
fn an_address_of_many_variables_has_its_defaults() {
    let text = "import os\nU = os.environ.get('U', 'u')\nW = os.environ.get('W', 'w')\nH = os.environ.get('H', 'h')\n\
        P = os.environ.get('P', '5672')\nV = os.environ.get('V', 'v')\n\
        CELERY_BROKER_URL = f'amqp://{U}:{W}@{H}:{P}/{V}'\n\
        CELERY_RESULT_BACKEND = 'redis://' + U + ':' + W + '@' + H + ':' + P + '/0'\n\
        CELERY_TASK_DEFAULT_QUEUE = os.environ.get('Q', f'{CELERY_BROKER_URL}-{H}-{P}-{V}')\n";
    let files = [("settings.py", text)];
    holds(&files, &[("broker_url", "? | amqp://u:w@h:5672/v")]);
    let facts = report(&files).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    assert!(said(scope, "result_backend").ends_with(" | redis://u:w@h:5672/0"));
    assert!(said(scope, "task_default_queue").ends_with(" | amqp://u:w@h:5672/v-h-5672-v"));
    // What is not known still has its scheme.
    let unknown = scope.said("broker_url").next().expect("a value");
    assert!(unknown.text().is_some_and(|template| template.as_str().starts_with("amqp://")));
    assert!(report(&files).findings.iter().all(|it| it.card.id != "values-not-followed"));
}

/// An app in one file whose settings are these.
fn app_holds(code: &str, expected: &[(&str, &str)]) {
    holds(&[("app.py", &format!("import os\nfrom celery import Celery\napp = Celery('shop')\n{code}"))], expected);
}

#[test]
fn attributes_of_classes_and_modules_that_are_set_later() {
    let class = "class Config:\n    broker_url = 'redis://old'\n    timezone = 'UTC'\n";
    let set = "Config.broker_url = 'redis://new'\nsetattr(Config, 'timezone', 'Asia/Seoul')\n";
    let both = [("broker_url", "redis://new"), ("timezone", "Asia/Seoul")];
    app_holds(&format!("{class}{set}app.config_from_object(Config)\n"), &both);
    let app = format!(
        "from celery import Celery\nfrom config import Config\n{set}app = Celery('shop')\napp.config_from_object(Config)\n"
    );
    holds(&[("config.py", class), ("app.py", &app)], &both);
    let in_function =
        format!("{class}def change():\n    Config.broker_url = 'redis://new'\napp.config_from_object(Config)\n");
    app_holds(&in_function, &[("broker_url", "redis://old | redis://new")]);
    // What an instance is given overrules what its class says.
    let given = report(&[(
        "app.py",
        &format!(
            "from celery import Celery\n{class}app = Celery('shop')\napp.config_from_object(Config('redis://new'))\n"
        ),
    )]);
    let said = given
        .facts
        .scopes()
        .flat_map(|(_, scope)| scope.said("broker_url").collect::<Vec<_>>())
        .all(|it| it.is_conditional());
    assert!(said);
    app_holds("globals()['NAME'] = 'redis://new'\napp.conf.broker_url = NAME\n", &[("broker_url", "redis://new")]);
}

#[test]
fn branches_of_match_are_compared() {
    let choose = "match MODE:\n    case 'debug' | 'test':\n        url = 'memory://'\n    case 'live':\n        url = 'redis://live'\n    case _:\n        url = 'redis://other'\napp.conf.broker_url = url\n";
    app_holds(&format!("MODE = 'live'\n{choose}"), &[("broker_url", "redis://live")]);
    app_holds(&format!("MODE = 'test'\n{choose}"), &[("broker_url", "memory://")]);
    app_holds(&format!("MODE = 'none'\n{choose}"), &[("broker_url", "redis://other")]);
    let unknown = "memory:// | redis://live | redis://other";
    app_holds(&format!("MODE = os.environ['MODE']\n{choose}"), &[("broker_url", unknown)]);
    // A pattern takes the name away.
    let taken =
        "url = 'redis://old'\nmatch os.environ['A'].split():\n    case [_, url]:\n        app.conf.broker_url = url\n";
    app_holds(taken, &[("broker_url", "?")]);
    // The test of a loop runs in every round.
    app_holds(
        "N = 1\nwhile (N := N + 1) < 5:\n    pass\napp.conf.worker_concurrency = N\n",
        &[("worker_concurrency", "1 | ?")],
    );
}

#[test]
fn variables_that_code_sets_are_read_as_it_left_them() {
    for (set, read, expected) in [
        ("os.environ['URL'] = 'redis://a'\n", "os.environ['URL']", "redis://a"),
        ("os.environ['URL'] = 'redis://a'\n", "os.getenv('URL', 'redis://b')", "redis://a"),
        ("os.environ.update(URL='redis://a')\n", "os.environ.get('URL')", "redis://a"),
        ("os.environ.update({'URL': 'redis://a'})\n", "os.environ['URL']", "redis://a"),
        ("for name in ['URL']:\n    os.environ[name] = 'redis://a'\n", "os.environ['URL']", "redis://a"),
        ("os.environ.setdefault('URL', 'redis://a')\n", "os.getenv('URL', 'redis://b')", "? | redis://a"),
        (
            "os.environ['URL'] = 'redis://a'\nos.environ.setdefault('URL', 'redis://b')\n",
            "os.getenv('URL')",
            "redis://a",
        ),
        ("if 'URL' not in os.environ:\n    os.environ['URL'] = 'redis://a'\n", "os.environ['URL']", "? | redis://a"),
        ("def prepare():\n    os.environ['URL'] = 'redis://a'\n", "os.getenv('URL', 'redis://b')", "? | redis://b"),
        ("os.environ['URL'] = 'redis://a'\nos.environ.pop('URL')\n", "os.getenv('URL', 'redis://b')", "? | redis://b"),
        // It changes what other programs get only.
        ("os.putenv('URL', 'redis://a')\n", "os.getenv('URL', 'redis://b')", "? | redis://b"),
    ] {
        app_holds(&format!("{set}app.conf.broker_url = {read}\n"), &[("broker_url", expected)]);
    }
    // The file that makes the app runs first; a file that it takes in before it sets the variable does not see that.
    let config = "import os\nbroker_url = os.getenv('URL', 'redis://b')\n";
    let app = "import os\nfrom celery import Celery\nos.environ['URL'] = 'redis://a'\napp = Celery('shop')\napp.config_from_object('config')\n";
    holds(&[("a/config.py", config), ("app.py", app)], &[("broker_url", "redis://a")]);
    let early = format!("from a import config\n{app}");
    holds(&[("a/config.py", config), ("app.py", &early)], &[("broker_url", "? | redis://b")]);
    let other = "import os\nos.environ['URL'] = 'redis://c'\n";
    let app = app.replace("os.environ['URL'] = 'redis://a'\n", "");
    holds(&[("a/config.py", config), ("app.py", &app), ("manage.py", other)], &[("broker_url", "? | redis://b")]);
}

#[test]
fn celery_reads_variables_that_code_sets() {
    let app = "import os\nfrom celery import Celery\nos.environ['CELERY_BROKER_URL'] = 'redis://a'\n\
               os.environ['C_FORCE_ROOT'] = '1'\nos.environ.setdefault('CELERY_RESULT_BACKEND', 'redis://b')\n\
               app = Celery('shop', broker='amqp://')\n";
    holds(&[("app.py", app)], &[("broker_url", "redis://a"), ("result_backend", "? | redis://b")]);
    let compose = compose(&[("CELERY_BROKER_URL", "redis://c"), ("CELERY_RESULT_BACKEND", "redis://d")]);
    let facts = report(&[("app.py", app), ("compose.yaml", &compose)]).facts;
    let (_, scope) = facts.scopes().next().expect("a scope");
    assert_eq!(said(scope, "broker_url"), "redis://a");
    assert_eq!(said(scope, "result_backend"), "redis://d");
    let (_, process) = facts.processes().next().expect("a process");
    assert!(process.environment.get("C_FORCE_ROOT").is_some());
    // A function may never be called, and another file may never run.
    for set in [
        "def f():\n    os.environ['C_FORCE_ROOT'] = '1'\n",
        "if os.getenv('A'):\n    os.environ['C_FORCE_ROOT'] = '1'\n",
    ] {
        let app = app.replace("os.environ['C_FORCE_ROOT'] = '1'\n", set);
        let facts = report(&[("app.py", &app), ("compose.yaml", &compose)]).facts;
        assert!(facts.processes().all(|(_, process)| process.environment.get("C_FORCE_ROOT").is_none()), "{set}");
    }
    let plain = "from celery import Celery\napp = Celery('shop', broker='amqp://')\n";
    holds(
        &[("app.py", plain), ("docs.py", "import os\nos.environ['CELERY_BROKER_URL'] = 'redis://a'\n")],
        &[("broker_url", "amqp://")],
    );
}

#[test]
fn functions_that_only_return_something_are_called() {
    let url = "def url(host, db=1, *, scheme='redis'):\n    'An address.'\n    return f'{scheme}://{host}/{db}'\n";
    for (call, expected) in [
        ("url('a')", "redis://a/1"),
        ("url('a', 2)", "redis://a/2"),
        ("url(db=3, host='b', scheme='rediss')", "rediss://b/3"),
        ("url(os.environ['HOST'])", "?"),
        ("url()", "?"),
        ("url(*parts)", "?"),
        ("url('a', 2, 'amqp')", "?"),
    ] {
        app_holds(&format!("{url}app.conf.broker_url = {call}\n"), &[("broker_url", expected)]);
    }
    let again = "def url(host):\n    return 'amqp://' + host\n";
    app_holds(&format!("{url}{again}app.conf.broker_url = url('a')\n"), &[("broker_url", "amqp://a")]);
    app_holds(
        &format!("{url}if os.getenv('A'):\n    {}app.conf.broker_url = url('a')\n", again.replace("    ", "        ")),
        &[("broker_url", "?")],
    );
    app_holds(&format!("{url}url = os.environ.get\napp.conf.broker_url = url('a')\n"), &[("broker_url", "?")]);
    // A function that calls itself.
    app_holds("def url(a):\n    return url(a) + url(a)\napp.conf.broker_url = url('a')\n", &[("broker_url", "?")]);
    let env = "import os\ndef needed(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n        raise RuntimeError(f'Set {name}')\n\
               PREFIX = 'X_'\ndef own(name):\n    return os.environ[PREFIX + name]\n";
    let app = "from celery import Celery\nfrom env import needed, own\napp = Celery('shop', broker=needed('URL'), backend=own('URL'))\n";
    let environment = compose(&[("URL", "redis://a"), ("X_URL", "redis://b")]);
    holds(
        &[("app.py", app), ("env.py", env), ("compose.yaml", &environment)],
        &[("broker_url", "redis://a"), ("result_backend", "?")],
    );
}

#[test]
fn a_module_that_is_imported_leaves_its_variables() {
    let app = "import prepare\nimport os\nfrom celery import Celery\napp = Celery('shop', broker=os.getenv('URL'))\n";
    holds(
        &[("app.py", app), ("prepare.py", "import os\nos.environ['URL'] = 'redis://a'\n")],
        &[("broker_url", "redis://a")],
    );
}

#[test]
fn loops_end_where_they_break() {
    let choose = "url = None\nfor name, candidate in [('dev', 'memory://'), ('live', 'redis://a'), ('late', 'redis://b')]:\n    if TEST:\n        url = candidate\n        END\nelse:\n    url = 'redis://else'\napp.conf.broker_url = url\n";
    for (test, end, expected) in [
        ("name == 'live'", "break", "redis://a"),
        ("name == 'none'", "break", "redis://else"),
        ("name != 'dev'", "continue", "redis://else"),
        ("name == os.environ['NAME']", "break", "None | memory:// | ? | ? | redis://else"),
    ] {
        app_holds(&choose.replace("TEST", test).replace("END", end), &[("broker_url", expected)]);
    }
    let some = "found = []\nfor name in ('a', 'b', 'c'):\n    if name == 'b':\n        continue\n    found.append(name)\napp.conf.imports = found\n";
    app_holds(some, &[("imports", "[a, c]")]);
}

#[test]
fn format_and_percent_keep_the_defaults_of_what_they_are_given() {
    app_holds(
        "host = os.getenv('HOST', 'a')\napp.conf.broker_url = 'redis://{}/{n}'.format(host, n=1)\napp.conf.result_backend = 'redis://%s/%d' % (host, 2)\n",
        &[("broker_url", "? | redis://a/1"), ("result_backend", "? | redis://a/2")],
    );
}

#[test]
fn what_stands_in_lists_and_dictionaries_keeps_its_defaults() {
    let redis = "? | redis://a";
    for code in [
        "app.conf.update({'broker_url': os.getenv('URL', 'redis://a')})\n",
        "options = dict(broker_url=os.getenv('URL', 'redis://a'))\napp.config_from_object(options)\n",
        "options = {}\noptions['broker_url'] = os.getenv('URL', 'redis://a')\napp.conf.update(options)\n",
        "urls = [os.getenv('URL', 'redis://a')]\napp.conf.broker_url = urls[0]\n",
        "urls = (os.getenv('URL', 'redis://a'), 1)\nfirst, second = urls\napp.conf.broker_url = first\n",
        "for url in [os.getenv('URL', 'redis://a')]:\n    app.conf.broker_url = url\n",
    ] {
        app_holds(code, &[("broker_url", redis)]);
    }
    let hosts = "REDIS = {'host': os.getenv('HOST', 'a'), 'db': 1}\napp.conf.broker_url = 'redis://{}/{}'.format(REDIS['host'], REDIS.get('db'))\n";
    app_holds(hosts, &[("broker_url", "? | redis://a/1")]);
    // What is computed of one of several values is none of them.
    let computed = "numbers = [1 if os.getenv('A') else 2]\nless = [-number for number in numbers]\napp.conf.worker_concurrency = less[0]\n";
    app_holds(computed, &[("worker_concurrency", "?")]);
}

#[test]
fn attributes_by_name_of_enumerations_and_of_plain_objects() {
    let names = "from enum import Enum\nfrom types import SimpleNamespace\nclass Queue(str, Enum):\n    HIGH = 'high'\nclass Config:\n    URL = 'redis://a'\nmade = SimpleNamespace(zone='UTC')\n";
    app_holds(
        &format!(
            "{names}app.conf.update(task_default_queue=Queue.HIGH.value, broker_url=getattr(Config, 'URL', 'b'), timezone=made.zone)\n"
        ),
        &[("task_default_queue", "high"), ("broker_url", "redis://a"), ("timezone", "UTC")],
    );
    let django = "from django.conf import settings\nfrom celery import Celery\napp = Celery('x', broker=getattr(settings, 'URL', 'redis://b'), backend=getattr(settings, 'RESULTS', 'redis://c'))\n";
    let settings = "INSTALLED_APPS = []\nURL = 'redis://a'\n";
    holds(
        &[("shop/settings.py", settings), ("shop/celery.py", django)],
        &[("broker_url", "redis://a"), ("result_backend", "? | redis://c")],
    );
}

#[test]
fn dynaconf_reads_its_files() {
    let app = "from celery import Celery\nfrom dynaconf import Dynaconf\nsettings = Dynaconf(MORE)\n\
               app = Celery('shop', broker=settings.BROKER, backend=settings.result)\napp.conf.timezone = settings.get('ZONE', 'UTC')\n";
    let toml = "broker = \"redis://a\"\nzone = \"@format {env[ZONE]}\"\n[default]\nbroker = \"redis://b\"\nresult = 'redis://c'\n\
                [production]\nresult = 'redis://d'\n[celery.deep]\nbroker = 'redis://e'\n";
    for (more, broker, result, zone) in [
        ("", "?", "?", "? | UTC"),
        ("settings_files=['conf/settings.toml', '.secrets.toml']", "? | redis://a", "?", "? | ?"),
        ("settings_files=['other.toml']", "?", "?", "? | UTC"),
        ("environments=True, settings_file='settings.toml'", "? | redis://b", "? | ?", "? | UTC"),
    ] {
        let app = app.replace("MORE", more);
        holds(
            &[("app.py", &app), ("conf/settings.toml", toml)],
            &[("broker_url", broker), ("result_backend", result), ("timezone", zone)],
        );
    }
    let secret = "broker = 'redis://s'\n";
    let with_secret = app.replace("MORE", "settings_files=['settings.toml', '.secrets.toml'], broker='memory://'");
    holds(
        &[("app.py", &with_secret), ("settings.toml", toml), (".secrets.toml", secret)],
        &[("broker_url", "? | redis://s")],
    );
}
