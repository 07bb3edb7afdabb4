import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ToolMessage } from '../../events/message.ts';
import { dataUrl } from './user-files.ts';

/**
 * Vendors have words of their own for what a model does with a computer. Here it is one tool of this name, whose
 * arguments are `{action, …}` or `{actions: [{type, …}, …]}`; what the vendor wants confirmed first is in
 * `safety_checks` or `safety_decision`.
 */
export const COMPUTER = 'computer';

/** The screen that models are told of, where the vendor asks. */
export const SCREEN = { width: 1280, height: 800 };

export function usesComputer({ builtinTools }: BackendSpec): boolean {
  return builtinTools.includes('computer_use');
}

/** The one action of a call as the arguments of our tool. */
export function actionArgs(action: string, args: JsonObject): JsonObject {
  return { ...args, action };
}

/** One transparent point: a vendor wants a picture also where nothing could be shown. */
const BLANK =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** What the screen showed after a call. */
export function screenshotUrl({ files = [] }: ToolMessage): string {
  const picture = files.find(({ mediaType }) => mediaType.startsWith('image/'));
  return picture ? dataUrl(picture) : BLANK;
}
