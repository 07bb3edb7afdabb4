import process from 'node:process';
import type { RunOutcome } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import { App } from './app/app.ts';
import type { LastFinal } from './app/app-host.ts';
import { createModel } from './app/model.ts';
import { notification } from './app/notification.ts';
import type { Keymap } from './input/keymap.ts';
import { InputTokenizer } from './input/tokenizer.ts';
import { guardExits, type ProcessLike } from './render/exit-guard.ts';
import { LinkPace, restMs } from './render/link-pace.ts';
import { FrameScheduler } from './render/scheduler.ts';
import {
  CLUSTERS_ON,
  MOUSE_OFF,
  MOUSE_ON,
  PROBE,
  Terminal,
  type TerminalInput,
  type TerminalOutput,
} from './render/terminal.ts';
import { canSetTitle, titleSequence } from './render/title.ts';
import { createFrameWriter } from './render/writer.ts';
import type { TuiPorts } from './ports.ts';
import type { SetupPort } from './setup.ts';
import type { TeamChoice, TeamSummary } from './teams.ts';
import { sanitize } from './text/sanitize.ts';
import { setWidthModel } from './text/width.ts';
import { detectColorDepth, themeFromEnv, themeFromReply } from './theme/detect.ts';
import { listThemes, loadTheme, palePairs, userThemesFolder, type ThemeName } from './theme/load-theme.ts';
import { StyleTable, type ColorDepth } from './theme/style-table.ts';
import { watchThemes } from './theme/watch-themes.ts';
import type { MarkdownRenderer } from './view/markdown-rows.ts';
import { buildFrame } from './view/screen.ts';
import { titleOf } from './view/title.ts';
import { ViewCache } from './view/view-cache.ts';
import { Surface } from './widgets/surface.ts';

/** A terminal to read from, as `process.stdin`. */
export interface TuiInput extends TerminalInput {
  on(event: 'data' | 'end', listener: (chunk: Uint8Array | string) => void): unknown;
  removeListener(event: 'data' | 'end', listener: (chunk: Uint8Array | string) => void): unknown;
}

/** A terminal to write to, as `process.stdout`. */
export interface TuiOutput extends TerminalOutput {
  columns?: number;
  rows?: number;
  write(text: string, callback?: () => void): unknown;
  on(event: 'resize', listener: () => void): unknown;
  removeListener(event: 'resize', listener: () => void): unknown;
}

export interface TuiOptions {
  stdin: TuiInput;
  stdout: TuiOutput;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** A name of a theme; `auto` takes the dark or the light one, by the ground of the terminal. */
  theme: ThemeName;
  /** What the terminal can show; found out from the environment where it is absent. */
  color?: ColorDepth;
  /** Draws its own lines and signs in ASCII. */
  ascii: boolean;
  /** Draws at a slow pace. */
  reducedMotion: boolean;
  /** For slow links: sends as little as possible, from the start. */
  economy?: boolean;
  /** Null opens the picker. */
  team: TeamSummary | null;
  teams: readonly TeamChoice[];
  /** Sent at once, or as soon as a team is chosen. */
  question: string | null;
  /** True where the run is played from its log: it cannot be cancelled. */
  isReplay?: boolean;
  /** Begins a run. Rejects with a MassgenError, which is shown. */
  start(question: string): Promise<RunHandle>;
  /** What the computer offers; nothing by default. */
  ports?: TuiPorts;
  /** What can be set up, loaded when it is needed; nothing by default. */
  setup?: () => Promise<SetupPort>;
  /** Begins with the set-up. */
  isSetup?: boolean;
  /** The user's keys; the usual ones by default. */
  keymap?: Keymap;
  /** For tests; the real one by default. */
  process?: ProcessLike;
}

export interface TuiResult {
  /** `interrupted` after a second Ctrl+C or a lost terminal. */
  exitReason: 'quit' | 'interrupted';
  /** The last run's answer; null where there was none. */
  lastFinal: LastFinal | null;
  /** How the last run ended, with or without an answer; null where none has ended. */
  lastOutcome: RunOutcome | null;
}

/**
 * How long replies of the terminal are waited for, in so many parts: what is loaded at the start may keep the program busy
 * for longer than all of it, and between two parts what has come meanwhile is read.
 */
const PROBE_MS = 150;
const PROBE_PARTS = 3;
const RESIZE_MS = 60;
/** Terminals drop longer sequences, some of them without a word. */
const MAX_CLIPBOARD = 100_000;

/**
 * Runs the full-screen app until the user leaves it. The terminal is given back before the promise settles, and on
 * every other way out that can be caught. Throws a MassgenError if a theme cannot be read, before the screen changes.
 */
