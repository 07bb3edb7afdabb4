/** What to do with a call to an endpoint now. `refuse` is for one that stayed dead after a pause. */
export type CircuitVerdict = { do: 'go' } | { do: 'wait'; ms: number } | { do: 'refuse'; failures: number };

/** Failures in a row, of all callers together, after which an endpoint gets a pause. */
const THRESHOLD = 5;
const PAUSE_MS = 30_000;

interface Circuit {
  /** Failures in a row. */
  failures: number;
  /** Null while closed. */
  openUntil: number | null;
  /** Calls that were let through to see whether it works again, and did not come back well. */
  failedProbes: number;
  /** When the probe that is under way began. */
  probeSince: number | null;
}

/**
 * Stops many agents from hammering one endpoint that does not answer: after five failures in a row it gets a pause of
 * 30 seconds, for which callers wait. Then one call is let through. If it fails too, callers are refused at once until
 * the next pause is over; if it is well, all go on. Time is what the caller says it is.
 *
 * Of our own, since the libraries for it measure with the process's clock and timers, and runs here are repeatable in
 * virtual time.
 */
export class CircuitBreaker {
  readonly #circuits = new Map<string, Circuit>();

  ask(endpoint: string, now: number): CircuitVerdict {
    const circuit = this.#circuits.get(endpoint);
    if (!circuit || circuit.openUntil === null) return { do: 'go' };
    if (now < circuit.openUntil) {
      if (circuit.failedProbes > 0) return { do: 'refuse', failures: circuit.failures };
      return { do: 'wait', ms: circuit.openUntil - now };
    }
    // A probe that never came back must not close the door for ever.
    if (circuit.probeSince !== null && now - circuit.probeSince < PAUSE_MS) {
      return { do: 'wait', ms: circuit.probeSince + PAUSE_MS - now };
    }
    circuit.probeSince = now;
    return { do: 'go' };
  }

  succeeded(endpoint: string): void {
    this.#circuits.delete(endpoint);
  }

  failed(endpoint: string, now: number): void {
    const circuit = this.#circuits.get(endpoint) ?? { failures: 0, openUntil: null, failedProbes: 0, probeSince: null };
    const failures = circuit.failures + 1;
    const isProbe = circuit.probeSince !== null;
    const isOpen = isProbe || failures >= THRESHOLD;
    this.#circuits.set(endpoint, {
      failures,
      openUntil: isOpen ? now + PAUSE_MS : null,
      failedProbes: circuit.failedProbes + (isProbe ? 1 : 0),
      probeSince: null,
    });
  }
}
