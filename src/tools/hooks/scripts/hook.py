"""Calls a function of the user's for a hook, in a process of its own.

`python3 hook.py file MODULE FUNCTION [PACKAGES…]` or `python3 hook.py import DOTTED.NAME '' FOLDER`. Reads
`{event, env}` as JSON, calls the function with the event, and writes what it gives back as JSON. Functions that are
named by their import path get the event as an object, as in MassGen, and its HookResult is understood.
"""

import asyncio
import importlib
import importlib.util
import inspect
import json
import os
import sys
import types

answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
# What the function says besides is no answer.
os.dup2(2, 1)
sys.stdout = sys.stderr


class HookEvent(dict):
    """The event, by key and by attribute."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class HookResult:
    def __init__(self, allowed=True, metadata=None, modified_args=None, decision="allow", reason=None,
                 updated_input=None, inject=None, **_):
        self.allowed = allowed and decision != "deny"
        self.metadata = metadata or {}
        self.modified_args = modified_args
        self.decision = decision if allowed else "deny"
        self.reason = reason
        self.updated_input = updated_input
        self.inject = inject

    @classmethod
    def allow(cls):
        return cls()

    @classmethod
    def deny(cls, reason=None):
        return cls(allowed=False, decision="deny", reason=reason)

    @classmethod
    def ask(cls, reason=None):
        return cls(decision="ask", reason=reason)


def offer_names():
    """Lets hooks that were written for MassGen find the names that they import."""
    if importlib.util.find_spec("massgen") is not None:
        return
    for name in ("massgen", "massgen.mcp_tools", "massgen.mcp_tools.hooks"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["massgen.mcp_tools.hooks"].HookEvent = HookEvent
    sys.modules["massgen.mcp_tools.hooks"].HookResult = HookResult


def find(kind, place, name, folders):
    sys.path[:0] = folders
    if kind == "import":
        offer_names()
        module_name, _, name = place.rpartition(".")
        return getattr(importlib.import_module(module_name), name)
    sys.path.insert(0, os.path.dirname(place))
    spec = importlib.util.spec_from_file_location("hook_module", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name or "hook")


def plain(kind, said):
    if said is None or isinstance(said, dict):
        word = dict(said or {})
    else:
        keys = ("allowed", "decision", "reason", "updated_input", "modified_args", "inject")
        word = {key: getattr(said, key) for key in keys if getattr(said, key, None) is not None}
    # In MassGen "allow" is what a hook says that has nothing to say.
    if kind == "import" and word.get("decision") == "allow":
        del word["decision"]
    return word


def main():
    kind, place, name, *folders = sys.argv[1:]
    request = json.load(sys.stdin)
    os.environ.update(request["env"])
    said = find(kind, place, name, folders)(HookEvent(request["event"]))
    if inspect.isawaitable(said):
        async def wait():
            return await said
        said = asyncio.run(wait())
    answer.write(json.dumps(plain(kind, said)))
    answer.flush()


try:
    main()
except Exception as error:  # noqa: BLE001
    sys.stderr.write(f"{type(error).__name__}: {error}\n")
    sys.exit(1)
