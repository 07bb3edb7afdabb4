import { createHash } from 'node:crypto';

/** The longest name that every provider takes. */
const MAX_NAME = 64;

/** `mcp__server__tool`, in letters that every provider takes. Different tools get different names. */
export function mcpToolName(server: string, tool: string): string {
  const plain = `mcp__${server}__${tool}`;
  const name = plain.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  if (name === plain && name.length <= MAX_NAME) return name;
  const mark = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_NAME - mark.length - 1)}_${mark}`;
}
