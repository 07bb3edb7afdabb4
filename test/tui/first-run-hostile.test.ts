import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/tui/text/width.ts';
import { paintFrame } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { FIRST_RUN_CASES } from './first-run-cases.ts';

const EVIL = '\u001b]52;c;ZXZpbA==\u0007\u009d0;x\u009c\u001b[2J\n\r\t\u202eevil\u0000 日本👩‍👩‍👧 {bold}';

/** The model with every text that comes from outside made hostile. */
function hostile(model: Model): Model {
  const replaced: unknown = JSON.parse(
    JSON.stringify({
      setup: model.setup && { ...model.setup, tests: [] },
      sessions: model.sessions,
      turns: model.turns,
    }),
    (key, value: unknown) =>
      ['name', 'model', 'question', 'answer', 'cwd', 'parent', 'source', 'shown', 'label', 'title', 'preview'].includes(
        key,
      ) && typeof value === 'string'
        ? `${EVIL}${value}`
        : value,
  );
  const parts = replaced as Pick<Model, 'setup' | 'sessions' | 'turns'>;
  const tests = new Map([['openai', { tone: 'err' as const, text: EVIL }]]);
  const teams = model.teams.map((team) => ({
    ...team,
    name: EVIL,
    description: EVIL,
    trouble: EVIL,
    settings: [EVIL],
    missing: [{ variables: [EVIL], agents: [EVIL] }],
    agents: team.agents.map(() => ({ id: EVIL, model: EVIL, isModel: true, tools: [EVIL] })),
  }));
  return { ...model, ...parts, setup: parts.setup && { ...parts.setup, tests }, teams, teamFilter: '' };
}

describe('texts from outside', () => {
  it.each(FIRST_RUN_CASES)('neither control the terminal nor break a border: %s', (_name, make) => {
    for (const [cols, rows] of [
      [40, 10],
      [80, 24],
      [120, 40],
    ] as const) {
      const frame = buildFrame({ ...hostile(make()), cols, rows });
      // Before the painter, which is a second line of defence.
      const spans = frame.areas.flatMap(({ lines }) => lines.flatMap((line) => line.map((piece) => piece.text)));
      const bad = spans.filter((text) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text));
      const text = paintFrame(frame).map((row) => row.map(([, ch]) => ch).join(''));
      expect([bad, new Set(text.map((row) => textWidth(row)))]).toEqual([[], new Set([cols])]);
    }
  });
});
