import { EXIT, MassgenError } from '../platform/errors.ts';
import { errnoOf } from './files.ts';

/** What a user can do about it, by the system's error code. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and continue the run.',
  EDQUOT: 'Your disk quota is used up: free some space and continue the run.',
  EACCES: 'Permission is denied: make the folder writable for you and continue the run.',
  EPERM: 'Permission is denied: make the folder writable for you and continue the run.',
  EROFS: 'The disk is read-only: start the run in a folder that you can write to.',
  EIO: 'The disk reports an error: check it, and start the run on another one.',
  ENOENT: 'The folder or the file is gone: start the run again, and leave its folder alone while it runs.',
  EMFILE: 'Too many files are open: close some programs and continue the run.',
};

/** The log cannot be written. `savedSeq` is the number of the last event that is certainly on disk. */
export function unwritable(path: string, savedSeq: number, cause: unknown): MassgenError {
  const saved =
    savedSeq === 0 ? 'Nothing of the run is saved.' : `Events 1 to ${savedSeq} are saved there, nothing after them is.`;
  const errno = errnoOf(cause);
  const advice = ADVICE[errno] ?? `The system says: ${errno === '' ? 'unknown error' : errno}.`;
  return new MassgenError('log-unwritable', `The run's log ${path} can no longer be written. ${saved} ${advice}`, {
    exitCode: EXIT.execution,
    cause,
  });
}

export function adoptedElsewhere(path: string, savedSeq: number): MassgenError {
  return new MassgenError(
    'run-adopted',
    `Another process has taken over this run, so nothing more is written to ${path} from here ` +
      `(${savedSeq} events were). Follow the run where it goes on, or start a new one.`,
    { exitCode: EXIT.execution },
  );
}

export function logClosed(path: string): MassgenError {
  return new MassgenError(
    'log-closed',
    `The run's log ${path} is closed, so the event was not saved. Start a new run.`,
    {
      exitCode: EXIT.execution,
    },
  );
}

export function damagedLog(path: string, line: number, reason: string): MassgenError {
  return new MassgenError(
    'log-damaged',
    `Line ${line} of the run's log ${path} cannot be used: ${reason}. ` +
      'Restore the file from a copy, or remove that line and all that follow it.',
    { exitCode: EXIT.execution },
  );
}

export function unreadableLog(path: string, cause: unknown): MassgenError {
  const errno = errnoOf(cause);
  return new MassgenError(
    'log-unreadable',
    errno === 'ENOENT'
      ? `There is no run's log at ${path}. Check the run's id and the folder you are in.`
      : `The run's log ${path} cannot be read (${errno === '' ? 'unknown error' : errno}). Check its permissions.`,
    { exitCode: EXIT.execution, cause },
  );
}
