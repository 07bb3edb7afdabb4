import { pixelsOf, type TerminalSize } from './terminal-size.ts';
import { shellWord, tapeStrings } from './tape-text.ts';

/** What a recording can be made into. */
export const FORMATS = ['gif', 'mp4', 'webm', 'png', 'txt'] as const;
export type RecordingFormat = (typeof FORMATS)[number];

export interface TapeRequest {
  /** Arguments of `massgen`, without the question. */
  args: readonly string[];
  question: string;
  size: TerminalSize;
  /** The terminal's own colours. */
  isLight: boolean;
  formats: readonly RecordingFormat[];
  /** How long the run may take, in seconds. */
  limitSeconds: number;
}

export const TYPING_MS = 15;
export const FRAMES_PER_SECOND = 10;
/** How long the end is shown. */
const REST_SECONDS = 3;
/** Longer questions are not typed letter by letter. */
const TYPED_CHARS = 300;
/** Beside the tape, where the question is too long to be typed. */
export const QUESTION_FILE = 'question.txt';

/** False for a question that the tape takes from a file. */
export function isTyped(question: string): boolean {
  return question.length <= TYPED_CHARS;
}

/**
 * The command that a viewer sees typed. Nothing in the question is expanded by the shell, and it holds no control
 * characters.
 */
export function typedCommand({ args, question }: Pick<TapeRequest, 'args' | 'question'>): string {
  const asked = isTyped(question) ? shellWord(question) : `"$(cat ${QUESTION_FILE})"`;
  return ['massgen', ...args.map(shellWord), '--', asked].join(' ');
}

/** A tape for VHS that asks the question in the app, waits for the run's end, shows it, and leaves. */
export function buildTape(request: TapeRequest): string {
  const { size, isLight, formats, limitSeconds } = request;
  const { width, height } = pixelsOf(size);
  const films = formats.filter((format) => format !== 'png' && format !== 'txt');
  return [
    `# size: ${size.cols}x${size.rows}`,
    ...films.map((format) => `Output recording.${format}`),
    'Output frames/',
    'Require massgen',
    'Set Shell "bash"',
    'Set FontFamily "JetBrains Mono"',
    'Set FontSize 15',
    'Set LetterSpacing 0',
    'Set Padding 12',
    `Set Width ${width}`,
    `Set Height ${height}`,
    ...(isLight ? ['Set Theme "Builtin Light"'] : []),
    `Set TypingSpeed ${TYPING_MS}ms`,
    `Set Framerate ${FRAMES_PER_SECOND}`,
    // What the viewer sees must not depend on how busy the machine is.
    'Env MASSGEN_ECONOMY off',
    ...tapeStrings(typedCommand(request)).map((text) => `Type ${text}`),
    'Enter',
    // The first row is the app's own but for the question, which stands before these words.
    `Wait+Screen@${Math.ceil(limitSeconds)}s /^ massgen .* (finished|failed|timed-out|cancelled)  /`,
    `Sleep ${REST_SECONDS}s`,
    // The film ends with the app; this key leaves it from every place.
    'Hide',
    'Ctrl+C',
    'Wait@30s',
    '',
  ].join('\n');
}
