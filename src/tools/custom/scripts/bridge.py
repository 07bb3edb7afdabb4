"""Runs a tool of the user's, a Python function, in a process of its own: python3 bridge.py SOCKET TOKEN.

Gets one request over the socket, and answers with progress and one result. Python 3.9 or newer, no packages.
"""
import asyncio
import dataclasses
import enum
import importlib.util
import inspect
import json
import os
import re
import socket
import sys
import types
import typing

HIDDEN = "__massgen_context__"


class Block:
    """TextContent, ImageContent and AudioContent of MassGen's tools."""

    def __init__(self, data="", **more):
        self.data = data
        self.__dict__.update(more)


@dataclasses.dataclass
class ExecutionResult:
    output_blocks: list = dataclasses.field(default_factory=list)
    meta_info: typing.Optional[dict] = None
    is_streaming: bool = False
    is_final: bool = True
    is_log: bool = False
    was_interrupted: bool = False
    result_id: str = ""


def context_params(*names):
    """Names of parameters that the program fills in and the model does not see."""

    def mark(function):
        setattr(function, HIDDEN, set(names))
        return function

    return mark


def offer_massgen():
    """Lets tools that were written for MassGen import what they are made with, where MassGen is not installed."""
    try:
        if importlib.util.find_spec("massgen") is not None:
            return
    except (ImportError, ValueError):
        pass
    package = types.ModuleType("massgen")
    package.__path__ = []
    sys.modules["massgen"] = package
    for name in ("massgen.tool", "massgen.tool._result", "massgen.tool._decorators"):
        module = types.ModuleType(name)
        module.__path__ = []
        module.ExecutionResult = ExecutionResult
        module.TextContent = module.ImageContent = module.AudioContent = Block
        module.context_params = context_params
        sys.modules[name] = module


def load(path):
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    name = re.sub(r"\W", "_", os.path.splitext(os.path.basename(path))[0])
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def functions_of(module, names):
    if names is None:
        own = [
            name
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        ]
        names = ["main"] if "main" in own else own[:1]
    found = {}
    for name in names:
        function = getattr(module, name, None)
        if not callable(function):
            raise LookupError(f"the module has no function called {name}")
        found[name] = function
    return found


SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", bytes: "string", type(None): "null"}


def schema_of(hint):
    if hint in SIMPLE:
        return {"type": SIMPLE[hint]}
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        schema = schema_of(inner[0])
        texts = [each for each in inner[1:] if isinstance(each, str)]
        return {**schema, "description": texts[0]} if texts else schema
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin is typing.Union or origin is getattr(types, "UnionType", typing.Union):
        return {"anyOf": [schema_of(each) for each in inner]}
    if hint in (list, set, tuple, frozenset):
        return {"type": "array"}
    if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
        return {"type": "array", "prefixItems": [schema_of(each) for each in inner], "minItems": len(inner), "maxItems": len(inner)}
    if isinstance(origin, type) and issubclass(origin, (list, set, frozenset, tuple)) or getattr(origin, "__name__", "") in ("Sequence", "Iterable"):
        return {"type": "array", "items": schema_of(inner[0])} if inner else {"type": "array"}
    if hint is dict or isinstance(origin, type) and issubclass(origin, dict) or getattr(origin, "__name__", "") == "Mapping":
        values = schema_of(inner[1]) if len(inner) == 2 else {}
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [each.value for each in hint]}
    if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or typing.is_typeddict(hint) if hasattr(typing, "is_typeddict") else dataclasses.is_dataclass(hint)):
        return object_schema(hint)
    return {}


def object_schema(hint):
    hints = typing.get_type_hints(hint)
    if dataclasses.is_dataclass(hint):
        missing = dataclasses.MISSING
        required = [f.name for f in dataclasses.fields(hint) if f.default is missing and f.default_factory is missing]
    else:
        required = sorted(hint.__required_keys__)
    return {"type": "object", "properties": {name: schema_of(each) for name, each in hints.items()}, "required": required, "additionalProperties": False}


SECTION = re.compile(r"^(args|arguments|parameters|params|returns?|yields?|raises|examples?|notes?)\s*:?\s*$", re.I)


