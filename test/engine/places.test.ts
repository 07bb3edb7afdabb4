import { expect, test } from 'vitest';
import { Places } from '../../src/engine/places.ts';

const never = new AbortController().signal;

/** Who has come in, in order, and how each leaves. */
function door(count: number) {
  const places = new Places(count);
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  const come = async (name: string, stop = never): Promise<void> => {
    const left = await places.enter(stop);
    entered.push(left ? name : `not ${name}`);
    if (left) leave.set(name, left);
  };
  return { entered, come, leave: (name: string): void => leave.get(name)?.() };
}

test('whoever waits gets a place in the order in which they came', async () => {
  const { entered, come, leave } = door(1);
  await come('a');
  const [b, c] = [come('b'), come('c')];
  expect(entered).toEqual(['a']);
  leave('a');
  await b;
  expect(entered).toEqual(['a', 'b']);
  leave('b');
  await c;
  expect(entered).toEqual(['a', 'b', 'c']);
});

test('a place is not lost to one who has given up waiting', async () => {
  const { entered, come, leave } = door(1);
  const stop = new AbortController();
  await come('a');
  const [b, c] = [come('b', stop.signal), come('c')];
  stop.abort(new Error('No more.'));
  await b;
  leave('a');
  await c;
  expect(entered).toEqual(['a', 'not b', 'c']);
});

test('nobody overtakes one whose place has just become free', async () => {
  const { entered, come, leave } = door(1);
  await come('a');
  const b = come('b');
  leave('a');
  const c = come('c');
  await b;
  leave('b');
  await c;
  expect(entered).toEqual(['a', 'b', 'c']);
});

test('one that is to stop does not even begin to wait', async () => {
  const { entered, come } = door(1);
  await come('a', AbortSignal.abort(new Error('No more.')));
  await come('b');
  expect(entered).toEqual(['not a', 'b']);
});
