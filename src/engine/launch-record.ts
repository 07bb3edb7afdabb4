import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TeamOrigin } from '../config/team.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { MassgenError } from '../platform/errors.ts';
import type { Redactor } from '../runlog/redact.ts';

/** How a run's team was made, kept as `launch.json` beside its log, so that another process can go on with the run. */
export interface LaunchRecord {
  v: 1;
  /** The folder that the command was started in; `.env` and relative names are looked up there again. */
  cwd: string;
  origin: TeamOrigin;
  /** Pace of built-in agents; Infinity is written as `max`. */
  speed: number;
  /** The process that works on the run, or did; null when it is not known. */
  pid: number | null;
}

export function launchRecordPath(dir: string): string {
  return join(dir, 'launch.json');
}

/** Replaces the record as a whole, with mode 0600 and without secrets. Rejects with the system's error. */
export async function writeLaunchRecord(dir: string, record: LaunchRecord, redact: Redactor): Promise<void> {
  const plain = { ...record, speed: record.speed === Infinity ? 'max' : record.speed };
  await writeFileAtomic(
    launchRecordPath(dir),
    `${JSON.stringify(hideSecrets(plain as JsonObject, redact), null, 2)}\n`,
  );
}

function hideSecrets(value: JsonValue, redact: Redactor): JsonValue {
  if (typeof value === 'string') return redact.text(value);
  if (Array.isArray(value)) return value.map((each) => hideSecrets(each, redact));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hideSecrets(each, redact)]));
}

/** Rejects with a MassgenError when there is no record, or none that can be used. */
export async function readLaunchRecord(dir: string): Promise<LaunchRecord> {
  const path = launchRecordPath(dir);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unusable(path, error);
  }
  const record = parse(value);
  if (!record) throw unusable(path, null);
  return record;
}

function unusable(path: string, cause: unknown): MassgenError {
  return new MassgenError(
    'no-launch-record',
    `${path} is missing or cannot be read, and only it says how the team of this run was made. ` +
      'What the run has come to is still in its log (massgen inspect); to go on, ask the question anew.',
    { cause },
  );
}

function parse(value: unknown): LaunchRecord | null {
  if (!isJsonObject(value) || value['v'] !== 1) return null;
  const { cwd, speed } = value;
  const pid = typeof value['pid'] === 'number' ? value['pid'] : null;
  const origin = parseOrigin(value['origin']);
  if (typeof cwd !== 'string' || !origin) return null;
  if (speed === 'max') return { v: 1, cwd, origin, speed: Infinity, pid };
  return typeof speed === 'number' && speed > 0 ? { v: 1, cwd, origin, speed, pid } : null;
}

function parseOrigin(value: unknown): TeamOrigin | null {
  if (!isJsonObject(value)) return null;
  switch (value['kind']) {
    case 'config':
      return typeof value['path'] === 'string' ? { kind: 'config', path: value['path'] } : null;
    case 'demo':
      return { kind: 'demo', seed: typeof value['seed'] === 'number' ? value['seed'] : null };
    case 'quick': {
      const text = (name: string): string | null => (typeof value[name] === 'string' ? value[name] : null);
      return {
        kind: 'quick',
        model: text('model'),
        backend: text('backend'),
        systemMessage: text('systemMessage'),
        baseUrl: text('baseUrl'),
      };
    }
    case 'backends':
      return { kind: 'backends' };
    default:
      return null;
  }
}
