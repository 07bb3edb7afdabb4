import type { ContentBlock, PromptCapabilities } from '@agentclientprotocol/sdk';
import type { LoadedFile, Message } from '../../events/message.ts';

/** A file of the user's as a block of a prompt; null for one that the agent takes in no form. Texts stand in the prompt. */
export function fileBlock(file: LoadedFile, takes: PromptCapabilities | undefined): ContentBlock | null {
  const { name, mediaType: mimeType, base64: data } = file;
  if (mimeType === 'text/plain') return null;
  if (mimeType.startsWith('image/') && takes?.image === true) return { type: 'image', data, mimeType };
  if (mimeType.startsWith('audio/') && takes?.audio === true) return { type: 'audio', data, mimeType };
  if (takes?.embeddedContext !== true) return null;
  return { type: 'resource', resource: { uri: `attachment:///${encodeURIComponent(name)}`, mimeType, blob: data } };
}

/** The blocks of all files that go along with these messages, in their order. */
export function fileBlocks(messages: readonly Message[], takes: PromptCapabilities | undefined): ContentBlock[] {
  const files = messages.flatMap((message) => (message.role === 'user' ? (message.files ?? []) : []));
  return files.flatMap((file) => fileBlock(file, takes) ?? []);
}
