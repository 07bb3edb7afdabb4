import * as z from 'zod';
import type { JsonObject } from '../events/json.ts';
import { configSchema } from './schema/config.ts';

/**
 * The JSON Schema of config files, for editors: what may be written, with meanings and defaults. It is looser than
 * `--validate` in one thing, rules between keys.
 */
export function showSchema(): JsonObject {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-07', reused: 'inline' }) as JsonObject;
  return { ...schema, title: 'MassGen config' };
}
