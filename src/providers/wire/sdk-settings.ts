/** The longest time that a timer can wait: the idle watchdog decides, not the SDK. */
export const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Header names in lower case, so that the user's value replaces ours whatever its spelling. */
export function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
