import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MassgenError } from '../../platform/errors.ts';
import { parseCast, type Cast } from './cast.ts';

/** Inside of a run's folder. */
export const RECORDING_FOLDER = 'recording';
export const MANIFEST_FILE = 'recording.json';
export const CAST_FILE = 'recording.cast';
export const TAPE_FILE = 'recording.tape';
export const TEXT_FILE = 'recording.txt';

const fileName = z.string().regex(/^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)?\.[a-z0-9]+$/);

const manifestSchema = z.object({
  v: z.literal(1),
  run: z.string(),
  question: z.string(),
  size: z.object({ cols: z.number().int().positive(), rows: z.number().int().positive() }),
  theme: z.string(),
  isLight: z.boolean(),
  /** Relative to the folder; pictures in the order of time. */
  films: z.array(fileName),
  frames: z.array(fileName),
});

/** What a recording says about itself, in `recording.json`. */
export type Manifest = z.infer<typeof manifestSchema>;

export interface Recording extends Manifest {
  /** Absolute. */
  folder: string;
  cast: Cast;
}

/** Whether a run was recorded. Never rejects. */
export function isRecorded(runDir: string): Promise<boolean> {
  return access(join(runDir, RECORDING_FOLDER, MANIFEST_FILE)).then(
    () => true,
    () => false,
  );
}

/** Reads the recording in a folder, or in the folder of a run. Rejects with a MassgenError where there is none. */
export async function readRecording(folder: string): Promise<Recording> {
  for (const place of [folder, join(folder, RECORDING_FOLDER)]) {
    const text = await readFile(join(place, MANIFEST_FILE), 'utf8').catch(() => null);
    if (text === null) continue;
    const cast = parseCast(await readFile(join(place, CAST_FILE), 'utf8').catch(() => ''));
    const manifest = manifestSchema.safeParse(parse(text));
    if (manifest.success && cast) return { ...manifest.data, folder: place, cast };
    const what = manifest.success ? CAST_FILE : MANIFEST_FILE;
    throw new MassgenError(
      'recording',
      `The recording in ${place} is damaged: ${what} cannot be read. Record it again.`,
    );
  }
  throw new MassgenError(
    'recording',
    `There is no recording in ${folder}: neither ${MANIFEST_FILE} nor ${RECORDING_FOLDER}/${MANIFEST_FILE}. Make one with "massgen record".`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
