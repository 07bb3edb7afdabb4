import type { ScalarTag } from 'yaml';

/**
 * Plain scalars as YAML 1.1 reads them, in the dialect of PyYAML's safe loader, since existing configs were written
 * against it: `yes`/`on` are true, `010` is eight, `1_000` a thousand, `1:30` ninety, but `1e3`, `08` and `y` are text.
 * The one difference: dates stay text, as no key wants one.
 */
const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of an unquoted scalar. */
export function readPlainScalar(text: string): string | number | boolean | null {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (INTEGER.test(text)) return readInteger(text);
  if (FLOAT.test(text)) return readFloat(text);
  return text;
}

function readInteger(text: string): number {
  const digits = text.replaceAll('_', '');
  const sign = digits.startsWith('-') ? -1 : 1;
  const body = digits.replace(/^[-+]/, '');
  // Minus zero is a float only.
  return readMagnitude(body) * sign + 0;
}

function readMagnitude(body: string): number {
  if (body.startsWith('0b')) return Number.parseInt(body.slice(2), 2);
  if (body.startsWith('0x')) return Number.parseInt(body.slice(2), 16);
  if (body.includes(':')) return readSexagesimal(body);
  return Number.parseInt(body, body.startsWith('0') ? 8 : 10);
}

function readFloat(text: string): number {
  const digits = text.replaceAll('_', '').toLowerCase();
  const sign = digits.startsWith('-') ? -1 : 1;
  const body = digits.replace(/^[-+]/, '');
  if (body === '.inf') return sign * Infinity;
  if (body === '.nan') return NaN;
  return sign * (body.includes(':') ? readSexagesimal(body) : Number(body));
}

function readSexagesimal(body: string): number {
  return body.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function tag(name: string, test: RegExp): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve: readPlainScalar };
}

/** The tags for the `yaml` package, in place of its own ones. */
export const PLAIN_SCALAR_TAGS: ScalarTag[] = [
  tag('null', NULL),
  tag('bool', new RegExp(`${TRUE.source}|${FALSE.source}`)),
  tag('int', INTEGER),
  tag('float', FLOAT),
];
