import { isDelta, type Alias, type EventOf, type RunEvent } from '../../events/event.ts';
import { Conversation } from '../../events/projections/conversation.ts';
import { applyEvent } from '../../coordination/apply.ts';
import type { RunState } from '../../coordination/state.ts';
import { elapsedMs } from '../../coordination/views.ts';
import { Lanes } from './lanes.ts';
import { timelineEntry, type TimelineEntry } from './timeline.ts';
import { Transcript } from './transcript.ts';

const NOBODY: readonly Alias[] = [];

/** Everything the screens know about one run: a fold of its events and nothing else. Only `apply` changes it. */
export class RunStore {
  state: RunState | null = null;
  readonly timeline: TimelineEntry[] = [];
  readonly lanes = new Lanes();
  /** Why an agent's next model call is not made yet, in a word or two. */
  readonly waits = new Map<Alias, string>();
  /** Every event but the streamed text, whose whole stands in `request.finished`. */
  readonly events: RunEvent[] = [];
  readonly #conversations = new Map<Alias, Conversation>();
  readonly #transcripts = new Map<Alias, Transcript>();
  #panes: { order: readonly Alias[]; sorted: readonly Alias[] } = { order: NOBODY, sorted: NOBODY };

  apply(event: RunEvent): void {
    this.state = applyEvent(this.state, event);
    if (!isDelta(event)) this.#keep(event);
    const atMs = elapsedMs(this.state, event.at);
    this.lanes.apply(event, atMs);
    const entry = timelineEntry(event, atMs);
    if (entry) this.timeline.push(entry);
    if (event.type === 'answer.submitted') this.#noteVoidVotes(event, this.state);
    if (event.type === 'run.started') {
      for (const agent of event.data.agents) this.#transcripts.set(agent.alias, new Transcript());
    }
    if (event.type === 'message.sent') {
      const { message, to, text } = event.data;
      for (const alias of to) this.#transcripts.get(alias)?.told(message, text, event.seq);
    }
    if (event.type === 'run.finished') this.#interruptOpen(event.seq);
    this.#noteWait(event);
    if (event.agent !== undefined) this.#transcripts.get(event.agent)?.apply(event);
  }

  #noteWait(event: RunEvent): void {
    if (event.agent === undefined) return;
    if (event.type === 'request.delayed') {
      this.waits.set(event.agent, event.data.reason === 'rate-limit' ? 'rate limit' : 'endpoint pauses');
    } else if (event.type.startsWith('request.') || event.type === 'turn.finished') this.waits.delete(event.agent);
  }

  #keep(event: RunEvent): void {
    this.events.push(event);
    if (event.agent !== undefined) this.conversation(event.agent).apply(event);
  }

  /** What the agent's model is sent, word for word. */
  conversation(alias: Alias): Conversation {
    let conversation = this.#conversations.get(alias);
    if (!conversation) this.#conversations.set(alias, (conversation = new Conversation(alias)));
    return conversation;
  }

  /** A vote stops counting without an event of its own: a newer answer made it void. */
  #noteVoidVotes(event: EventOf<'answer.submitted'>, state: RunState): void {
    for (const ballot of state.ballots) {
      if (ballot.voidedBy !== event.data.label) continue;
      const text = `its vote for ${ballot.choice} is void: ${event.data.label} is newer`;
      const brief = `${ballot.choice} void`;
      const atMs = elapsedMs(state, event.at);
      this.timeline.push({ atMs, seq: event.seq, word: 'VOID', tone: 'warn', alias: ballot.voter, text, brief });
      this.lanes.mark(ballot.voter, 'void', atMs);
    }
  }

  /** A run may end in the middle of a sentence: the pane says so. */
  #interruptOpen(seq: number): void {
    for (const transcript of this.#transcripts.values()) {
      if (!transcript.list.isStreaming) continue;
      transcript.list.seq = seq;
      transcript.interrupt();
    }
  }

  transcript(alias: Alias): Transcript {
    let transcript = this.#transcripts.get(alias);
    if (!transcript) this.#transcripts.set(alias, (transcript = new Transcript()));
    return transcript;
  }

  /** The agents in the order of their numbers: pane 2 is agent2, whose answers are agent2.1, agent2.2 … */
  get panes(): readonly Alias[] {
    const order = this.state?.order ?? NOBODY;
    // Views ask many times for each picture.
    if (this.#panes.order !== order) {
      this.#panes = { order, sorted: order.toSorted((a, b) => numberOf(a) - numberOf(b)) };
    }
    return this.#panes.sorted;
  }
}

/** The number in an alias: 2 for `agent2`; 0 where there is none. */
export function numberOf(alias: Alias): number {
  return Number(/(\d+)$/.exec(alias)?.[1] ?? 0);
}
