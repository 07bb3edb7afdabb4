import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { DAY_MS, type DailyRecord } from './rate-limiter.ts';

/**
 * Opens the record of requests per day. A file that is missing or damaged is an empty one, since it only holds counts.
 * Every change is written as a whole, after the file was read again, so that runs side by side keep each other's
 * requests; two that write in the same moment may lose one. `onProblem` is told once when it cannot be written.
 */
export async function openDailyFile(
  path: string,
  options: { now: number; onProblem: (message: string) => void },
): Promise<DailyRecord> {
  const past = prune(await read(path), options.now);
  const noted: { key: string; at: number; isTakenBack: boolean }[] = [];
  let writing: Promise<void> = Promise.resolve();
  let isTold = false;

  const write = async (): Promise<void> => {
    const due = noted.splice(0);
    if (due.length === 0) return;
    try {
      const merged: Record<string, number[]> = { ...prune(await read(path), due.at(-1)?.at ?? 0) };
      for (const { key, at, isTakenBack } of due) {
        const times = merged[key] ?? [];
        merged[key] = isTakenBack ? without(times, at) : [...times, at];
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, `${JSON.stringify({ v: 1, requests: merged })}\n`);
    } catch (error) {
      if (isTold) return;
      isTold = true;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      options.onProblem(`Requests per day cannot be remembered: ${path} cannot be written (${code}).`);
    }
  };

  const change = (entry: (typeof noted)[number]): void => {
    noted.push(entry);
    writing = writing.then(write);
  };

  return {
    past,
    note: (key, at) => change({ key, at, isTakenBack: false }),
    takeBack: (key, at) => change({ key, at, isTakenBack: true }),
    settled: () => writing,
  };
}

async function read(path: string): Promise<Record<string, number[]>> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as JsonValue;
    const requests = isJsonObject(value) ? value['requests'] : undefined;
    if (requests === undefined || !isJsonObject(requests)) return {};
    return Object.fromEntries(
      Object.entries(requests).map(([key, times]): [string, number[]] => [
        key,
        Array.isArray(times) ? times.filter((time) => typeof time === 'number') : [],
      ]),
    );
  } catch {
    return {};
  }
}

function prune(requests: Record<string, number[]>, now: number): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(requests).flatMap(([key, times]): [string, number[]][] => {
      const recent = times.filter((time) => time > now - DAY_MS);
      return recent.length > 0 ? [[key, recent]] : [];
    }),
  );
}

/** The times without one that is `at`. */
function without(times: readonly number[], at: number): number[] {
  const index = times.lastIndexOf(at);
  return index < 0 ? [...times] : times.toSpliced(index, 1);
}
