/** Numbers of calls, and what the kernel calls the machine. */
interface Machine {
  audit: number;
  socket: number;
  ioctl: number;
  refused: readonly number[];
}

/** Refused: keys of the user (add_key, request_key, keyctl), io_uring, bpf, perf_event_open, userfaultfd. */
const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { audit: 0xc000003e, socket: 41, ioctl: 16, refused: [248, 249, 250, 425, 321, 298, 323] },
  arm64: { audit: 0xc00000b7, socket: 198, ioctl: 29, refused: [217, 218, 219, 425, 280, 241, 282] },
};
/** Calls of x64 for programs with short pointers begin here; nothing uses them. */
const SHORT_POINTERS = 0x40000000;
/** Files, the Internet in both versions, and what the kernel tells of networks; all of them are cut off with the network. */
const FAMILIES = [1, 2, 10, 16];
/** Typing into a terminal: TIOCSTI, TIOCLINUX. */
const TYPING = [0x5412, 0x541c];

const [EPERM, EAFNOSUPPORT] = [1, 97];
const ALLOW = 0x7fff0000;
const refuse = (errno: number): number => 0x00050000 + errno;

/** Where the call's number, the machine and the lower half of the first and the second argument are. */
const [NUMBER, MACHINE, FIRST, SECOND] = [0, 4, 16, 24];

type Step = [code: number, ifTrue: number, ifFalse: number, value: number];
const load = (offset: number): Step => [0x20, 0, 0, offset];
const isEqual = (value: number, ifTrue: number, ifFalse: number): Step => [0x15, ifTrue, ifFalse, value];
const isAtLeast = (value: number, ifTrue: number, ifFalse: number): Step => [0x35, ifTrue, ifFalse, value];
const answer = (value: number): Step => [0x06, 0, 0, value];

/**
 * A filter of system calls for bubblewrap, against what no name space keeps apart: sockets to the machine that this one
 * runs in (vsock) and of other rare kinds, keys of the user in the kernel, typing into terminals, and what would get past
 * such a filter. Null for machines that it is not made for.
 */
export function callFilter(arch: string): Buffer | null {
  const machine = MACHINES[arch];
  if (!machine) return null;
  const { audit, socket, ioctl, refused } = machine;
  const steps: Step[] = [load(MACHINE), isEqual(audit, 1, 0), answer(refuse(EPERM)), load(NUMBER)];
  steps.push(isAtLeast(SHORT_POINTERS, 0, 1), answer(refuse(EPERM)));
  for (const call of refused) steps.push(isEqual(call, 0, 1), answer(refuse(EPERM)));
  steps.push(...argumentRule(socket, FIRST, FAMILIES, { listed: ALLOW, other: refuse(EAFNOSUPPORT) }));
  steps.push(...argumentRule(ioctl, SECOND, TYPING, { listed: refuse(EPERM), other: ALLOW }));
  steps.push(answer(ALLOW));
  return Buffer.concat(steps.map(encoded));
}

/** What is answered to a call by one of its arguments; other calls go on after it. */
function argumentRule(
  call: number,
  offset: number,
  values: readonly number[],
  { listed, other }: { listed: number; other: number },
): Step[] {
  const tests = values.map((value, index) => isEqual(value, values.length - index, 0));
  const rule = [load(offset), ...tests, answer(other), answer(listed)];
  return [isEqual(call, 0, rule.length), ...rule];
}

function encoded([code, ifTrue, ifFalse, value]: Step): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
