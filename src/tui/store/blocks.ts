import type { JsonObject } from '../../events/json.ts';
import { sanitize, sanitizeLine, Sanitizer } from '../text/sanitize.ts';
import { TextBlock } from './text-block.ts';

export type Tone = 'plain' | 'dim' | 'info' | 'ok' | 'warn' | 'err';

/** One thing that an agent's pane shows. All text in blocks is sanitized. */
export type Block = TextBlock | ToolBlock | NoticeBlock;

export interface ToolBlock {
  kind: 'tool';
  id: number;
  seq: number;
  callId: string;
  name: string;
  /** The arguments on one line. */
  args: string;
  status: 'running' | 'done' | 'failed' | 'stopped';
  /** The arguments in full, one per line. */
  input: string;
  /** The result, as far as it is kept. */
  output: string;
  /** The first line of the result that says something; while it runs, how far it is, or empty. */
  result: string;
  resultLines: number;
  durationMs: number;
  version: number;
}

export interface NoticeBlock {
  kind: 'notice';
  id: number;
  seq: number;
  tone: Tone;
  text: string;
  version: number;
}

/** Past this length a text goes on in a new block at the next line break, so that old blocks can be let go. */
const LONG_TEXT = 32_000;

/** The blocks of one agent, oldest first, with a bound on what is kept. */
export class BlockList {
  readonly blocks: Block[] = [];
  /** Blocks let go from the front; the run log has them all. */
  dropped = 0;
  /** Number of the event that is being told; new blocks get it. */
  seq = 0;
  #maxChars: number;
  #chars = 0;
  #nextId = 1;
  #open: { key: string; block: TextBlock; door: Sanitizer } | null = null;

  constructor(maxChars = 600_000) {
    this.#maxChars = maxChars;
  }

