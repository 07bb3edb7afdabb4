import { readBytes, type FileStamp } from '../../workspace/file-access.ts';
import type { Located } from '../../workspace/path-policy.ts';
import { ToolMistake } from '../define-tool.ts';

/** Larger files are for programs. */
export const MAX_TEXT_BYTES = 10 * 1024 * 1024;

/** The text of a file. Rejects with a ToolMistake for a binary or very large one. */
export async function readText(located: Located): Promise<{ text: string; stamp: FileStamp }> {
  const { bytes, stamp } = await readBytes(located, MAX_TEXT_BYTES);
  if (bytes.subarray(0, 8_192).includes(0)) {
    throw new ToolMistake(`It is a binary file of ${bytes.length} bytes; only text can be read.`);
  }
  return { text: bytes.toString('utf8'), stamp };
}
