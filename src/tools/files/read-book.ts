import { isSameStamp, type FileStamp } from '../../workspace/file-access.ts';

/** What an agent knows of files: read by whatever tool, or written by itself. Overwriting and deleting ask for it. */
export class ReadBook {
  readonly #known = new Map<string, FileStamp>();

  /** `path` is absolute and real. */
  note(path: string, stamp: FileStamp): void {
    this.#known.set(path, stamp);
  }

  forget(path: string): void {
    this.#known.delete(path);
  }

  /** Whether the agent knows the file as it is now. */
  judge(path: string, now: FileStamp): 'known' | 'unread' | 'changed' {
    const then = this.#known.get(path);
    if (!then) return 'unread';
    return isSameStamp(then, now) ? 'known' : 'changed';
  }
}
