import type { BackendSpec } from '../../config/team.ts';
import type { ModelError } from '../../events/model-error.ts';

/** Says of a refused key where it comes from, behind the provider's own words. */
export function explainKey(error: ModelError, { keyOrigin }: Pick<BackendSpec, 'keyOrigin'>): ModelError {
  if (error.kind !== 'auth' || keyOrigin === undefined) return error;
  return { ...error, message: `${error.message} (${keyOrigin})` };
}
