import type { ServerOffer } from './server-offer.ts';

/** The keys without which a server does not work. */
export function neededKeys({ variables }: ServerOffer): string[] {
  return variables.filter(({ isSecret, isRequired }) => isSecret || isRequired).map(({ name }) => name);
}

/** Those that need no key first, those that cannot be used here last; else in the registries' order. */
export function byNeed(offers: readonly ServerOffer[]): ServerOffer[] {
  const rank = (offer: ServerOffer): number => (offer.entry === null ? 2 : neededKeys(offer).length > 0 ? 1 : 0);
  return offers.toSorted((a, b) => rank(a) - rank(b));
}

/** `io.github.user/weather-server` is `weather-server`; names of servers are part of the names of tools. */
export function shortServerName(name: string): string {
  const last = name.split('/').at(-1) ?? name;
  return last.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 40) || 'server';
}

/** What starts the server, as a line for a shell, or the address where it is; null for one that cannot be used here. */
export function wayTo({ entry }: ServerOffer): { kind: 'command' | 'url'; text: string } | null {
  if (entry === null) return null;
  const { command, args, url } = entry;
  if (typeof url === 'string') return { kind: 'url', text: url };
  const words = [command, ...(Array.isArray(args) ? args : [])].filter((word) => typeof word === 'string');
  return { kind: 'command', text: words.map(shellWord).join(' ') };
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
