import { describe, expect, it } from 'vitest';
import { resume, start, type RunEvent } from '../../src/index.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { emptyFolder, pair, silent } from './scripted-config.ts';

async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('the events of a run that was started', () => {
  it('are those of its log, in order', async () => {
    const stream = start('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {} });
    const events = await collect(stream);
    const { runDir } = await stream.result;
    expect(events).toEqual(await readAll(runDir));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run.started', 'run.finished']);
  });

  it('come whole to every reader, even to one that begins when all is over', async () => {
    const stream = start('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {} });
    const both = await Promise.all([collect(stream), collect(stream)]);
    await stream.result;
    const late = await collect(stream);
    expect(both).toEqual([late, late]);
    expect(late.length).toBeGreaterThan(10);
  });

  it('may be left early without stopping the run', async () => {
    const stream = start('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {} });
    for await (const event of stream) if (event.type === 'run.started') break;
    expect((await stream.result).finalAnswer).toBe('Yes.');
  });

  it('end with the error of a run that could not begin', async () => {
    const stream = start('', { demo: true });
    await expect(collect(stream)).rejects.toMatchObject({ code: 'no-question' });
    await expect(stream.result).rejects.toMatchObject({ code: 'no-question' });
    await expect(stream.started).rejects.toMatchObject({ code: 'no-question' });
  });
});

describe('a run that was started', () => {
  it('says where its folder is before it ends', async () => {
    const stream = start('What?', { configObject: silent(), runsDir: await emptyFolder(), env: {} });
    const { runId, runDir } = await stream.started;
    stream.cancel();
    const result = await stream.result;
    expect([result.runId, result.runDir]).toEqual([runId, runDir]);
  });

  it('can be cancelled, more than once', async () => {
    const stream = start('What?', { configObject: silent(), runsDir: await emptyFolder(), env: {} });
    for await (const event of stream) {
      if (event.type !== 'text.appended') continue;
      stream.cancel();
      stream.cancel();
    }
    expect((await stream.result).outcome).toBe('cancelled');
  });

  it('can be cancelled before it begins', async () => {
    const stream = start('What?', { configObject: silent(), runsDir: await emptyFolder(), env: {} });
    stream.cancel();
    await expect(stream.result).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is not taken over by the program that it goes on in', async () => {
    const stream = start('What?', { configObject: silent(), runsDir: await emptyFolder(), env: {} });
    const { runDir } = await stream.started;
    for await (const { type } of stream) if (type === 'run.started') break;
    const again = resume(runDir, { configObject: silent(), env: {} });
    await expect(again.result).rejects.toMatchObject({ code: 'run-busy' });
    stream.cancel();
    expect((await stream.result).outcome).toBe('cancelled');
  });
});
