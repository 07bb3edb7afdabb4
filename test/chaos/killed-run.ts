import { resolve } from 'node:path';
import { launch } from '../../src/cli/launch.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { Command } from '../../src/events/run-handle.ts';

/**
 * A program of its own: begins a run of the config file in the current folder and kills itself, as nobody can
 * prepare for, the moment the event of that number is on disk. A command, in JSON, is sent to it once the second answer is
 * there. `node killed-run.ts <config> <seq> [command]`
 */
const [path = '', seq = '', command = ''] = process.argv.slice(2);
const cwd = process.cwd();
const team = resolveTeam(await loadConfig(resolve(path), { env: {}, cwd }), { env: {} });
const request = { team, seed: 5, speed: Infinity, cwd, variables: {}, version: '0.0.0', onProblem: () => undefined };
const { handle } = await launch(request, 'What is it?');
let answers = 0;
handle.subscribe((event) => {
  if (event.type === 'answer.submitted' && ++answers === 2 && command !== '') {
    handle.send(JSON.parse(command) as Command);
  }
  if (event.seq === Number(seq)) process.kill(process.pid, 'SIGKILL');
});
await handle.ended;
