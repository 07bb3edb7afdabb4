/**
 * What colours mean. Views name a token, a theme gives it a colour, the terminal's colour depth decides what is sent.
 */
export const TOKENS = [
  'fg',
  'dim',
  'accent',
  'focus',
  'border',
  'ok',
  'warn',
  'err',
  'info',
  'heading',
  'code',
  'link',
  'agent.1',
  'agent.2',
  'agent.3',
  'agent.4',
  'agent.5',
  'agent.6',
  'agent.7',
  'agent.8',
  'agent.9',
  'agent.10',
  'agent.11',
  'agent.12',
  'agent.13',
  'agent.14',
  'agent.15',
  'agent.16',
] as const;
export type Token = (typeof TOKENS)[number];

/** `bg` is the screen, `bar` the status row and the input, `pick` the chosen row of a list. */
export const GROUNDS = ['bg', 'bar', 'pick'] as const;
export type Ground = (typeof GROUNDS)[number];

/**
 * Colours as `#rrggbb`, or as one of `NAMED_COLORS`. A ground is `#rrggbb`, `default` for the terminal's own, or `reverse`
 * for reverse video.
 */
export interface Theme {
  name: string;
  isDark: boolean;
  tokens: Record<Token, string>;
  grounds: Record<Ground, string>;
}

/** The colour of agent `number` (1, 2, 3 …); it repeats after 16, which is why the number always stands beside it. */
export function agentToken(number: number): Token {
  return `agent.${((number - 1) % 16) + 1}` as Token;
}
