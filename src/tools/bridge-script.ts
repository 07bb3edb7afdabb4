import { copyFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomHex } from '../platform/entropy.ts';

/** A script that runs in another process than this one, and is copied to where that process can read it. */
export interface BridgeScript {
  /** From source. */
  source: URL;
  /** In the package, where TypeScript has been made JavaScript. */
  shipped: URL;
}

/** Absolute path of a copy in `folder`. Rejects with the system's error when the script is nowhere. */
export async function placeScript({ source, shipped }: BridgeScript, folder: string): Promise<string> {
  for (const from of [source, shipped]) {
    const path = fileURLToPath(from);
    // Node.js takes a file without a package.json for what its name says.
    const target = join(
      folder,
      basename(path).replace(/\.(ts|js)$/, (ending) => `.m${ending.slice(1)}`),
    );
    // A process that begins right now reads the whole script or the one before, never a part.
    const scrap = join(folder, `.${randomHex(4)}`);
    try {
      await copyFile(path, scrap);
      await rename(scrap, target);
      return target;
    } catch (error) {
      if (from === shipped) throw error;
    }
  }
  throw new Error('unreachable');
}
