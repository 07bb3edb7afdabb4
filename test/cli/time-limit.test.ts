import { expect, it } from 'vitest';
import { startLoopback } from '../support/loopback-server.ts';
import { runCommandLine, withFolder } from './command-process.ts';

it('--orchestrator-timeout limits a run of --model too', async () => {
  const server = await startLoopback([{ chunks: [], end: 'hang' }]);
  try {
    await withFolder({}, async (cwd) => {
      const model = ['--model', 'gpt-5-nano', '--base-url', `${server.url}/v1`];
      const { code, stderr } = await runCommandLine([...model, '--orchestrator-timeout', '0.5', 'Why?'], {
        cwd,
        env: { OPENAI_API_KEY: 'sk-none' },
      });
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('[run] timed-out') as string });
    });
  } finally {
    await server.close();
  }
});
