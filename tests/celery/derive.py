"""Prints what an installed Celery knows, as JSON: the same facts that src/knowledge/*.csv holds.

Run by tests/celery.rs with the Python of a virtual environment. Imports to try and the defaults of our table come on standard input.
"""
import datetime
import importlib
import importlib.util
import json
import pkgutil
import sys

from celery.app import backends, defaults
from kombu.transport import TRANSPORT_ALIASES


def settings(written):
    old_names = {}
    for old, new in defaults._TO_NEW_KEY.items():
        if old.upper() != new.upper():
            old_names.setdefault(new.lower(), []).append(old.upper())
    found = {}
    for name, option in defaults.flatten(defaults.NAMESPACES):
        same = name in written and is_default(option.default, written[name])
        found[name] = {
            "kind": option.type, "old": old_names.get(name, []), "default": repr(option.default), "same_default": same,
        }
    return found


def is_default(default, written):
    """Whether a text of our table means the default. It shows a tuple as a list where people write lists."""
    value = eval(written, {"timedelta": datetime.timedelta})
    if isinstance(default, tuple) and isinstance(value, list):
        default = list(default)
    return type(value) is type(default) and value == default


def result_backends():
    """The aliases whose module is there: `riak` stayed in the table after its module had gone."""
    def is_present(path):
        module = path.split(":")[0] if ":" in path else path.rpartition(".")[0]
        return importlib.util.find_spec(module) is not None

    return sorted(alias for alias, path in backends.BACKEND_ALIASES.items() if is_present(path))


def options_of_click():
    import click
    from celery.bin.celery import celery

    commands = {"": celery}
    commands.update(celery.commands)
    found = {}
    for name, command in commands.items():
        rows = found.setdefault(name, {})
        for each in command.params:
            if isinstance(each, click.Option):
                for written in list(each.opts) + list(each.secondary_opts):
                    if written != "--help":
                        rows[written] = not (each.is_flag or each.count)
    return found


def options_of_argparse():
    from celery.bin.celery import CeleryCommand
    from celery.app.base import Celery

    app = Celery("derive")
    found = {}
    for name, command in CeleryCommand.commands.items():
        rows = found.setdefault(name, {})
        try:
            parser = command(app=app).create_parser("celery", name)
        except Exception:  # `multi` and `help` have no parser of their own.
            continue
        for action in parser._actions:
            for written in action.option_strings:
                rows[written] = action.nargs != 0
    return found


def is_there(module, name):
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        # A module that is there but wants another package is there.
        missing = getattr(error, "name", None) or ""
        return missing.split(".")[0] not in ("celery", "kombu") and "cannot import" not in str(error)
    except Exception:
        return True
    if name is None or hasattr(found, name):
        return True
    try:
        importlib.import_module("%s.%s" % (module, name))
        return True
    except ImportError:
        return False


def names_of(module):
    """What can be taken from a module; absent if there is none, or if it wants another package."""
    try:
        found = importlib.import_module(module)
    except Exception:
        return None
    names = set(dir(found))
    names.update(each.name for each in pkgutil.iter_modules(getattr(found, "__path__", [])))
    return sorted(name for name in names if not name.startswith("__"))


def main():
    try:
        import click  # noqa: F401
        from celery.bin import amqp

        new = hasattr(amqp, "amqp")
    except ImportError:
        new = False
    options = options_of_click() if new else options_of_argparse()
    asked = json.load(sys.stdin)
    told = {
        "settings": settings(asked["defaults"]),
        "options": options,
        "backends": result_backends(),
        "transports": sorted({alias.lower() for alias in TRANSPORT_ALIASES}),
        "modules": {module: names_of(module) for module in asked["modules"]},
        "imports": [is_there(module, name) for module, name in asked["imports"]],
    }
    sys.stdout.write("\n" + json.dumps(told, default=lambda kind: kind.__name__) + "\n")


main()