def parse_docstring(function):
    """The text before the first section, and what is said of each argument (Google's and Sphinx's ways)."""
    text = inspect.getdoc(function) or ""
    summary, notes, section, name = [], {}, None, None
    for line in text.splitlines():
        sphinx = re.match(r":param\s+(?:[\w\[\], .]+\s+)?(\w+):\s*(.*)", line)
        if sphinx:
            section, name = "args", sphinx.group(1)
            notes[name] = sphinx.group(2)
        elif SECTION.match(line.strip()) and not line.startswith(" "):
            section, name = line.strip().rstrip(":").lower(), None
        elif section is None:
            summary.append(line)
        elif section in ("args", "arguments", "parameters", "params"):
            entry = re.match(r"\s+\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)", line)
            if entry:
                name = entry.group(1)
                notes[name] = entry.group(2)
            elif name and line.strip():
                notes[name] = f"{notes[name]} {line.strip()}"
    return "\n".join(summary).strip(), notes


def signature_of(function):
    target = function if inspect.isroutine(function) else function.__call__
    try:
        hints = typing.get_type_hints(target, include_extras=True)
    except Exception:
        hints = {}
    return inspect.signature(target), hints


def describe(name, function):
    signature, hints = signature_of(function)
    summary, notes = parse_docstring(function)
    hidden = getattr(function, HIDDEN, set())
    properties, required, is_open = {}, [], False
    for parameter in signature.parameters.values():
        if parameter.name in hidden or parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            is_open = True
            continue
        schema = schema_of(hints.get(parameter.name, parameter.annotation))
        if parameter.name in notes:
            schema = {**schema, "description": notes[parameter.name]}
        if parameter.default is parameter.empty:
            required.append(parameter.name)
        elif isinstance(parameter.default, (str, int, float, bool)):
            schema = {**schema, "default": parameter.default}
        properties[parameter.name] = schema
    parameters = {"type": "object", "properties": properties, "required": required}
    if not is_open:
        parameters["additionalProperties"] = False
    return {"function": name, "name": None, "description": summary, "parameters": parameters, "annotations": {}}


def value_for(hint, value):
    """Enums and dataclasses come as plain values."""
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return hint(**value)
    return value


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    blocks = getattr(value, "output_blocks", None)
    if isinstance(blocks, list):
        return "\n".join(str(getattr(block, "data", block)) for block in blocks)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (TypeError, ValueError) as error:
        raise TypeError(f"what it gave back cannot be written as JSON ({error})") from None


async def steps_of(made):
    """Everything that a call gives, one after the other, whatever kind of function it is."""
    if inspect.isawaitable(made):
        made = await made
    if inspect.isasyncgen(made):
        async for step in made:
            yield step
    elif inspect.isgenerator(made):
        result = None
        while True:
            try:
                step = next(made)
            except StopIteration as end:
                result = end.value
                break
            yield step
        if result is not None:
            yield result
    else:
        yield made


async def call(function, args, context, send):
    signature, hints = signature_of(function)
    hidden = getattr(function, HIDDEN, set())
    given = {name: value_for(hints.get(name), value) for name, value in args.items()}
    given.update({name: context.get(name) for name in hidden if name in signature.parameters})
    last, results = None, []
    async for step in steps_of(function(**given)):
        if getattr(step, "is_log", False):
            send({"progress": text_of(step)})
            continue
        if last is not None:
            send({"progress": text_of(last)})
        last = step
        if isinstance(getattr(step, "output_blocks", None), list):
            results.append(step)
    # Pieces of a streamed ExecutionResult are one result; of plain values the last one is.
    return "\n".join(text_of(each) for each in results) if results and results[-1] is last else text_of(last)


def main():
    path, token = sys.argv[1:3]
    link = socket.socket(socket.AF_UNIX)
    link.connect(path)
    stream = link.makefile("rw", encoding="utf-8")

    def send(message):
        stream.write(json.dumps(message) + "\n")
        stream.flush()

    send({"token": token})
    request = json.loads(stream.readline())
    os.environ.update(request["env"])
    sys.path.extend(request["paths"])
    try:
        offer_massgen()
        module = load(request["module"])
        if request["mode"] == "describe":
            found = functions_of(module, request["functions"])
            send({"tools": [describe(name, function) for name, function in found.items()]})
        else:
            function = functions_of(module, [request["function"]])[request["function"]]
            send({"result": asyncio.run(call(function, request["args"], request["context"], send))})
    except BaseException as error:  # SystemExit too: it is the tool's, and a result.
        send({"error": f"{type(error).__name__}: {error}"})
    stream.flush()
    link.shutdown(socket.SHUT_WR)


main()