  /** Adds streamed text. `key` names the stream; text of another stream or kind begins a new block. */
  stream(kind: 'text' | 'reasoning', key: string, chunk: string): void {
    const streamKey = `${kind}:${key}`;
    let open = this.#open;
    if (open?.key !== streamKey) {
      this.endStream();
      const block = new TextBlock(kind, this.#nextId++, this.seq);
      open = { key: streamKey, block, door: new Sanitizer() };
      this.#open = open;
    }
    const clean = open.door.push(chunk);
    if (clean === '') return;
    // An empty block is not shown, so it is added with its first text.
    if (open.block.version === 0) this.#add(open.block);
    open.block.append(clean);
    this.#grow(clean.length);
    this.#splitLong(open, clean);
  }

  /** At a line break that came last, or, where none does, at the last one that there is. */
  #splitLong(open: { block: TextBlock }, newest: string): void {
    const { block } = open;
    if (block.length <= LONG_TEXT || (!newest.endsWith('\n') && block.length <= 2 * LONG_TEXT)) return;
    const { text } = block;
    const at = text.lastIndexOf('\n') + 1 || text.length;
    open.block = new TextBlock(block.kind, this.#nextId++, this.seq, text.slice(at));
    if (at === text.length) return;
    block.replace(text.slice(0, at));
    this.#add(open.block);
  }

  endStream(): void {
    this.#open = null;
  }

  /** True while text comes in. */
  get isStreaming(): boolean {
    return this.#open !== null;
  }

  /** Streamed text of that kind since `fromId`, joined: to see whether a stream was complete. */
  streamed(kind: 'text' | 'reasoning', fromId: number): string {
    return this.blocks.map((block) => (block.id >= fromId && block.kind === kind ? block.text : '')).join('');
  }

  /** Puts `text` in the place of what was streamed since `fromId`, where a stream had holes. */
  replaceStreamed(kind: 'text' | 'reasoning', fromId: number, text: string): void {
    const [first, ...rest] = this.blocks.filter((b): b is TextBlock => b.id >= fromId && b.kind === kind);
    if (!first) return this.text(kind, text);
    this.endStream();
    const clean = sanitize(text);
    this.#chars += clean.length - sizeOf(first);
    first.replace(clean);
    for (const block of rest) {
      this.blocks.splice(this.blocks.indexOf(block), 1);
      this.#chars -= sizeOf(block);
    }
  }

  answer(text: string): void {
    this.#addClosed(new TextBlock('answer', this.#nextId++, this.seq, sanitize(text)));
  }

  text(kind: 'text' | 'reasoning', text: string): void {
    this.#addClosed(new TextBlock(kind, this.#nextId++, this.seq, sanitize(text)));
  }

  notice(tone: Tone, text: string): void {
    this.#addClosed({ kind: 'notice', id: this.#nextId++, seq: this.seq, tone, text: sanitizeLine(text), version: 1 });
  }

  /** A notice that breaks no text: it stands before the text that is coming in. The caller may change it later. */
  aside(tone: Tone, text: string): NoticeBlock {
    const block: NoticeBlock = {
      kind: 'notice',
      id: this.#nextId++,
      seq: this.seq,
      tone,
      text: sanitizeLine(text),
      version: 1,
    };
    const open = this.#open ? this.blocks.lastIndexOf(this.#open.block) : -1;
    this.blocks.splice(open < 0 ? this.blocks.length : open, 0, block);
    this.#grow(sizeOf(block));
    return block;
  }

  tool(callId: string, name: string, args: string, input = ''): void {
    this.#addClosed({
      kind: 'tool',
      id: this.#nextId++,
      seq: this.seq,
      callId,
      name: sanitizeLine(name),
      args: sanitizeLine(args),
      input: sanitize(input),
      output: '',
      status: 'running',
      result: '',
      resultLines: 0,
      durationMs: 0,
      version: 1,
    });
  }

  /** What a tool that runs tells of itself, until its result takes the place. */
  toolProgressed(callId: string, message: string): void {
    const block = this.blocks.findLast((b): b is ToolBlock => b.kind === 'tool' && b.callId === callId);
    if (block?.status !== 'running') return;
    block.result = sanitizeLine(message).slice(0, 500);
    block.version++;
  }

  toolFinished(callId: string, output: string, isError: boolean, durationMs: number): void {
    const block = this.blocks.findLast((b): b is ToolBlock => b.kind === 'tool' && b.callId === callId);
    if (!block) return;
    const clean = sanitize(output);
    block.output = clipOutput(clean);
    const lines = clean
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    block.status = isError ? 'failed' : 'done';
    block.result = (lines[0] ?? '').slice(0, 500);
    block.resultLines = lines.length;
    block.durationMs = durationMs;
    block.version++;
    this.#grow(block.output.length);
  }

  /** Tools of a turn that ended before their results came. */
  stopTools(): void {
    for (const block of this.blocks) {
      if (block.kind !== 'tool' || block.status !== 'running') continue;
      block.status = 'stopped';
      block.version++;
    }
  }

  /** The id that the next block will get. */
  get nextId(): number {
    return this.#nextId;
  }

  #addClosed(block: Block): void {
    this.endStream();
    this.#add(block);
    this.#grow(sizeOf(block));
  }

  #add(block: Block): void {
    this.blocks.push(block);
  }

  #grow(chars: number): void {
    this.#chars += chars;
    while (this.#chars > this.#maxChars && this.blocks.length > 1) {
      const first = this.blocks.shift();
      if (first) this.#chars -= sizeOf(first);
      this.dropped++;
    }
  }
}

function sizeOf(block: Block): number {
  if (block.kind === 'notice') return block.text.length;
  if (block.kind !== 'tool') return block.length;
  return block.args.length + block.input.length + block.output.length;
}

/** Of a result, what a pane can show: its beginning and its end. The run log has all of it. */
const MAX_OUTPUT = 6000;

function clipOutput(text: string): string {
  if (text.length <= MAX_OUTPUT) return text;
  const half = MAX_OUTPUT / 2;
  return `${text.slice(0, half)}\n(${text.length - MAX_OUTPUT} characters are only in the run log)\n${text.slice(-half)}`;
}

/** A call's arguments with one line each, longer ones on several. */
export function listArgs(args: JsonObject | null, rawArgs: string): string {
  if (args === null) return rawArgs.slice(0, MAX_OUTPUT);
  return Object.entries(args)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
    .slice(0, MAX_OUTPUT);
}

/** A call's arguments on one line: the value where there is one, `key=value` pairs otherwise. */
export function describeArgs(args: JsonObject | null, rawArgs: string): string {
  if (args === null) return rawArgs.slice(0, 300);
  const entries = Object.entries(args);
  const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const [only] = entries;
  const text = entries.length === 1 && only ? show(only[1]) : entries.map(([k, v]) => `${k}=${show(v)}`).join(' ');
  return text.slice(0, 300);
}
