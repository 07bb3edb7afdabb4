import { createHash } from 'node:crypto';
import { createDeflate } from 'node:zlib';

/** How a repository names contents. */
export type ObjectFormat = 'sha1' | 'sha256';

const DIGITS = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~');
/** A letter in front of each line says how many bytes it holds. */
const LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LINE_BYTES = LENGTHS.length;
const GROUP_BYTES = 4;
const GROUP_DIGITS = 5;

/**
 * What `git apply` needs, after the lines with the modes, to put one content in place of another and back. Null is a file that
 * is not there.
 */
export async function binaryRows(before: Buffer | null, after: Buffer | null, format: ObjectFormat): Promise<string[]> {
  const index = `index ${nameOf(before, format)}..${nameOf(after, format)}`;
  return [index, 'GIT binary patch', ...(await literal(after)), ...(await literal(before))];
}

function nameOf(bytes: Buffer | null, format: ObjectFormat): string {
  if (bytes === null) return '0'.repeat(format === 'sha1' ? 40 : 64);
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Written as it is packed, so that others come to their turn meanwhile. */
async function literal(bytes: Buffer | null): Promise<string[]> {
  const whole = bytes ?? Buffer.alloc(0);
  const rows = [`literal ${whole.length}`];
  let rest = Buffer.alloc(0);
  const packed: AsyncIterable<Buffer> = createDeflate().end(whole);
  for await (const piece of packed) {
    const ready = Buffer.concat([rest, piece]);
    const end = ready.length - (ready.length % LINE_BYTES);
    for (let at = 0; at < end; at += LINE_BYTES) rows.push(lineOf(ready.subarray(at, at + LINE_BYTES)));
    rest = ready.subarray(end);
  }
  if (rest.length > 0) rows.push(lineOf(rest));
  return [...rows, ''];
}

function lineOf(bytes: Buffer): string {
  return `${LENGTHS.charAt(bytes.length - 1)}${inBase85(bytes)}`;
}

/** As git writes it: four bytes are five digits, the highest first; zeros fill up the last four. */
function inBase85(bytes: Buffer): string {
  const padded = Buffer.alloc(Math.ceil(bytes.length / GROUP_BYTES) * GROUP_BYTES);
  bytes.copy(padded);
  const text = Buffer.alloc((padded.length / GROUP_BYTES) * GROUP_DIGITS);
  for (let group = 0; group * GROUP_BYTES < padded.length; group += 1) {
    let rest = padded.readUInt32BE(group * GROUP_BYTES);
    for (let digit = GROUP_DIGITS - 1; digit >= 0; digit -= 1) {
      text[group * GROUP_DIGITS + digit] = DIGITS[rest % DIGITS.length] ?? 0;
      rest = Math.floor(rest / DIGITS.length);
    }
  }
  return text.toString('latin1');
}
