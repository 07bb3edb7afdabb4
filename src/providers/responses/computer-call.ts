import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { ToolCall, ToolMessage } from '../../events/message.ts';
import { COMPUTER, screenshotUrl } from '../wire/computer-use.ts';
import { arrayAt, stringAt } from '../wire/json-fields.ts';

/** What the model wants done, as a call of our tool. Older models name one action, newer ones several. */
export function computerCall(item: JsonObject): ToolCall {
  const actions = [...arrayAt(item, 'actions'), item.action ?? null].filter(isJsonObject);
  const checks = arrayAt(item, 'pending_safety_checks');
  const args: JsonObject = { actions, ...(checks.length > 0 && { safety_checks: checks }) };
  return { id: stringAt(item, 'call_id') ?? '', name: COMPUTER, args, rawArgs: JSON.stringify(args) };
}

/**
 * What came of it: a picture of the screen. Checks count as confirmed only where the call was made, which a person or
 * a rule had to allow first; where it was not, the words say why.
 */
export function computerResult(item: JsonObject, result: ToolMessage): JsonObject[] {
  const checks = arrayAt(item, 'pending_safety_checks');
  const output: JsonObject = {
    type: 'computer_call_output',
    call_id: result.callId,
    output: { type: 'computer_screenshot', image_url: screenshotUrl(result) },
    ...(checks.length > 0 && !result.isError && { acknowledged_safety_checks: checks }),
  };
  return result.output === '' ? [output] : [output, { role: 'user', content: result.output }];
}
