import type { RetrySettings } from '../config/team.ts';
import type { Random } from '../events/random.ts';
import { NO_USAGE, addUsage, type Usage } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import type { Admission } from '../providers/limits/request-gate.ts';
import type { ModelEnd, ModelRequest, Provider } from '../providers/provider.ts';
import { billOf } from '../providers/cost-of-end.ts';
import { createUseCount, type UseCount } from '../providers/tool-uses.ts';
import { retryDelayMs } from './retry.ts';

/** What a model call beside all turns goes through. */
export interface AsideLine {
  readonly provider: Provider;
  readonly retry?: Partial<RetrySettings> | undefined;
  readonly admit: (estimate: () => number) => Promise<Admission>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface AsideEnd {
  end: ModelEnd;
  /** Of all tries together. */
  usage: Usage;
  /** Null when the price is unknown, or not all of it. */
  costUsd: number | null;
}

const CHARS_PER_TOKEN = 4;

/**
 * Asks a model beside all turns, again where that may help. The call goes through the same gate as all others; nothing
 * of it is recorded here. Never rejects; what was stopped ends as `failed` of kind `aborted`.
 */
export async function callAside(line: AsideLine, request: Omit<ModelRequest, 'signal'>): Promise<AsideEnd> {
  const { provider, clock, signal, random } = line;
  let usage = NO_USAGE;
  let costUsd: number | null = 0;
  for (let tries = 1; ; tries += 1) {
    const count = createUseCount();
    const end = await callOnce(line, request, count);
    usage = addUsage(usage, end.usage);
    const bill = billOf(end, provider, count.uses);
    costUsd = bill.costUsd === null || !bill.isWhole || costUsd === null ? null : costUsd + bill.costUsd;
    const done = { end, usage, costUsd };
    if (end.type === 'finished' || signal.aborted) return done;
    const waitMs = retryDelayMs(end.error, tries, end.usage.output > 0, random, line.retry);
    if (waitMs === null || !(await pause(clock, waitMs, signal))) return done;
  }
}

async function callOnce(line: AsideLine, request: Omit<ModelRequest, 'signal'>, count: UseCount): Promise<ModelEnd> {
  const { provider, clock, signal } = line;
  const estimate = (): number => Math.ceil(JSON.stringify([request.messages, request.tools]).length / CHARS_PER_TOKEN);
  let admission = await line.admit(estimate);
  while (admission.do === 'wait') {
    if (!(await pause(clock, admission.ms, signal))) {
      admission.pass?.giveBack();
      return { type: 'failed', error: { kind: 'aborted', message: 'It was stopped.' }, usage: NO_USAGE };
    }
    admission = admission.pass ? { do: 'go', pass: admission.pass } : await line.admit(estimate);
  }
  if (admission.do === 'refuse') return { type: 'failed', error: admission.error, usage: NO_USAGE };
  let end: ModelEnd = {
    type: 'failed',
    error: { kind: 'protocol', message: 'The stream ended without an end.' },
    usage: NO_USAGE,
  };
  for await (const event of provider.stream({ ...request, signal })) {
    if (event.type === 'finished' || event.type === 'failed') end = event;
    else count.add(event);
  }
  admission.pass.ended(end, clock.now());
  return end;
}

/** False when the signal came before the time. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}
