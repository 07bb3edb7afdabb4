import { settleReply } from '../coordination/settle.ts';
import type { EventDraft } from '../events/event.ts';
import type { AssistantMessage } from '../events/message.ts';
import type { StopReason } from '../events/model-error.ts';
import { askHooks } from './hand-in.ts';
import type { TurnContext } from './turn-context.ts';

/**
 * Judges a finished reply, after its tools and its hooks have run, and records what follows. The files of an answer are copied first
 * and the answer is judged again afterwards, since others may have answered meanwhile; so whoever sees the answer can
 * see its files, and files that no answer stands for are dropped.
 */
export async function recordReply(
  context: TurnContext,
  reply: { message: AssistantMessage; stopReason: StopReason },
): Promise<void> {
  const { alias, turn, files, asks } = context;
  const settled = (): EventDraft[] => settleReply(context.state(), alias, reply);
  // Nothing of a turn goes on after its end, and what it has asked is paid for before.
  if (settled().some(({ type }) => type === 'turn.finished')) await asks?.close();
  const refused = await askHooks(context, settled());
  if (refused) return context.record(...refused());
  const label = files && labelIn(settled());
  if (!files || !label) return context.record(...settled());
  const snapshot = await files.takeSnapshot(label);
  const drafts = settled();
  if (labelIn(drafts) === label) {
    const taken: EventDraft = { type: 'snapshot.taken', agent: alias, data: { turn, label, ...snapshot } };
    return context.record(taken, ...drafts);
  }
  await context.record(...drafts);
  await files.dropSnapshot(label);
}

function labelIn(drafts: readonly EventDraft[]): string | null {
  for (const draft of drafts) if (draft.type === 'answer.submitted') return draft.data.label;
  return null;
}
