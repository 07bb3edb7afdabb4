import type { KeptPicture, LoadedFile, Message, ToolMessage } from '../events/message.ts';
import type { ToolResult } from '../tools/tool.ts';
import type { TurnContext } from './turn-context.ts';

/** Results whose pictures are sent; older ones are only told, or a long look at a page would fill every request. */
const MAX_RESULTS = 4;

/** A result as it is written down: its pictures are files of the run. One that cannot be kept is left out. Never rejects. */
export async function keepPictures(
  { pictures = [], ...result }: ToolResult,
  { saveFile }: Pick<TurnContext, 'saveFile'>,
): Promise<Omit<ToolResult, 'pictures'> & { pictures?: KeptPicture[] }> {
  const kept: KeptPicture[] = [];
  for (const { mediaType, base64 } of pictures) {
    const file = await saveFile?.(mediaType, Buffer.from(base64, 'base64'));
    if (file) kept.push({ path: file.path, mediaType });
  }
  return kept.length > 0 ? { ...result, pictures: kept } : result;
}

/** The messages with the pictures of the last results, for a model that sees them. Never rejects. */
export async function withPictures(
  messages: readonly Message[],
  load: TurnContext['loadPicture'],
): Promise<readonly Message[]> {
  const seen = messages.filter(hasPictures);
  if (seen.length === 0) return messages;
  const shown = new Set(load ? seen.slice(-MAX_RESULTS) : []);
  return Promise.all(
    messages.map(async (message): Promise<Message> => {
      if (!hasPictures(message)) return message;
      const files = shown.has(message) ? await filesOf(message, load) : [];
      return files.length > 0 ? { ...message, files } : { ...message, output: `${message.output}\n${NOT_SHOWN}` };
    }),
  );
}

const NOT_SHOWN = '[Its pictures are not shown to you.]';

async function filesOf({ pictures = [] }: ToolMessage, load: TurnContext['loadPicture']): Promise<LoadedFile[]> {
  const files = pictures.map(async ({ path, mediaType }) => {
    const base64 = (await load?.(path)) ?? null;
    return base64 === null ? [] : [{ name: path, mediaType, base64 }];
  });
  return (await Promise.all(files)).flat();
}

function hasPictures(message: Message): message is ToolMessage {
  return message.role === 'tool' && message.pictures !== undefined;
}
