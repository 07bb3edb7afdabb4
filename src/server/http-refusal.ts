import { EXIT, MassgenError } from '../platform/errors.ts';

/** Why a request gets no answer, in the shape that OpenAI's clients understand. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string };
}

/** A request that is refused, or a run that came to nothing. The message is for whoever sent the request. */
export class HttpRefusal extends MassgenError {
  readonly status: RefusalStatus;
  readonly param: string | null;

  constructor(status: RefusalStatus, code: string, message: string, param: string | null = null) {
    super(code, message, { exitCode: EXIT.execution });
    this.name = 'HttpRefusal';
    this.status = status;
    this.param = param;
  }
}

export type RefusalStatus = 400 | 401 | 404 | 413 | 429 | 500 | 502 | 503 | 504;

export function toErrorBody({ status, code, message, param }: HttpRefusal): ErrorBody {
  return { error: { message, type: typeOf(status), param, code } };
}

function typeOf(status: RefusalStatus): string {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/**
 * Headers that go along. Clients of OpenAI try again by themselves after most errors of a server; a team that failed
 * would be paid for again, so only a full server asks for another try.
 */
export function refusalHeaders({ status }: HttpRefusal): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return status === 429 ? { 'retry-after': '5' } : { 'x-should-retry': 'false' };
}

/** Any error as a refusal. One that is no MassgenError is a bug: its text stays here, `onBug` is told. */
export function toRefusal(error: unknown, onBug: (error: unknown) => void): HttpRefusal {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof MassgenError) {
    const status = error.exitCode === EXIT.config ? 400 : error.exitCode === EXIT.interrupted ? 503 : 500;
    return new HttpRefusal(status, error.code, error.message);
  }
  onBug(error);
  return new HttpRefusal(500, 'internal', 'Something unexpected went wrong in the server; it is a bug in massgen.');
}
