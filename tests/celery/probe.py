"""Tries a stage of a Celery app that is made from an example, and prints what came of it as one line of JSON.

Run by tests/celery.rs with the Python of a virtual environment, in a folder that holds the example's files.
It runs on Python 3.8 and newer, with Celery 4.4 and newer.
"""
import argparse
import importlib
import json
import os
import sys
import tempfile
import time
import types

from celery import Celery
from celery.app import defaults

SETTINGS = list(defaults.flatten(defaults.NAMESPACES))
NEW_NAMES = {name for name, _ in SETTINGS}
OLD_NAMES = set(getattr(defaults, "_TO_NEW_KEY", {})) | {
    old for _, option in SETTINGS for old in (option.old or ())
}


def modules():
    """The example's Python files, as modules."""
    sys.path.insert(0, os.getcwd())
    names = os.environ.get("PROBE_FILES", "").split()
    return [importlib.import_module(name[:-3].replace("/", ".")) for name in names]


def is_namespaced(module):
    """Whether upper-case names are meant for namespace="CELERY", rather than being the names from before 4.0."""
    names = [name for name in vars(module) if name.isupper()]
    namespaced = [name for name in names if name.startswith("CELERY_") and name[7:].lower() in NEW_NAMES]
    return len(namespaced) == len([name for name in names if name in OLD_NAMES or name in namespaced]) > 0


def make_app(loaded):
    """The app in the example, or an app that reads the example as its settings."""
    for module in loaded:
        for value in list(vars(module).values()):
            if isinstance(value, Celery):
                return value
    app = Celery("probe")
    app.set_default()
    for module in loaded:
        if any(name.isupper() or name in NEW_NAMES for name in vars(module)):
            app.config_from_object(module, namespace="CELERY" if is_namespaced(module) else None)
            break
    return app


def use_memory(app):
    """From here on no broker is needed. The environment is stronger than what code says."""
    os.environ["CELERY_BROKER_URL"] = os.environ["CELERY_BROKER_READ_URL"] = "memory://"
    os.environ["CELERY_BROKER_WRITE_URL"] = "memory://"
    app.conf.broker_use_ssl = None


def conf(app, _):
    return {key: repr(getattr(app.conf, key, None))[:200] for key in sorted(NEW_NAMES)}


def finalize(app, _):
    app.finalize()
    app.loader.import_default_modules()


def backend(app, _):
    made = app.backend
    made.as_uri()
    # Redis reads its address and its TLS settings when the client is made.
    getattr(made, "client", None)


def queues(app, _):
    return sorted(app.amqp.queues)


def connection(app, _):
    made = app.connection_for_write()
    made.as_uri()
    made.transport_cls
    made.transport
    return made.hostname


def connect(app, _):
    app.connection_for_write(connect_timeout=1).ensure_connection(max_retries=1, interval_start=0, interval_step=0)


def publish(app, _):
    use_memory(app)
    app.send_task("shop.tasks.add", (1,))


def beat(app, _):
    from celery.beat import PersistentScheduler

    use_memory(app)
    app.finalize()
    with tempfile.TemporaryDirectory() as folder:
        scheduler = PersistentScheduler(app, schedule_filename=os.path.join(folder, "schedule"), lazy=False)
        for entry in scheduler.schedule.values():
            _, again_in = entry.is_due()
            if again_in is not None and again_in <= 0:
                raise RuntimeError("the entry %r is due again at once" % entry.name)
            scheduler.apply_async(entry, advance=False)
        scheduler.close()


def evaluate(app, words):
    """Evaluates words of the claim with the example's names."""
    names = {"app": app, "request": types.SimpleNamespace(user=types.SimpleNamespace(pk=1))}
    for module in LOADED:
        names.update(vars(module))
    return eval(words, names)


def do(app, words):
    """Evaluates words of the claim with the example's names, while a worker of the same app runs in a thread."""
    from celery.contrib.testing.worker import start_worker
    from celery.signals import task_failure

    use_memory(app)
    app.set_default()
    if str(app.conf.result_backend).startswith("redis"):
        os.environ["CELERY_RESULT_BACKEND"] = "cache+memory://"
    failures = []

    def failed(sender=None, exception=None, **_):
        failures.append(exception)

    task_failure.connect(failed, weak=False)
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20, loglevel="critical"):
        result = evaluate(app, words)
        deadline = time.time() + 3
        while time.time() < deadline and not failures:
            time.sleep(0.1)
    if failures:
        raise failures[0]
    return repr(result)


LOADED = []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stage")
    parser.add_argument("words", nargs="?")
    asked = parser.parse_args()
    told = {"error": None}
    try:
        LOADED.extend(modules())
        app = make_app(LOADED)
        if asked.stage == "value":
            told["value"] = repr(getattr(app.conf, asked.words))
            told["default"] = repr(dict(SETTINGS)[asked.words].default)
        elif asked.stage != "import":
            told["value"] = globals()[asked.stage](app, asked.words)
    except BaseException as error:  # SystemExit is an answer, too.
        told["error"] = "%s: %s" % (type(error).__name__, error)
    sys.stdout.write("\n" + json.dumps(told, default=repr) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