export async function runTui(options: TuiOptions): Promise<TuiResult> {
  const { stdin, stdout, clock, env } = options;
  const depth = options.color ?? detectColorDepth(env);
  const themesFolder = userThemesFolder(env);
  const themeAt = (name: ThemeName): StyleTable => new StyleTable(loadTheme(name, themesFolder), depth);
  let themeName: ThemeName = options.theme === 'auto' ? (themeFromEnv(env) ?? 'dark') : options.theme;
  let table = themeAt(themeName);
  let isSynchronized = false;
  let isProbing = true;
  let cancelProbe = (): void => undefined;
  const probe = (parts: number): void => {
    isProbing = parts > 0;
    if (isProbing) cancelProbe = clock.after(PROBE_MS / PROBE_PARTS, () => probe(parts - 1));
  };

  const size = (): { cols: number; rows: number } => ({ cols: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const model = createModel({
    ...size(),
    now: clock.now(),
    ascii: options.ascii,
    team: options.team,
    teams: options.teams,
    isSetup: options.isSetup ?? false,
    ...(options.keymap && { keymap: options.keymap }),
  });
  const surface = new Surface(model.cols, model.rows);
  const terminal = new Terminal(stdin, stdout);
  terminal.hasTitle = canSetTitle(env);
  let shownTitle = '';
  const left = Promise.withResolvers<TuiResult['exitReason']>();

  // A recording must not depend on how busy the machine is.
  const link = new LinkPace(options.economy === true, env['MASSGEN_ECONOMY'] === 'off');
  let writtenAt = 0;
  const writer = createFrameWriter(stdout, clock, {
    idle: () => {
      link.note(clock.now() - writtenAt, clock.now());
      if (posted !== '') flushPosted();
      else scheduler.resume();
    },
    error: () => left.resolve('interrupted'),
  });
  /** Sequences that are no picture. They wait for the frame under way: nothing may come out in the middle of it. */
  let posted = '';
  const flushPosted = (): void => {
    const text = posted;
    posted = '';
    if (!terminal.isEntered) return;
    writtenAt = clock.now();
    writer.write(text);
    if (text.includes(PROBE)) probe(PROBE_PARTS);
  };
  const post = (text: string): void => {
    posted += text;
    if (!writer.isBusy) flushPosted();
  };
  const draw = (): void => {
    if (!terminal.isEntered) return;
    const now = clock.now();
    app.model = { ...app.model, now };
    const { pace, run } = app.model;
    pace.pacing = {
      restMs: restMs(link.level, run?.panes.length ?? 0),
      isJumping: link.level > 0 || options.reducedMotion,
    };
    pace.begin();
    const frame = surface.show(buildFrame(app.model), table, isSynchronized);
    if (frame !== '') {
      writtenAt = now;
      writer.write(frame);
    }
    const title = terminal.hasTitle ? titleOf(app.model) : '';
    if (title !== shownTitle) {
      shownTitle = title;
      post(titleSequence(title));
    }
    if (pace.isBehind) scheduler.request('data');
  };
  const scheduler = new FrameScheduler(clock, { draw, isBusy: () => writer.isBusy, isCalm: options.reducedMotion });
  const redraw = (): void => {
    surface.invalidate();
    scheduler.request('input');
  };
  /** Draws with another theme; a file that is not one changes nothing but the message. */
  const useTheme = (name: ThemeName, isNews = false): void => {
    try {
      table = themeAt(name);
    } catch (error) {
      return app.say('err', messageOf(error), false);
    }
    themeName = name;
    const [pale] = palePairs(table.theme);
    if (pale !== undefined) app.say('warn', `theme ${name}: ${pale}`);
    else if (isNews) app.say('info', `theme ${name}`);
    redraw();
  };
  /** The two that suit most terminals; the picker has them all. */
  const toggleTheme = (): void => {
    useTheme(themeName === 'dark' ? 'light' : 'dark', true);
    keepTheme();
  };
  const keepTheme = (name = themeName): void => void options.ports?.keepTheme?.(name);
  /** Emoji as the pictures that they are, where the terminal says that it takes them so. */
  const useClusters = (reply: string): void => {
    const state = /^\?2027;([123])\$y$/.exec(reply)?.[1];
    if (state === undefined) return;
    if (state === '2') {
      terminal.hasClusters = true;
      post(CLUSTERS_ON);
    }
    setWidthModel('clusters');
    app.model = { ...app.model, cache: new ViewCache() };
    redraw();
  };
  const app = new App(
    model,
    {
      clock,
      requestFrame: (reason) => scheduler.request(reason),
      start: (question) => options.start(question),
      toggleTheme,
      isReplay: options.isReplay ?? false,
      themes: {
        names: () => listThemes(themesFolder),
        current: () => themeName,
        use: (name) => useTheme(name),
        keep: keepTheme,
      },
      toggleMouse: () => {
        terminal.hasMouse = !terminal.hasMouse;
        post(terminal.hasMouse ? MOUSE_ON : MOUSE_OFF);
        return terminal.hasMouse;
      },
      ring: (text) => post(notification(text, env)),
      redraw,
      ports: options.ports ?? {},
      ...(options.setup && { setup: options.setup }),
      ...(options.ports?.editText && { editOutside: (text: string) => editOutside(text) }),
      ...(options.ports?.openText && { openOutside: (text: string) => openOutside(text) }),
      copyToTerminal: (text) => {
        const encoded = Buffer.from(text, 'utf8').toString('base64');
        if (encoded.length > MAX_CLIPBOARD) return false;
        post(`\x1b]52;c;${encoded}\x1b\\`);
        return true;
      },
      suspend: () => guard.suspend(),
      leave: (reason) => left.resolve(reason),
    },
    options.question,
  );

  const tokenizer = new InputTokenizer(clock, (token) => {
    if (token.kind !== 'reply') return app.handle(token);
    if (!isProbing) return;
    if (token.type === 'osc' && options.theme === 'auto') {
      const found = themeFromReply(token.body);
      if (found !== null && found !== themeName) useTheme(found);
    }
    // 1 is on, 2 is off but known.
    if (token.type === 'csi' && /^\?2026;[12]\$y$/.test(token.body)) isSynchronized = true;
    if (token.type === 'csi') useClusters(token.body);
  });
  const onData = (chunk: Uint8Array | string): void => tokenizer.push(chunk);
  const onEnd = (): void => left.resolve('interrupted');
  let cancelResize = (): void => undefined;
  const onResize = (): void => {
    cancelResize();
    cancelResize = clock.after(RESIZE_MS, () => {
      const { cols, rows } = size();
      surface.invalidate();
      app.resize(cols, rows);
    });
  };

  const guard = guardExits(options.process ?? (process as unknown as ProcessLike), {
    restore: () => {
      if (terminal.isEntered) writer.settleSync();
      terminal.restore();
    },
    resume: () => {
      terminal.reenter();
      shownTitle = '';
      const { cols, rows } = size();
      surface.invalidate();
      app.resize(cols, rows);
    },
    isOutside: () => isOutside,
    beforeExit: () => app.stopRun('signal'),
    report: (error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      stdout.write(`${sanitize(text).replaceAll('\n', '\r\n')}\r\n`);
    },
  });

  let isOutside = false;
  /** The terminal is the other program's meanwhile: nothing is drawn and nothing is read. */
  const outside = async <T>(work: () => Promise<T>): Promise<T> => {
    writer.settleSync();
    terminal.restore();
    isOutside = true;
    try {
      return await work();
    } finally {
      isOutside = false;
      terminal.reenter();
      shownTitle = '';
      const { cols, rows } = size();
      surface.invalidate();
      app.resize(cols, rows);
    }
  };
  const editOutside = (text: string): Promise<string> =>
    outside(async () => (await options.ports?.editText?.(text)) ?? text);
  const openOutside = (text: string): Promise<void> => outside(async () => options.ports?.openText?.(text));

  setWidthModel('characters');
  terminal.enter();
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  stdout.on('resize', onResize);
  draw();
  post(PROBE);
  const stopWatching = watchThemes(themesFolder, clock, () => useTheme(themeName));
  app.begin();
  // Heavy and not needed for the first picture: Markdown comes after it, colours for code after Markdown.
  const useRenderer = (renderMarkdown: MarkdownRenderer): void => {
    app.model = { ...app.model, renderMarkdown };
    scheduler.request('data');
  };
  void import('./view/markdown.ts').then(async ({ renderMarkdown }) => {
    useRenderer(renderMarkdown);
    const [{ highlight }, { renderDiff }] = await Promise.all([
      import('./view/highlight.ts'),
      import('./view/answer-diff.ts'),
    ]);
    app.model = { ...app.model, renderDiff };
    useRenderer((source, width, glyphs) => renderMarkdown(source, width, glyphs, highlight));
  });

  try {
    const exitReason = await left.promise;
    return { exitReason, lastFinal: app.lastFinal, lastOutcome: app.lastOutcome };
  } finally {
    app.close();
    scheduler.stop();
    cancelProbe();
    stopWatching();
    cancelResize();
    tokenizer.close();
    stdin.removeListener('data', onData);
    stdin.removeListener('end', onEnd);
    stdout.removeListener('resize', onResize);
    await Promise.race([writer.idle(), clock.sleep(PROBE_MS)]);
    writer.close();
    terminal.restore();
    guard.remove();
  }
}

/** The last answer for the normal screen, with a line break at its end; '' where there was none. Safe to print. */
export function finalAnswerText(result: Pick<TuiResult, 'lastFinal'>): string {
  return result.lastFinal ? `${sanitize(result.lastFinal.text).trimEnd()}\n` : '';
}
