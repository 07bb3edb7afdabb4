import type { JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { Environment } from './env.ts';
import type { Reference } from './expand.ts';
import { expandVariables } from './expand.ts';
import type { Finding } from './finding.ts';
import { findLegacyWords } from './legacy-words.ts';
import type { KeyPath } from './problem.ts';
import { formatLocation } from './problem.ts';
import { applyRules } from './rules.ts';
import { toFindings } from './schema-findings.ts';
import type { Config } from './schema/config.ts';
import { configSchema } from './schema/config.ts';
import { findUnknownKeys } from './unknown-keys.ts';
import { valueAt, withValueAt } from './value-at.ts';
import { readPlainScalar } from './yaml-scalars.ts';

export interface Checked {
  findings: Finding[];
  /** Null when there is an error, or where the form depends on a variable that is unset. */
  config: Config | null;
  /** The tree behind `config`, variables put in. */
  value: JsonValue;
  references: Reference[];
}

/**
 * Finds everything that is wrong with a config at once. A variable that is unset is no problem here: what depends on
 * it is left unchecked, and only starting the team needs it. Keys of the root in `shared` are no keys but parts that others
 * are made of.
 */
export function checkConfig(raw: JsonValue, env: Environment, shared: ReadonlySet<string> = new Set()): Checked {
  const { value, references } = expandVariables(raw, env);
  if (!isJsonObject(value)) {
    const message = value === null ? 'The file is empty.' : 'The file holds no map of keys.';
    const suggestion = 'Begin with agents: and a list of agents.';
    return { findings: [{ severity: 'error', path: [], message, suggestion }], config: null, value, references };
  }
  const legacy = findLegacyWords(value);
  if (legacy.length > 0) return { findings: legacy, config: null, value, references };
  const { config, tree, findings } = parse(value, references);
  const all = withoutTwins([
    ...findings,
    ...applyRules(isJsonObject(tree) ? tree : value),
    ...findUnknownKeys(tree, shared),
  ]);
  const hasError = all.some((f) => f.severity === 'error');
  return { findings: all, config: hasError ? null : config, value: tree, references };
}

function parse(
  value: JsonValue,
  references: readonly Reference[],
): { config: Config | null; tree: JsonValue; findings: Finding[] } {
  const places = new Map(references.map((r) => [formatLocation(r.path), r]));
  const open = new Set(references.filter((r) => !r.isSet).map((r) => formatLocation(r.path)));
  let tree = value;
  let result = configSchema.safeParse(tree);
  if (!result.success && references.length > 0) {
    // A variable is text; where a number or a switch is wanted, it is read as if it stood there without quotes.
    for (const issue of result.error.issues) {
      const path = issue.path.filter((step) => typeof step !== 'symbol');
      const text = valueAt(tree, path);
      if (issue.code !== 'invalid_type' || typeof text !== 'string' || !places.has(formatLocation(path))) continue;
      if (['number', 'int', 'boolean'].includes(issue.expected)) tree = withValueAt(tree, path, readPlainScalar(text));
    }
    result = configSchema.safeParse(tree);
  }
  if (result.success) return { config: result.data, tree, findings: [] };
  const isQuotable = (path: KeyPath): boolean => !places.has(formatLocation(path)) && !isSecretPath(path);
  const findings = toFindings(result.error.issues, tree, isQuotable);
  return { config: null, tree, findings: findings.filter((f) => !open.has(formatLocation(f.path))) };
}

/** Below these keys values are secrets. */
function isSecretPath(path: KeyPath): boolean {
  return path.some(
    (step) => typeof step === 'string' && /key|secret|token|password|headers|^env$|^url$|^args$/i.test(step),
  );
}

/** The same place with the same message once. */
function withoutTwins(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const name = `${formatLocation(finding.path)}\n${finding.message}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
