import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Case } from '../../cases/case.ts';

/** Of all evaluations; whoever has a worker helps with each. */
export const QUEUE_NAME = 'trials';
export const QUEUE_PREFIX = 'massgen';
/** What is said here is the id of an evaluation that is to end now. */
export const CANCEL_CHANNEL = `${QUEUE_PREFIX}:cancel`;
/** Why a job of a cancelled evaluation fails. */
export const CANCELLED = 'The evaluation was cancelled.';

/** There while an evaluation is cancelled, for workers that did not hear of it. */
export function cancelKey(evaluation: string): string {
  return `${QUEUE_PREFIX}:cancelled:${evaluation}`;
}

/** Goes down from the folder that a worker was started in, and nowhere else. */
const innerPath = z
  .string()
  .max(4_096)
  .refine((path) => path.split('/').every((step) => step !== '' && step !== '..' && !/[\\\0:]/.test(step)), {
    error: 'a path must lie below the folder of the worker',
  });

/** A config that a worker has itself; it holds keys, or names them, so only its fingerprint travels. */
const configSchema = z.strictObject({ path: innerPath, sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const checkSchema = z.looseObject({
  type: z.enum(['exact', 'numeric', 'regex', 'json-schema', 'assignment', 'countdown', 'unit-tests', 'judge']),
});

const jobSchema = z.strictObject({
  v: z.literal(1),
  /** The evaluation's id. */
  evaluation: z.string().regex(/^[0-9a-f]{8,64}$/),
  /** Which start of "massgen eval run" it came from. */
  session: z.string(),
  /** Of the program, so that all trials are run by the same one. */
  version: z.string(),
  key: z.string(),
  team: z.string(),
  item: z.strictObject({ id: z.string(), kind: z.string(), question: z.string(), check: checkSchema }),
  seed: z.int(),
  config: configSchema,
  judge: configSchema.nullable(),
  /** Where runs are kept. */
  runs: innerPath,
  rateLimit: z.boolean(),
  /** Requests to models of a backend type, all workers together. */
  limits: z.array(z.strictObject({ type: z.string(), requests: z.int().positive(), spanMs: z.int().positive() })),
});

/** One trial as it waits in the queue. It holds no secret. */
export type TrialJob = Omit<z.infer<typeof jobSchema>, 'item'> & { item: Case };
export type ConfigReference = z.infer<typeof configSchema>;

/** Throws an Error that says what is wrong: whoever can write to the queue may have written anything. */
export function readTrialJob(value: unknown): TrialJob {
  const parsed = jobSchema.safeParse(value);
  if (!parsed.success) throw new Error(`The job cannot be read: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data as TrialJob;
}

/** The same for the same trial of the same evaluation with the same configs, so that asking twice changes nothing. */
export function jobIdOf({ evaluation, key, item, config, judge }: TrialJob): string {
  const text = JSON.stringify([evaluation, key, item, config.sha256, judge?.sha256 ?? null]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
