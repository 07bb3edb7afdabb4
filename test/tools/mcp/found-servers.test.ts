import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FoundServers, type FoundServer } from '../../../src/tools/mcp/found-servers.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { httpNeed } from './server-needs.ts';

test('servers that are found at once are all there when the run is taken up again', async () => {
  const runDir = await temporaryFolder();
  const found = await FoundServers.open(runDir, 'agent1');
  const servers = ['a', 'b', 'c', 'd'].map((offer): FoundServer => ({
    offer,
    need: httpNeed(`https://${offer}.example/mcp`),
  }));
  await Promise.all(servers.map((server) => found.add(server)));
  expect((await FoundServers.open(runDir, 'agent1')).all()).toEqual(servers);
  expect(found.all()).toEqual(servers);
});

test.each(['', '{"need": 1}', 'null', '[{'])(
  'a record that was cut off or is none (%s) names no servers',
  async (text) => {
    const runDir = await temporaryFolder();
    await mkdir(join(runDir, 'found-servers'));
    await writeFile(join(runDir, 'found-servers', 'agent1.json'), text);
    expect((await FoundServers.open(runDir, 'agent1')).all()).toEqual([]);
  },
);
