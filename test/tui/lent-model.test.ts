import { expect, it } from 'vitest';
import { linesFor } from '../../src/headless/plain-lines.ts';
import { SimulatedTeam } from '../coordination/simulated-team.ts';
import { asked, askWorld, replied } from './asking-run.ts';

const SAMPLE = {
  to: ['agent1'],
  server: 'paint',
  text: 'The MCP server paint asks the model: Which colour?',
  options: [],
};

it('what a server asks of a model, and gets, stands in the pane of the agent, and asks nobody at the screen', async () => {
  const world = await askWorld({ cols: 120, rows: 40 });
  world.handle.emit(asked(SAMPLE));
  world.handle.emit(replied({ by: 'agent1', text: 'Blue.', choices: [] }));
  world.clock.advance(200);
  expect(world.text()).toMatch(/! The MCP server paint asks the/);
  expect(world.text()).toMatch(/✓ its model: Blue\./);
  expect(world.text()).not.toContain('asks you');
});

it('and in the lines of a run without a screen', () => {
  const team = new SimulatedTeam(1);
  team.record(asked(SAMPLE), replied({ by: 'agent1', text: 'Blue.', choices: [] }));
  const lines = team.events.slice(-2).flatMap((event) => linesFor(event, team.state, '/r'));
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'The MCP server paint asks the model: Which colour?',
    'its model says: Blue.',
  ]);
});
