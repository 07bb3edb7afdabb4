import { codeFence } from '../../events/code-fence.ts';
import type { LoadedFile, UserMessage } from '../../events/message.ts';

/** A text as it stands in the prompt, under its name. */
export function textOfFile({ name, base64 }: LoadedFile): string {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const fence = codeFence(text);
  return `The user's file ${name}:\n\n${fence}\n${text.trimEnd()}\n${fence}`;
}

export function dataUrl({ mediaType, base64 }: LoadedFile): string {
  return `data:${mediaType};base64,${base64}`;
}

/** What the model is told of a file that its protocol has no place for. */
export function cannotSee({ name, mediaType }: LoadedFile): string {
  return `The user's file ${name} (${mediaType}) cannot be shown to you.`;
}

/** What a user says, with texts word for word, for models that take nothing but text; `shows` are told in another way. */
export function userWords(
  { text, files = [] }: UserMessage,
  shows: (file: LoadedFile) => boolean = () => false,
): string[] {
  const inWords = (file: LoadedFile): string[] => {
    if (file.mediaType === 'text/plain') return [textOfFile(file)];
    return shows(file) ? [] : [cannotSee(file)];
  };
  return [text, ...files.flatMap(inWords)].filter((part) => part !== '');
}
