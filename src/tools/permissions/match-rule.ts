import type { CallUse, UseTarget } from './call-use.ts';
import { fitsPath, fitsText, literalOf } from './glob.ts';
import { programOf, readCommand } from './read-command.ts';
import type { PermissionRule } from '../../config/permission-rule.ts';

/**
 * Whether a rule is about a call. One that allows has to fit all of the call, to the letter; one that denies or asks fits
 * as soon as a part of the call fits, whatever server the tool is from and however the name or the path is spelled.
 */
export function fitsRule(rule: PermissionRule, use: CallUse): boolean {
  return rule.effect === 'allow' ? fitsWhole(rule, use) : fitsPart(rule, use);
}

const USES = new Set(['read', 'write', 'delete']);

function fitsWhole({ action, target }: PermissionRule, { names, targets, target: whole }: CallUse): boolean {
  if (USES.has(action)) {
    return (
      targets.length > 0 &&
      targets.every(
        (each) => each.kind === 'path' && each.use === action && (target === null || fitsTarget(target, each)),
      )
    );
  }
  // The bare name would let a server pass off its tool as another one's.
  const own = names.length > 1 ? names.slice(0, -1) : names;
  if (!own.some((name) => fitsText(action, name))) return false;
  // What a person has allowed word for word.
  if (isAnything(target) || literalOf(target) === whole) return true;
  return targets.length > 0 && targets.every((each) => fitsTarget(target, each));
}

function isAnything(target: string | null): target is null {
  return target === null || target === '*' || target === '**';
}

function fitsTarget(pattern: string, target: UseTarget): boolean {
  switch (target.kind) {
    case 'command': {
      if (literalOf(pattern) === target.text) return true;
      const { commands, written, isOpaque } = readCommand(target.text);
      if (isOpaque || written.length > 0 || commands.length === 0) return false;
      return commands.every((words) => fitsText(pattern, words.join(' ')));
    }
    case 'path':
      return target.places.some((place) => literalOf(pattern) === place || fitsPath(pattern, place, false));
    case 'text':
      return fitsText(pattern, target.text);
  }
}

function fitsPart({ action, target }: PermissionRule, { names, targets, target: whole }: CallUse): boolean {
  // What forbids to write forbids to delete, too.
  const isUse = (each: UseTarget): boolean =>
    each.kind === 'path' && (each.use === action || (action === 'write' && each.use === 'delete'));
  if (USES.has(action)) return targets.some((each) => isUse(each) && (target === null || touches(target, each)));
  if (!names.some((name) => fitsText(action.toLowerCase(), name.toLowerCase()))) return false;
  return isAnything(target) || literalOf(target) === whole || targets.some((each) => touches(target, each));
}

function touches(pattern: string, target: UseTarget): boolean {
  switch (target.kind) {
    case 'command': {
      const { commands } = readCommand(target.text);
      const spelled = commands.flatMap((words) => [
        words.join(' '),
        [programOf(words[0]), ...words.slice(1)].join(' '),
      ]);
      // `curl *` is also about `curl` alone.
      return [target.text, ...spelled].some((text) => fitsText(pattern, text) || fitsText(pattern, `${text} `));
    }
    case 'path':
      return [target.written, ...target.places].some(
        (place) => literalOf(pattern) === place || fitsPath(pattern, place, true),
      );
    case 'text':
      return fitsText(pattern.toLowerCase(), target.text.toLowerCase());
  }
}
