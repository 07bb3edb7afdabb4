import { posix } from 'node:path';
import type { PathUse } from '../tool.ts';
import { fitsPath } from './glob.ts';

/** Where a call is made from, for paths as a model writes them. */
export interface Surroundings {
  /** The user's home folder; null where nobody knows it. */
  home: string | null;
  /** What relative paths start from; null for an agent without files. */
  workspace: string | null;
}

const SYSTEM =
  /^\/(bin|boot|dev|etc|home|lib\w*|mnt|media|opt|proc|root|run|sbin|srv|sys|usr|var|Users|System|Library|Applications|Volumes)?$/i;
const HOMES = /^(\/home\/[^/]+|\/Users\/[^/]+|\/root|~[^/]*)$/i;
const DISK = /^\/dev\/(sd|nvme|hd|vd|xvd|mmcblk|disk|rdisk|mapper\/|dm-|md\d|loop|mem|kmem)/i;
const KEYS =
  /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.azure|\.config\/(gh|gcloud|op|rclone))(\/|$)|(^|\/)(\.netrc|\.pgpass|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519))$|(^|\/)\.docker\/config\.json$|(^|\/)\.(massgen|config\/massgen)\/(\.env|permissions\.yaml)$/i;
/** Keys where they lie in a home; a project has files of these names too. */
const KEYS_AT_HOME = /^\/(\.npmrc|\.pypirc)$/i;
/** Names that a pattern of files may stand for, besides those on the way to the home folder. */
const GUARDED = ['.git', '.ssh', '.gnupg', '.aws', '.kube', '.azure'];

/**
 * What nobody may do with this place, in a few words for people; null for all other places. Looks at the text of the
 * path only, so it needs no file system and holds in every runner.
 */
export function protectedPlace(written: string, use: PathUse, where: Surroundings): string | null {
  const path = withoutGlobs(placeOf(written, where), where.home);
  if (KEYS.test(path) || KEYS.test(fold(path)) || isKeyAtHome(path, where.home)) return 'keys';
  if (use === 'read') return null;
  if (fold(path).split('/').includes('.git')) return 'a .git folder';
  if (DISK.test(path)) return 'disks';
  // `/etc/*` is all of `/etc`.
  const whole = path.replace(/\/(\*+|\.\*|\.\[.*|\{.*)$/, '') || '/';
  if (HOMES.test(whole) || (where.home !== null && isAtOrAbove(whole, where.home))) return 'the home folder';
  if (SYSTEM.test(whole)) return 'the system';
  return null;
}

function placeOf(written: string, { home, workspace }: Surroundings): string {
  const text = written.replaceAll('\\', '/').replace(/^file:\/\//i, '');
  const here = text.replace(/^~\+(?=\/|$)/, workspace ?? '.');
  const own = home === null ? here : here.replace(/^~(?=\/|$)/, home);
  const isPlaced = own.startsWith('/') || own.startsWith('~');
  const full = isPlaced || workspace === null ? own : `${workspace}/${own}`;
  const path = posix.normalize(full).replace(/^\/\/+/, '/');
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function isKeyAtHome(path: string, home: string | null): boolean {
  const inside = home !== null && path.startsWith(home) ? path.slice(home.length) : path.replace(/^~/, '');
  return inside !== path && KEYS_AT_HOME.test(inside);
}

/** `.g?t` is `.git`, and `/ho*e/x` is `/home/x`: the worst that a pattern of files may stand for. `*` alone means no name. */
function withoutGlobs(path: string, home: string | null): string {
  if (!/[*?[]/.test(path)) return path;
  const onTheWay = home?.split('/') ?? [];
  return path
    .split('/')
    .map((part, index) => {
      if (!/[*?[]/.test(part) || /^\*+$/.test(part)) return part;
      const worst = [onTheWay[index] ?? '', ...GUARDED].find((name) => name !== '' && fitsName(part, name));
      return worst ?? part;
    })
    .join('/');
}

/** No pattern but one that begins with a dot stands for a name that does. */
function fitsName(pattern: string, name: string): boolean {
  return (!name.startsWith('.') || pattern.startsWith('.')) && fitsPath(pattern, name, true);
}

function isAtOrAbove(path: string, home: string): boolean {
  return path === home || home.startsWith(path === '/' ? '/' : `${path}/`);
}

/** One spelling for all that some file system may take for the same name. */
function fold(path: string): string {
  return path
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .split('/')
    .map((part) => part.replace(/[. ]+$/, '') || part)
    .join('/');
}
