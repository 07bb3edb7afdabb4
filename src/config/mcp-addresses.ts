import { BlockList, isIP } from 'node:net';
import type { McpSecurity } from './tool-needs.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addSubnet('0.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  // Addresses that wrap an IPv4 one in a way the lists above do not see through.
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['::ffff:0:0:0', 96],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv6');
}

const FOREIGN_PORTS = new Set([22, 23, 25, 53, 135, 139, 445, 1433, 1521, 3306, 3389, 5432, 6379]);

/** Why an address is not used, and what to set where that is wanted. */
export interface AddressFault {
  message: string;
  suggestion?: string;
}

type AddressRules = Pick<McpSecurity, 'allowLocalhost' | 'allowPrivateIps' | 'allowedHostnames'>;

/** Why a server's address must not be used; null if it may. Host names are judged again by what they resolve to. */
export function vetAddress(address: string, security: AddressRules): AddressFault | null {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return { message: 'This is no http or https address.' };
  if (FOREIGN_PORTS.has(Number(url.port)))
    return { message: `The port ${url.port} belongs to another kind of service.` };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (security.allowedHostnames.includes(host)) return null;
  if (isIP(host) > 0) return vetIp(host, security);
  const isLocalName = /(^|\.)localhost\.?$|^localhost\.localdomain$/i.test(host);
  return isLocalName && !security.allowLocalhost ? LOCAL : null;
}

const LOCAL: AddressFault = {
  message: 'Servers on this machine are not allowed here.',
  suggestion: 'Set security.allow_localhost: true.',
};
const IN_PRIVATE: AddressFault = {
  message: 'Servers in private networks are not allowed here.',
  suggestion: 'Set security.allow_private_ips: true.',
};

/** Why no connection may be made to an IP address; null if it may. */
export function vetIp(
  ip: string,
  security: Pick<AddressRules, 'allowLocalhost' | 'allowPrivateIps'>,
): AddressFault | null {
  const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(ip, family)) return security.allowLocalhost ? null : LOCAL;
  if (!PRIVATE.check(ip, family) || security.allowPrivateIps) return null;
  return IN_PRIVATE;
}

/** For an error. */
export function addressFaultText({ message, suggestion }: AddressFault): string {
  return suggestion === undefined ? message : `${message} ${suggestion}`;
}
