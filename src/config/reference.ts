import * as z from 'zod';
import type { BackendType } from './catalogue.ts';
import { BACKEND_TYPES } from './catalogue.ts';
import { configSchema } from './schema/config.ts';
import type { Support } from './schema/key.ts';
import { keyNotes } from './schema/key.ts';
import { knownMapOf, unwrap } from './schema/walk.ts';

interface Row {
  path: string;
  type: string;
  default: string;
  meaning: string;
  support: Support;
}

const STATE: Readonly<Record<Support, string>> = { works: 'yes', planned: 'not yet', inert: 'no effect' };

const HEAD = `# Config files

A config is a YAML or JSON file. MassGen’s files are read unchanged; the keys of this page are all that are known.
This page is made from the schema in \`src/config/schema\`; \`UPDATE_DOCS=1 npx vitest run test/config\` writes it anew.

- YAML is read as version 1.1, as PyYAML does it: \`yes\`, \`on\`, \`no\` and \`off\` are switches, \`010\` is eight, \`1:30\` is
  ninety, \`1e3\` is text. Dates are text. A key that stands twice is a warning, and the last one counts.
- \`\${NAME}\` in any text is the variable NAME, \`\${NAME:-text}\` has a default, \`$\${NAME}\` is written literally. Names have
  capitals, digits and \`_\` only. An unset variable stops a start, not a check. Where a number or a switch is wanted, the
  variable is read as one. \`\${cwd}\` in a backend is that backend’s \`cwd\`.
- Variables come from the shell, then \`./.env\`, then \`~/.massgen/.env\` (\`$MASSGEN_HOME/.env\` where that variable is set); the first that has a value wins.
- A key from the environment is sent to its vendor’s own hosts and to this machine only. For another host, name the
  variable with \`api_key_env\`, or write \`api_key: \${NAME}\`.
- Unknown keys are warnings (errors with \`--strict\`). In a backend they are passed on to the provider nevertheless.
- An \`id\` may be a number and is then taken as text. \`agents: []\` is an error. A missing \`type\` is found by the model.
- “Not yet” keys are read and checked. A run that asks for one says so and goes on without it.

## Keys

\`[]\` stands for an entry of a list, \`<name>\` for a name of your own. A single \`agent\` has the keys of \`agents[]\`.

| Key | Type | Default | Meaning | Works |
|---|---|---|---|---|
`;

/** The text of docs/config.md, out of the schema and the catalogue. */
export function writeReference(): string {
  const rows = collect(configSchema, '').map(
    (row) =>
      `| \`${row.path}\` | ${cell(row.type)} | ${cell(row.default)} | ${cell(row.meaning)} | ${STATE[row.support]} |`,
  );
  return `${HEAD}${rows.join('\n')}\n\n${writeTypes()}`;
}

function writeTypes(): string {
  const lines = BACKEND_TYPES.map((t) => [
    t.type,
    t.label,
    keyCell(t),
    addressCell(t),
    t.defaultModel ?? 'must be given',
    t.protocol ?? 'not yet',
  ]).map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return [
    '## Backend types',
    '',
    '`chatcompletion` takes the key of the vendor that its `base_url` belongs to. `azure_openai` takes its address from',
    '`base_url` or `AZURE_OPENAI_ENDPOINT`; `model` is the deployment. `grok` with web search speaks `responses`.',
    '',
    '| Type | Provider | Key | Address | Default model | Protocol |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function keyCell(type: BackendType): string {
  if (type.keyVariables.length === 0) return type.type === 'chatcompletion' ? 'by address' : 'none';
  return type.keyVariables.join(', ') + (type.keyNeed === 'required' ? '' : ' (optional)');
}

function addressCell(type: BackendType): string {
  if (type.baseUrl !== null) return type.baseUrl;
  if (type.type === 'azure_openai') return 'AZURE_OPENAI_ENDPOINT';
  return type.protocol === null || type.keyNeed === 'none' ? '–' : 'the SDK’s own';
}

/** Maps with the keys of another place, which their meanings name. */
const SAME_AS_ELSEWHERE: ReadonlySet<string> = new Set([
  'agent',
  'orchestrator.coordination.subagent_orchestrator.agents[].backend',
  'agents[].permissions.risk_model',
  'agents[].hooks',
  'agents[].backend.hooks',
  'hooks.post_tool',
  'hooks.vote',
  'hooks.PreToolUse',
  'hooks.PostToolUse',
]);

function collect(schema: z.ZodType, prefix: string): Row[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return collect(inner.element as z.ZodType, `${prefix}[]`);
  if (inner instanceof z.ZodUnion) return collectUnion(inner, prefix);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(knownMapOf(inner).shape).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const row: Row = {
      path,
      type: typeOf(child),
      default: defaultOf(child),
      meaning: child.description ?? '',
      support: keyNotes.get(child)?.support ?? 'works',
    };
    return SAME_AS_ELSEWHERE.has(path) ? [row] : [row, ...collect(child, path)];
  });
}

/** Of forms that say the same, the list stands for all. */
function collectUnion(union: z.ZodUnion, prefix: string): Row[] {
  const parts = (union.options as z.ZodType[]).map(unwrap);
  const list = parts.find((part) => part instanceof z.ZodArray);
  return list === undefined ? [] : collect(list, prefix);
}

function typeOf(schema: z.ZodType): string {
  const inner = unwrap(schema);
  const suffix = isNullable(schema) ? ' or null' : '';
  if (inner instanceof z.ZodEnum) {
    const words = inner.options.map(String);
    return (words.length > 10 ? 'a type, see below' : words.join(', ')) + suffix;
  }
  if (inner instanceof z.ZodUnion) {
    return [...new Set((inner.options as z.ZodType[]).map(typeOf))].join(' or ') + suffix;
  }
  if (inner instanceof z.ZodArray) return `list of ${typeOf(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return 'map';
  if (inner instanceof z.ZodString) return 'text';
  if (inner instanceof z.ZodBoolean) return 'true, false';
  if (inner instanceof z.ZodNumber) return (inner.format === 'safeint' ? 'whole number' : 'number') + suffix;
  return 'anything';
}

function isNullable(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodNullable) return true;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? isNullable(schema.unwrap() as z.ZodType)
    : false;
}

function defaultOf(schema: z.ZodType): string {
  return schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : '';
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
