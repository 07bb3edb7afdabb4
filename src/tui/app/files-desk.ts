import type { AnswerLabel } from '../../events/event.ts';
import { messageOf } from '../../platform/errors.ts';
import { contentKey, type FilesPort } from '../files.ts';
import { browserParts } from '../view/browser.ts';
import { PATCH_LABEL } from '../view/changes-page.ts';
import { baseLabel, fileRows, labelsWithFiles, shownLabel } from '../view/files-page.ts';
import type { Model } from '../view/model.ts';
import { placesOf } from '../view/screen.ts';

/** What the browser of files needs of the app. */
export interface FilesDeskHost {
  /** Null where files cannot be read. */
  port: FilesPort | null;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  /** The folder of the run in front; null where there is none. */
  runDir: () => string | null;
}

/** Reads what the browser of files shows, once each, when it is shown. */
export class FilesDesk {
  readonly #host: FilesDeskHost;
  readonly #asked = new Set<string>();

  constructor(host: FilesDeskHost) {
    this.#host = host;
  }

  /** Another run is in front. */
  forget(): void {
    this.#asked.clear();
  }

  /** The next answer that has files, or the one before. */
  turn(step: 1 | -1): void {
    const { model, set } = this.#host;
    const labels = labelsWithFiles(model());
    const at = labels.indexOf(shownLabel(model()) ?? '');
    const label = labels[(at + step + labels.length) % Math.max(1, labels.length)];
    if (label === undefined) return;
    const { browse, files } = model();
    set({ files: { ...files, label }, browse: { ...browse, files: { ...browse.files, pick: null, top: 0 } } });
  }

  /** Asks for what is shown and not there yet. */
  load(): void {
    const model = this.#host.model();
    const state = model.run?.state;
    if (model.view === 'changes' && state?.changes) this.#readPatch(state.changes.patch);
    if (model.view !== 'files' || !state) return;
    const label = shownLabel(model);
    if (label === null) return;
    const base = baseLabel(model, label);
    for (const each of base === null ? [label] : [label, base]) this.#list(each);
    const row = fileRows(model)[browserParts(model, state, 'files', placesOf(model).body).pick];
    if (row?.kind !== 'file' || row.file.kind !== 'file') return;
    if (row.change !== 'deleted') this.#read(label, row.file.path);
    if (base !== null && row.change !== 'added') this.#read(base, row.file.path);
  }

  #list(label: AnswerLabel): void {
    this.#once(`list ${label}`, async (runDir, port) => {
      const found = await port.list(runDir, label).then((list) => list ?? ('none' as const), troubleOf);
      return ({ files }) => ({ files: { ...files, lists: new Map([...files.lists, [label, found]]) } });
    });
  }

  #read(label: AnswerLabel, path: string): void {
    const key = contentKey(label, path);
    this.#once(`read ${key}`, async (runDir, port) => {
      const content = await port.read(runDir, label, path).catch(troubleOf);
      return ({ files }) => ({ files: { ...files, contents: new Map([...files.contents, [key, content]]) } });
    });
  }

  #readPatch(path: string): void {
    const key = contentKey(PATCH_LABEL, path);
    this.#once(`patch ${path}`, async (runDir, port) => {
      const content = await port.readOfRun(runDir, path).catch(troubleOf);
      return ({ files }) => ({ files: { ...files, contents: new Map([...files.contents, [key, content]]) } });
    });
  }

  #once(key: string, work: (runDir: string, port: FilesPort) => Promise<(model: Model) => Partial<Model>>): void {
    const { port, model, set } = this.#host;
    const runDir = this.#host.runDir();
    if (!port || runDir === null || this.#asked.has(key)) return;
    this.#asked.add(key);
    void work(runDir, port).then((change) => {
      // What was read of another run must not be shown with this one.
      if (this.#host.runDir() === runDir) set(change(model()));
    });
  }
}

function troubleOf(error: unknown): { trouble: string } {
  return { trouble: messageOf(error) };
}
