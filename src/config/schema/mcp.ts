import * as z from 'zod';
import { anything, flag, opt, positive, text, textMap, texts } from './key.ts';

const security = z.object({
  level: opt(text, 'How much a server may do: `strict`, `moderate` or `permissive`; any other word means strict.'),
  allowed_executables: opt(texts, 'Further programs that `command` may start, also with code in their arguments.'),
  allow_localhost: opt(flag, 'Servers on this machine may be reached by URL.'),
  allow_private_ips: opt(flag, 'Servers in private networks may be reached by URL.'),
  resolve_dns: opt(flag, 'Accepted; the addresses behind a host name are always checked.', 'inert'),
  allowed_hostnames: opt(texts, 'Host names that are always allowed.'),
  env: opt(
    z.object({
      level: opt(text, 'As `level`, for environment variables.'),
      mode: opt(
        z.enum(['denylist', 'allowlist']),
        'Whether variables are allowed unless denied, or denied unless allowed.',
      ),
      allowed_vars: opt(texts, 'Variables that a server may get.'),
      denied_vars: opt(texts, 'Variables that a server never gets.'),
    }),
    'Rules for `env`.',
  ),
});

/** One MCP server. `name` is required in the list form and taken from the key in the map form. */
export const mcpServer = z.object({
  name: opt(text, 'Name of the server, part of its tools’ names.'),
  type: opt(
    z.enum(['stdio', 'streamable-http', 'sse']),
    'How to talk to it; by `command` or `url` if left out. `sse` is out of date: use `streamable-http` where the server has it.',
  ),
  command: opt(z.union([text, texts]), 'Program to start (stdio).'),
  args: opt(texts, 'Arguments of the program.'),
  env: opt(textMap, 'Environment variables of the program; a value may hold one ${VAR}.'),
  cwd: opt(text, 'Folder in which the program runs.'),
  url: opt(text, 'Address (streamable-http).'),
  headers: opt(textMap, 'HTTP headers (streamable-http).'),
  timeout: opt(positive.max(300), 'Seconds that a call may take; 400 if left out.'),
  http_read_timeout: opt(positive.max(300), 'Seconds to wait for the next event; 300 if left out.'),
  allowed_tools: opt(texts, 'Only these tools; replaces the backend’s list for this server.'),
  exclude_tools: opt(texts, 'Not these tools; added to the backend’s list.'),
  description: opt(text, 'What the server is for.', 'inert'),
  security: opt(security, 'What the server may do.'),
  strict: opt(flag, 'False leaves this server’s tools out of `enable_strict_tool_use`.'),
  defer_loading: opt(
    flag,
    'False shows this server’s tools to the model at once, despite `enable_tool_search`; true hides them until searched for.',
  ),
  allow_sampling: opt(
    flag,
    'Whether the server may have the agent’s model answer it, at the cost of the agent; false if left out.',
  ),
  shared: opt(
    flag,
    'One server for all agents of a run that name it in the same way; for servers that keep nothing of who calls. False if left out.',
  ),
  disabled: opt(flag, 'Leaves this server out.'),
});

export const mcpServers = z.union([z.array(mcpServer), z.record(z.string(), mcpServer)]);

/** Tools of the user's own: functions of a module. */
export const customTool = z.object({
  name: opt(
    z.union([text, texts]),
    'Name or names to show to the model, after `custom_tool__`; the function’s if left out.',
  ),
  category: opt(text, 'Group of tools; has no effect.', 'inert'),
  path: opt(
    text,
    'File that holds the tools: Python (`.py`), JavaScript or TypeScript; or the name of a package of JavaScript.',
  ),
  function: opt(
    z.union([text, texts]),
    'Function or functions to offer; without it, every tool that a JavaScript module exports, or `main`, or the first function of a Python file.',
  ),
  description: opt(z.union([text, texts]), 'What the tool does, for the model; the function’s own words if left out.'),
  preset_args: opt(
    anything,
    'Arguments that are filled in, win over the model’s and are hidden from it: a map, or a list of maps.',
  ),
  default_params: opt(anything, 'Read by nothing; `preset_args` is the key.', 'inert'),
  env: opt(textMap, 'Environment variables of the tools, e.g. `WEATHER_KEY: ${WEATHER_KEY}`; they get no others.'),
  network: opt(flag, 'Whether the tools reach the network from the sandbox; false if left out.'),
  timeout: opt(positive, 'Seconds that a call may take; 400 if left out.'),
  read_only: opt(flag, 'True says that the tools change nothing anywhere.'),
  strict: opt(flag, 'False leaves these tools out of `enable_strict_tool_use`.'),
  defer_loading: opt(flag, 'False shows these tools to the model at once, despite `enable_tool_search`.'),
});
