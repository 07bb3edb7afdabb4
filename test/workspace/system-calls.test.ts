import { expect, test } from 'vitest';
import { callFilter } from '../../src/workspace/commands/system-calls.ts';

interface Call {
  audit: number;
  number: number;
  args?: [first: number, second?: number];
}

/** What the kernel makes of a filter, as its documentation describes the machine that runs it. */
function run(filter: Buffer, { audit, number, args: [first = 0, second = 0] = [0] }: Call): number {
  const data: Record<number, number> = { 0: number, 4: audit, 16: first, 24: second };
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const [code, value] = [filter.readUInt16LE(at * 8), filter.readUInt32LE(at * 8 + 4)];
    const [ifTrue, ifFalse] = [filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3)];
    if (code === 0x20) accumulator = data[value] ?? NaN;
    else if (code === 0x15) at += accumulator === value ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= value ? ifTrue : ifFalse;
    else if (code === 0x06) return value;
    else throw new Error(`no such step: ${code}`);
  }
  throw new Error('It has no end.');
}

const [ALLOWED, NOT_PERMITTED, NO_SUCH_FAMILY] = [0x7fff0000, 0x00050001, 0x00050061];

test.each([
  { arch: 'x64', audit: 0xc000003e, socket: 41, ioctl: 16, keyctl: 250, read: 0 },
  { arch: 'arm64', audit: 0xc00000b7, socket: 198, ioctl: 29, keyctl: 219, read: 63 },
])(
  'on $arch what no name space keeps apart is refused, and the rest goes on',
  ({ arch, audit, socket, ioctl, ...other }) => {
    const filter = callFilter(arch) ?? Buffer.alloc(0);
    const answer = (number: number, ...args: [number?, number?]): number =>
      run(filter, { audit, number, args: [args[0] ?? 0, args[1] ?? 0] });
    expect([1, 2, 10, 16].map((family) => answer(socket, family))).toEqual([ALLOWED, ALLOWED, ALLOWED, ALLOWED]);
    expect([17, 31, 38, 40].map((family) => answer(socket, family))).toEqual(Array(4).fill(NO_SUCH_FAMILY));
    expect([0x5412, 0x541c].map((request) => answer(ioctl, 0, request))).toEqual([NOT_PERMITTED, NOT_PERMITTED]);
    expect([answer(ioctl, 0, 0x5413), answer(other.read), answer(59)]).toEqual([ALLOWED, ALLOWED, ALLOWED]);
    expect([answer(other.keyctl), answer(425), answer(0x40000000 + 41, 40)]).toEqual(Array(3).fill(NOT_PERMITTED));
    expect(run(filter, { audit: 0x40000003, number: 102 })).toBe(NOT_PERMITTED);
  },
);

test('for other machines there is none', () => {
  expect(callFilter('riscv64')).toBe(null);
});
