import { GROUNDS, TOKENS, type Ground, type Token } from './tokens.ts';

/** How a cell looks, as one small number: token, ground and attributes. Independent of any theme. */
export type StyleId = number;

export const ATTR = { bold: 1, italic: 2, underline: 4, strike: 8, reverse: 16 } as const;
export type Attr = keyof typeof ATTR;

const TOKEN_BITS = 6;
const GROUND_BITS = 4;

export function style(token: Token, attrs: readonly Attr[] = [], ground: Ground = 'bg'): StyleId {
  let bits = 0;
  for (const attr of attrs) bits |= ATTR[attr];
  return TOKENS.indexOf(token) | (GROUNDS.indexOf(ground) << TOKEN_BITS) | (bits << (TOKEN_BITS + GROUND_BITS));
}

/** The same style on another ground. */
export function onGround(id: StyleId, ground: Ground): StyleId {
  const mask = ((1 << GROUND_BITS) - 1) << TOKEN_BITS;
  return (id & ~mask) | (GROUNDS.indexOf(ground) << TOKEN_BITS);
}

/** The same style with one more attribute. */
export function withAttr(id: StyleId, attr: Attr): StyleId {
  return id | (ATTR[attr] << (TOKEN_BITS + GROUND_BITS));
}

export function readStyle(id: StyleId): { token: Token; ground: Ground; attrs: number } {
  return {
    token: TOKENS[id & ((1 << TOKEN_BITS) - 1)] ?? 'fg',
    ground: GROUNDS[(id >> TOKEN_BITS) & ((1 << GROUND_BITS) - 1)] ?? 'bg',
    attrs: id >> (TOKEN_BITS + GROUND_BITS),
  };
}
