import process from 'node:process';
import { spawn } from '@lydell/node-pty';
import type { IBufferCell, Terminal } from '@xterm/headless';
import { createEmulator, emulatorText } from './emulator.ts';

/** A program in a real pty whose output goes to a terminal emulator. */
export interface PtyScreen {
  readonly pid: number;
  /** Everything it wrote, as it came. */
  readonly raw: () => string;
  write(text: string): void;
  resize(cols: number, rows: number): void;
  /** Stops reading, as a terminal that hangs. */
  stall(): void;
  /** Takes the terminal away, as a closed window does. */
  close(): void;
  kill(signal?: string): void;
  /** Waits until what was written is on the screen. */
  settle(): Promise<void>;
  /** Rows as text, without blanks at their ends. */
  text(): string[];
  html(): string;
  /** Which buffer shows: the alternate one while the app runs. */
  isAlternate(): boolean;
  readonly exited: Promise<{ exitCode: number; signal: number | undefined }>;
}

export function openScreen(
  args: readonly string[],
  options: { cols: number; rows: number; env?: Record<string, string>; cwd?: string },
): PtyScreen {
  const { cols, rows, cwd = process.cwd() } = options;
  const env = { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '', ...options.env };
  const pty = spawn(process.execPath, [...args], { cols, rows, cwd, env, name: 'xterm-256color' });
  const terminal = createEmulator(cols, rows);
  let raw = '';
  pty.onData((data) => {
    raw += data;
    terminal.write(data);
  });
  terminal.onData((data) => pty.write(data));
  const exited = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve({ exitCode, signal }));
  });
  return {
    pid: pty.pid,
    raw: () => raw,
    write: (text) => pty.write(text),
    resize: (c, r) => {
      terminal.resize(c, r);
      pty.resize(c, r);
    },
    stall: () => pty.pause(),
    close: () => (pty as unknown as { destroy(): void }).destroy(),
    kill: (signal) => pty.kill(signal),
    settle: () => new Promise((resolve) => terminal.write('', resolve)),
    text: () => emulatorText(terminal),
    html: () => screenHtml(terminal),
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    exited,
  };
}

function screenHtml(terminal: Terminal): string {
  const buffer = terminal.buffer.active;
  const rows: string[] = [];
  for (let y = 0; y < terminal.rows; y++) {
    const line = buffer.getLine(buffer.baseY + y);
    let row = '';
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line?.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      const chars = (cell.getChars() || ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      row += `<span style="${cellStyle(cell)};width:${cell.getWidth() * 9}px">${chars}</span>`;
    }
    rows.push(`<div>${row}</div>`);
  }
  return `<!doctype html><meta charset="utf-8"><style>body{background:#000;margin:10px;font:15px/19px "DejaVu Sans Mono","Noto Sans Mono CJK JP",monospace}div{height:19px;white-space:pre}span{display:inline-block;height:19px;vertical-align:top;overflow:hidden}</style>${rows.join('\n')}`;
}

function cellStyle(cell: IBufferCell): string {
  const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;
  let fg = cell.isFgRGB() ? hex(cell.getFgColor()) : '#ccc';
  let bg = cell.isBgRGB() ? hex(cell.getBgColor()) : '#000';
  if (cell.isInverse()) [fg, bg] = [bg, fg];
  const extra = [
    cell.isBold() ? 'font-weight:bold' : '',
    cell.isItalic() ? 'font-style:italic' : '',
    cell.isUnderline() ? 'text-decoration:underline' : '',
  ];
  return [`color:${fg}`, `background:${bg}`, ...extra].filter((part) => part !== '').join(';');
}
