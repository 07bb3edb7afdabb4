import { isJsonObject, type JsonObject, type JsonValue } from '../../../events/json.ts';

/** Something that a server has to be told before it works, a key most of all. */
export interface WantedVariable {
  /** Of the environment, where the user puts it. */
  name: string;
  description: string;
  isSecret: boolean;
  isRequired: boolean;
}

/** A server that a registry offers, and what a config would say to use it. All texts are the registry's: hostile. */
export interface ServerOffer {
  registry: 'official' | 'smithery';
  /** As the registry names it. */
  name: string;
  description: string;
  /** An entry of `mcp_servers`; null for one that cannot be used here. */
  entry: JsonObject | null;
  /** Why `entry` is null. */
  fault: string | null;
  variables: WantedVariable[];
}

/** A server of the official registry (`/v0/servers`), in its present form or the one before, without the envelope. */
export function officialOffer(value: JsonValue): ServerOffer | null {
  if (!isJsonObject(value)) return null;
  const inner = value['server'];
  const server = inner !== undefined && isJsonObject(inner) ? inner : value;
  const name = textOf(server['name']);
  if (name === '') return null;
  const common = { registry: 'official' as const, name, description: textOf(server['description']) };
  for (const found of listOf(server['packages'])) {
    const made = packageEntry(found);
    if (made) return { ...common, ...made, fault: null };
  }
  for (const remote of listOf(server['remotes'])) {
    const made = remoteEntry(name, remote);
    if (made) return { ...common, ...made, fault: null };
  }
  const fault = 'It offers no package of npm or PyPI and no address, so it cannot be started here.';
  return { ...common, entry: null, fault, variables: [] };
}

type Made = Pick<ServerOffer, 'entry' | 'variables'>;

/** Programs that fetch a package and run it; the version is fixed, so that what was looked at is what runs. */
function packageEntry(found: JsonObject): Made | null {
  const kind = textOf(found['registryType']) || textOf(found['registry_type']) || textOf(found['registry_name']);
  const identifier = textOf(found['identifier']) || textOf(found['name']);
  const version = textOf(found['version']);
  if (!/^[@\w][\w@/.-]*$/.test(identifier) || !/^[\w.+-]*$/.test(version)) return null;
  const transport = found['transport'];
  if (transport !== undefined && isJsonObject(transport) && textOf(transport['type']) !== 'stdio') return null;
  const args = argumentsOf(found['packageArguments'] ?? found['package_arguments']);
  const start =
    kind === 'npm'
      ? { command: 'npx', args: ['-y', version === '' ? identifier : `${identifier}@${version}`, ...args.texts] }
      : kind === 'pypi'
        ? { command: 'uvx', args: [version === '' ? identifier : `${identifier}==${version}`, ...args.texts] }
        : null;
  if (!start) return null;
  const named = listOf(found['environmentVariables'] ?? found['environment_variables']);
  const variables = named.flatMap((each) => variableOf(each, textOf(each['name'])));
  const env = Object.fromEntries(
    variables.filter(({ isRequired, isSecret }) => isRequired || isSecret).map(({ name }) => [name, `\${${name}}`]),
  );
  const hasEnv = Object.keys(env).length > 0;
  return { entry: { ...start, ...(hasEnv && { env }) }, variables: [...variables, ...args.variables] };
}

function argumentsOf(value: JsonValue | undefined): { texts: string[]; variables: WantedVariable[] } {
  const texts: string[] = [];
  const variables: WantedVariable[] = [];
  for (const argument of listOf(value)) {
    const fixed = textOf(argument['value']) || textOf(argument['default']);
    const isRequired = argument['isRequired'] === true || argument['is_required'] === true;
    if (fixed === '' && !isRequired) continue;
    if (textOf(argument['type']) === 'named') texts.push(textOf(argument['name']));
    if (fixed !== '') texts.push(fixed);
    else {
      const hint = textOf(argument['valueHint']) || textOf(argument['name']) || 'ARGUMENT';
      const wanted = variableOf({ ...argument, isRequired: true }, variableName(hint));
      variables.push(...wanted);
      texts.push(...wanted.map(({ name }) => `\${${name}}`));
    }
  }
  return { texts: texts.filter((text) => text !== ''), variables };
}

function remoteEntry(server: string, remote: JsonObject): Made | null {
  const kind = textOf(remote['type']) || textOf(remote['transport_type']);
  const url = textOf(remote['url']);
  if (!['streamable-http', 'sse'].includes(kind) || !URL.canParse(url)) return null;
  const wanted = listOf(remote['headers']).filter((each) => each['isRequired'] === true || each['isSecret'] === true);
  const variables = wanted.flatMap((each) => variableOf(each, variableName(`${server}_${textOf(each['name'])}`)));
  const headers = Object.fromEntries(
    wanted.map((each, index) => {
      const own = `\${${variables[index]?.name ?? 'KEY'}}`;
      // `Bearer {token}` keeps its words.
      const written = textOf(each['value']);
      return [textOf(each['name']), /\{[^}]+\}/.test(written) ? written.replaceAll(/\{[^}]+\}/g, () => own) : own];
    }),
  );
  const hasHeaders = Object.keys(headers).length > 0;
  return { entry: { type: kind, url, ...(hasHeaders && { headers }) }, variables };
}

/** A server of Smithery's list, or of its own page. Smithery runs the server and asks for a login. */
export function smitheryOffer(value: JsonValue): ServerOffer | null {
  if (!isJsonObject(value)) return null;
  const name = textOf(value['qualifiedName']);
  if (name === '') return null;
  const common = { registry: 'smithery' as const, name, description: textOf(value['description']), variables: [] };
  const http = listOf(value['connections']).find((each) => textOf(each['type']) === 'http');
  const address = (http && (textOf(http['deploymentUrl']) || textOf(http['url']))) || textOf(value['deploymentUrl']);
  const isRemote = http !== undefined || value['remote'] === true || value['isDeployed'] === true;
  if (!isRemote) return { ...common, entry: null, fault: 'Smithery does not run it, and it cannot be started here.' };
  const url = address === '' ? `https://server.smithery.ai/${name}/mcp` : withPath(address);
  if (!URL.canParse(url)) return { ...common, entry: null, fault: 'Its address is none.' };
  return { ...common, entry: { type: 'streamable-http', url }, fault: null };
}

/** Smithery tells hosts; servers answer under `/mcp`. */
function withPath(address: string): string {
  const url = URL.parse(address);
  if (url?.pathname === '/') url.pathname = '/mcp';
  return url?.href ?? address;
}

function variableOf(told: JsonObject, name: string): WantedVariable[] {
  if (!/^[A-Z_][A-Z0-9_]{0,99}$/.test(name)) return [];
  return [
    {
      name,
      description: textOf(told['description']),
      isSecret: told['isSecret'] === true || told['is_secret'] === true,
      isRequired: told['isRequired'] === true || told['is_required'] === true,
    },
  ];
}

function variableName(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 100);
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : []).filter((each) => isJsonObject(each));
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
