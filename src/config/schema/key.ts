import * as z from 'zod';
import { DEFAULT_SETTINGS } from '../../events/settings.ts';

// Compiling schemas with `new Function` takes longer than reading one file with them.
z.config({ jitless: true });

/**
 * What a key does in this version: `works`, `planned` (accepted, checked, and named as missing when a run asks for
 * it), `inert` (accepted; has no effect, in MassGen neither).
 */
export type Support = 'works' | 'planned' | 'inert';

export interface KeyNote {
  support: Support;
  /** A setting of a feature that another key turns on; by itself it asks for nothing. */
  isDetail: boolean;
}

/** What is known about keys beyond their type; the meaning itself is the schema's description. */
export const keyNotes = z.registry<KeyNote>();

/** Puts a meaning and a state on the schema of one key. */
export function key<T extends z.ZodType>(schema: T, meaning: string, support: Support = 'works'): T {
  return note(schema.clone(), meaning, { support, isDetail: false });
}

/** A key that may be left out. */
export function opt<T extends z.ZodType>(schema: T, meaning: string, support: Support = 'works'): z.ZodOptional<T> {
  return note(z.optional(schema), meaning, { support, isDetail: false });
}

/** A key that this version accepts and does not act on yet. */
export function planned<T extends z.ZodType>(schema: T, meaning: string): z.ZodOptional<T> {
  return opt(schema, meaning, 'planned');
}

/** As `planned`, for a key that only sets how a feature works which another key asks for. */
export function detail<T extends z.ZodType>(schema: T, meaning: string): z.ZodOptional<T> {
  return note(z.optional(schema), meaning, { support: 'planned', isDetail: true });
}

/** Writes into the registries directly: `describe` would clone every schema again, which is felt at the start. */
function note<T extends z.ZodType>(fresh: T, meaning: string, keyNote: KeyNote): T {
  z.globalRegistry.add(fresh, { description: meaning });
  keyNotes.add(fresh, keyNote);
  return fresh;
}

export const text = z.string();
export const flag = z.boolean();
export const texts = z.array(z.string());
export const textMap = z.record(z.string(), z.string());
export const positive = z.number().positive();
export const count = z.number().int().min(0);
export const atLeastOne = z.number().int().min(1);
export const share = z.number().min(0).max(1);
/** A map of the provider's own, handed on as it is. */
export const anyMap = z.record(z.string(), z.json());
export const anything = z.json();

export const strictness = z.enum(['lenient', 'balanced', 'strict']);
export const DEFAULTS = DEFAULT_SETTINGS;
