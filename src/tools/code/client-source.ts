/** Where a command finds the way back to this program. */
export const SOCKET_VARIABLE = 'MASSGEN_TOOLS_SOCKET';
export const TOKEN_VARIABLE = 'MASSGEN_TOOLS_TOKEN';
/** The Node.js that runs TypeScript; the one of a project may be too old for it. */
export const NODE_VARIABLE = 'MASSGEN_NODE';

const NO_WAY = 'Tools can be called only by code that run_command runs, and only while it runs.';

/** What the generated functions of Python share. Python 3.8 or newer, no packages. */
export const PYTHON_CLIENT = `import json
import os
import socket
import threading


class ToolError(Exception):
    """The call was refused or failed; the message says why."""


UNSET = object()
_lock = threading.Lock()
_link = None
_owner = None
_count = 0


def _connected():
    global _link, _owner
    if _link is None or _owner != os.getpid():
        path, token = os.environ.get("${SOCKET_VARIABLE}"), os.environ.get("${TOKEN_VARIABLE}")
        if not path or not token:
            raise ToolError("${NO_WAY}")
        try:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
        except OSError:
            raise ToolError("${NO_WAY}") from None
        _link, _owner = connection.makefile("rw", encoding="utf-8", newline="\\n"), os.getpid()
        _link.write(json.dumps({"token": token}) + "\\n")
    return _link


def call_tool(tool, arguments):
    """Calls a tool with a dict of arguments. Returns its text, or raises ToolError."""
    global _count, _link
    with _lock:
        _count += 1
        given = {name: value for name, value in arguments.items() if value is not UNSET}
        try:
            link = _connected()
            link.write(json.dumps({"id": _count, "tool": tool, "args": given}, allow_nan=False) + "\\n")
            link.flush()
            line = link.readline()
        except OSError:
            line = ""
        if not line:
            _link = None
            raise ToolError("${NO_WAY}")
    answer = json.loads(line)
    if answer["isError"]:
        raise ToolError(answer["output"])
    return answer["output"]
`;

/** What the generated functions of TypeScript share; also plain JavaScript but for the types. */
export const TYPESCRIPT_CLIENT = `import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The call was refused or failed; the message says why. */
export class ToolError extends Error {
  override name = 'ToolError';
}

const NO_WAY = ${JSON.stringify(NO_WAY)};
const waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
let link: Socket | null = null;
let count = 0;

function connected(): Socket {
  if (link) return link;
  const { ${SOCKET_VARIABLE}: path, ${TOKEN_VARIABLE}: token } = process.env;
  if (!path || !token) throw new ToolError(NO_WAY);
  const socket = connect(path);
  link = socket;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    link = null;
    for (const { reject } of waiting.values()) reject(new ToolError(NO_WAY));
    waiting.clear();
  });
  createInterface({ input: socket }).on('line', (line) => {
    const { id, output, isError } = JSON.parse(line);
    const call = waiting.get(id);
    waiting.delete(id);
    // A program ends when it waits for nothing more.
    if (waiting.size === 0) socket.unref();
    if (isError) call?.reject(new ToolError(output));
    else call?.resolve(output);
  });
  socket.write(JSON.stringify({ token }) + '\\n');
  return socket;
}

/** Calls a tool with an object of arguments. Resolves with its text, or rejects with a ToolError. */
export async function callTool(tool: string, args: object): Promise<string> {
  const socket = connected();
  const id = ++count;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    socket.ref();
    socket.write(JSON.stringify({ id, tool, args }) + '\\n');
  });
}
`;
