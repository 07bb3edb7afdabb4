import type { Readable } from 'node:stream';
import type { Clock } from '../../platform/clock.ts';
import { engineFault, statusOf, type Engine } from './engine.ts';

export interface FoundImage {
  /** Of its content. */
  id: string;
  /** `PATH` of its programs. */
  path: string;
  /** Empty is root. */
  user: string;
}

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Without a word from the registry. */
const SILENCE_MS = 120_000;

/** Null where the image is not there. Rejects when the engine does not say. */
export async function findImage(engine: Engine, name: string): Promise<FoundImage | null> {
  try {
    const { Id: id, Config: config } = await engine.getImage(name).inspect();
    const path = (config?.Env ?? []).find((each) => each.startsWith('PATH='))?.slice('PATH='.length);
    return { id, path: path ?? USUAL_PATH, user: config?.User ?? '' };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw new Error(`The image ${name} could not be looked up: ${engineFault(error)}`, { cause: error });
  }
}

/** Fetches an image that is not there, and tells how far it is, until the signal is aborted. Rejects with a sentence for people. */
export async function fetchImage(
  engine: Engine,
  name: string,
  clock: Clock,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<FoundImage> {
  onProgress(`Fetching the image ${name}.`);
  const advice = `Make it, fetch it with "docker pull ${name}", or name another with command_line_docker_image.`;
  try {
    const stream = await engine.pull(name);
    const stop = (): void => void stream.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const onShare = (share: number): void => onProgress(`Fetching the image ${name}: ${share} %`);
    await followed(stream, clock, onShare).finally(() => signal.removeEventListener('abort', stop));
  } catch (error) {
    const message = `The image ${name} is not there and could not be fetched (${engineFault(error)}). ${advice}`;
    throw new Error(message, { cause: error });
  }
  const image = await findImage(engine, name);
  if (!image) throw new Error(`The image ${name} could not be fetched. ${advice}`);
  return image;
}

/** Reads what a registry tells, a line of JSON each, to its end. Rejects with what went wrong. */
async function followed(stream: Readable, clock: Clock, onShare: (percent: number) => void): Promise<void> {
  const layers = new Map<string, { current: number; total: number }>();
  let shown = -1;
  let rest = '';
  let stopTimer = (): void => undefined;
  const watch = (): void => {
    stopTimer();
    stopTimer = clock.after(SILENCE_MS, () => stream.destroy(new Error('the registry fell silent')));
  };
  const onLine = (line: string): void => {
    const told = toldIn(line);
    if (told.error !== null) throw new Error(told.error);
    if (told.layer === null) return;
    layers.set(told.layer.id, told.layer);
    const share = shareOf([...layers.values()]);
    if (share !== shown) onShare((shown = share));
  };
  try {
    watch();
    stream.setEncoding('utf8');
    for await (const chunk of stream) {
      watch();
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
    onLine(rest);
  } finally {
    stopTimer();
    stream.destroy();
  }
}

function shareOf(layers: readonly { current: number; total: number }[]): number {
  const total = layers.reduce((sum, layer) => sum + layer.total, 0);
  const current = layers.reduce((sum, layer) => sum + Math.min(layer.current, layer.total), 0);
  return total === 0 ? 0 : Math.floor((100 * current) / total);
}

interface Told {
  error: string | null;
  layer: { id: string; current: number; total: number } | null;
}

function toldIn(line: string): Told {
  try {
    const told = JSON.parse(line) as {
      id?: unknown;
      status?: unknown;
      error?: unknown;
      progressDetail?: { current?: unknown; total?: unknown };
    };
    const { id, status, error, progressDetail } = told;
    const { current, total } = progressDetail ?? {};
    const isLoading = status === 'Downloading' && typeof current === 'number' && typeof total === 'number';
    return {
      error: typeof error === 'string' ? error : null,
      layer: typeof id === 'string' && isLoading ? { id, current, total } : null,
    };
  } catch {
    return { error: null, layer: null };
  }
}
