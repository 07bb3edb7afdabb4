import * as z from 'zod';
import { anything, detail, key, flag, opt, planned, positive, text, textMap, texts } from './key.ts';

const security = z.object({
  level: planned(text, 'How much a server may do: `strict`, `moderate` or `permissive`; any other word means strict.'),
  allowed_executables: planned(texts, 'Further programs that `command` may start.'),
  allow_localhost: planned(flag, 'Servers on this machine may be reached by URL.'),
  allow_private_ips: planned(flag, 'Servers in private networks may be reached by URL.'),
  resolve_dns: planned(flag, 'Check the addresses behind a host name, too.'),
  allowed_hostnames: planned(texts, 'Host names that are always allowed.'),
  env: planned(
    z.object({
      level: planned(text, 'As `level`, for environment variables.'),
      mode: planned(
        z.enum(['denylist', 'allowlist']),
        'Whether variables are allowed unless denied, or denied unless allowed.',
      ),
      allowed_vars: planned(texts, 'Variables that a server may get.'),
      denied_vars: planned(texts, 'Variables that a server never gets.'),
    }),
    'Rules for `env`.',
  ),
});

/** One MCP server. `name` is required in the list form and taken from the key in the map form. */
export const mcpServer = z.object({
  name: planned(text, 'Name of the server, part of its tools’ names.'),
  type: planned(z.enum(['stdio', 'streamable-http']), 'How to talk to it; `stdio` if left out.'),
  command: planned(z.union([text, texts]), 'Program to start (stdio).'),
  args: planned(texts, 'Arguments of the program.'),
  env: planned(textMap, 'Environment variables of the program; a value may hold one ${VAR}.'),
  cwd: planned(text, 'Folder in which the program runs.'),
  url: planned(text, 'Address (streamable-http).'),
  headers: planned(textMap, 'HTTP headers (streamable-http).'),
  timeout: planned(positive.max(300), 'Seconds to wait for an answer; 30 if left out.'),
  http_read_timeout: planned(positive.max(300), 'Seconds to wait for the next event; 300 if left out.'),
  allowed_tools: planned(texts, 'Only these tools; replaces the backend’s list for this server.'),
  exclude_tools: planned(texts, 'Not these tools; added to the backend’s list.'),
  description: planned(text, 'What the server is for.'),
  security: planned(security, 'What the server may do.'),
  strict: planned(flag, 'False leaves this server’s tools out of `enable_strict_tool_use`.'),
  defer_loading: planned(flag, 'False shows this server’s tools to the model at once, despite `enable_tool_search`.'),
  disabled: detail(flag, 'Leaves this server out.'),
});

export const mcpServers = z.union([z.array(mcpServer), z.record(z.string(), mcpServer)]);

/** A tool of the user's own: a Python function. */
export const customTool = z.object({
  name: planned(z.union([text, texts]), 'Name or names to show to the model.'),
  category: planned(text, 'Group of tools; `default` if left out.'),
  path: planned(text, 'Python file that holds the function; without it, a built-in function is meant.'),
  function: key(z.union([text, texts]), 'Function or functions to offer.', 'planned'),
  description: planned(z.union([text, texts]), 'What the tool does, for the model.'),
  preset_args: planned(anything, 'Arguments that are filled in and hidden from the model: a map, or a list of maps.'),
  default_params: opt(anything, 'Read by nothing; `preset_args` is the key.', 'inert'),
  strict: planned(flag, 'False leaves this tool out of `enable_strict_tool_use`.'),
  defer_loading: planned(flag, 'False shows this tool to the model at once, despite `enable_tool_search`.'),
});
