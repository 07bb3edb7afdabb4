/** A setting as its screen names it: `maxRestarts` is `max restarts`, and the unit is in the value. Pure. */
export function settingName(name: string): string {
  return name
    .replace(/Ms$/, '')
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** A value for people instead of JSON: `none`, `yes`, `30 min`, `first none, grace 2 min`. Pure. */
export function settingText(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return name.endsWith('Ms') ? durationText(value) : String(value);
  if (typeof value === 'string') return value;
  const parts = Object.entries(value).map(([key, each]) => {
    const text = settingText(key, each);
    if (Array.isArray(value)) return isGroup(each) ? `(${text})` : text;
    return `${settingName(key)} ${isGroup(each) ? `(${text})` : text}`;
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 1;
}

function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  const seconds = ms / 1000;
  return seconds < 120 || seconds % 60 !== 0 ? `${seconds} s` : `${seconds / 60} min`;
}
