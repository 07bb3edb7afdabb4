import * as z from 'zod';
import { GENERATORS, type GeneratorName } from '../cases/generate-cases.ts';

const positive = z.int().min(1);

/** How an answer is checked, as it is written in a file. Exactly one of them. */
const checkKeys = {
  /** One text or number, or several of which any is right. */
  expected: z.union([z.string(), z.number(), z.array(z.string()).min(1)]).optional(),
  tolerance: z.number().min(0).optional(),
  regex: z.string().min(1).optional(),
  schema: z.record(z.string(), z.json()).optional(),
  tests: z.string().min(1).optional(),
  language: z.enum(['javascript', 'python']).optional(),
  rubric: z.string().min(1).optional(),
};

export const caseSchema = z.strictObject({
  id: z.string().min(1).optional(),
  kind: z.string().min(1).optional(),
  question: z.string().min(1),
  ...checkKeys,
});
export type WrittenCase = z.infer<typeof caseSchema>;

export const generatedSchema = z.strictObject({
  generate: z.enum(Object.keys(GENERATORS) as [GeneratorName, ...GeneratorName[]]),
  count: positive.max(100_000),
  level: positive.max(20).default(1),
  seed: z.int().default(1),
});

export const fileSchema = z.strictObject({
  file: z.string().min(1),
  /** Of all its cases, unless they name one. */
  kind: z.string().min(1).optional(),
  limit: positive.optional(),
});

const teamSchema = z.strictObject({ name: z.string().min(1).optional(), config: z.string().min(1) });
export const TEAM_KEYS: readonly string[] = Object.keys(teamSchema.shape);

/** A suite file; its cases are read one by one, by the form that each of them has. */
export const suiteSchema = z.strictObject({
  name: z.string().min(1).optional(),
  teams: z.array(teamSchema).min(1),
  cases: z.array(z.json()).min(1),
  seeds: z.array(z.int()).min(1).default([1]),
  /** Instead of seeds: 1 to this number. */
  repeats: positive.max(1000).optional(),
  concurrency: positive.max(256).default(4),
  budget_usd: z.number().positive().optional(),
  budget_tokens: positive.optional(),
  judge: z.string().min(1).optional(),
});
export type WrittenSuite = z.infer<typeof suiteSchema>;
