import { describe, expect, it } from 'vitest';
import { BACKEND_TYPE_NAMES } from '../../src/config/catalogue.ts';
import { showSchema } from '../../src/config/json-schema.ts';
import type { JsonValue } from '../../src/events/json.ts';
import { isJsonObject } from '../../src/events/json.ts';

function at(...path: (string | number)[]): JsonValue | undefined {
  let node: JsonValue | undefined = showSchema();
  for (const step of path) node = isJsonObject(node) ? node[String(step)] : undefined;
  return node;
}

describe('the schema for editors', () => {
  it('is a JSON Schema of a map', () => {
    expect(showSchema()).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'MassGen config',
      type: 'object',
    });
  });

  it('knows every backend type and what it is for', () => {
    expect(at('properties', 'agent', 'properties', 'backend', 'properties', 'type')).toMatchObject({
      description: expect.stringContaining('Provider') as string,
      enum: [...BACKEND_TYPE_NAMES],
    });
  });

  it('lets a backend have keys of the provider’s', () => {
    expect(at('properties', 'agent', 'properties', 'backend', 'additionalProperties')).toEqual({});
  });

  it('has defaults, and requires nothing that has one', () => {
    expect(at('properties', 'orchestrator', 'properties', 'voting_rule')).toMatchObject({ default: 'copeland' });
    expect(at('properties', 'orchestrator', 'required')).toBeUndefined();
  });

  it('has a meaning for every key', () => {
    const without: string[] = [];
    const visit = (node: JsonValue | undefined, path: string): void => {
      if (Array.isArray(node)) for (const part of node) visit(part, path);
      if (node === undefined || !isJsonObject(node)) return;
      const properties = node['properties'];
      if (isJsonObject(properties)) {
        for (const [name, child] of Object.entries(properties)) {
          if (!isJsonObject(child) || typeof child['description'] !== 'string') without.push(`${path}.${name}`);
          visit(child, `${path}.${name}`);
        }
      }
      for (const key of ['items', 'anyOf', 'allOf', 'additionalProperties']) visit(node[key], `${path}.${key}`);
    };
    visit(showSchema(), '');
    expect(without).toEqual([]);
  });
});
