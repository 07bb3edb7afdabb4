import type { BackendConfig } from './schema/config.ts';
import type { RetrySettings } from './team.ts';

/**
 * The further backends of a backend, as if each were written out. A bare name is another model of the same backend; a
 * map without a type changes what it names; one with a type stands for itself.
 */
export function fallbackBackends({ fallback, ...backend }: BackendConfig): BackendConfig[] {
  return (fallback ?? []).map((entry): BackendConfig => {
    if (typeof entry === 'string') return { ...backend, model: entry };
    return entry.type === undefined ? { ...backend, ...entry } : entry;
  });
}

/** How often and when failed calls are made again, out of MassGen's `gemini_backoff_*` keys; undefined without any. */
export function retrySettingsOf(backend: BackendConfig): Partial<RetrySettings> | undefined {
  const settings: Partial<RetrySettings> = {
    ...(backend.gemini_backoff_max_attempts !== undefined && { maxTries: backend.gemini_backoff_max_attempts }),
    ...(backend.gemini_backoff_initial_delay !== undefined && {
      firstDelayMs: backend.gemini_backoff_initial_delay * 1000,
    }),
    ...(backend.gemini_backoff_multiplier !== undefined && { factor: backend.gemini_backoff_multiplier }),
    ...(backend.gemini_backoff_max_delay !== undefined && { maxDelayMs: backend.gemini_backoff_max_delay * 1000 }),
    ...(backend.gemini_backoff_jitter !== undefined && { jitter: backend.gemini_backoff_jitter }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}
