import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { solverMember, RIGHT } from '../../src/evaluation/populations/member.ts';
import { simulate } from '../../src/evaluation/populations/simulate.ts';
import { finalLine } from '../../src/evaluation/cases/final-line.ts';
import { markdownReport } from '../../src/evaluation/report/markdown-report.ts';
import { reportSuite, type SuiteReport } from '../../src/evaluation/report/report-suite.ts';
import { assessRun } from '../../src/evaluation/trials/assess-run.ts';
import type { TrialRecord } from '../../src/evaluation/trials/trial-record.ts';
import { htmlReport } from '../../src/headless/evaluation/html-report.ts';
import { textReport } from '../../src/headless/evaluation/text-report.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { SKILL } from '../evaluation/populations/curves.ts';

const many = (count: number, skill: number): number[] => Array.from({ length: count }, () => skill);
const TEAMS: Readonly<Record<string, readonly number[]>> = {
  '1 agent': many(1, SKILL.usual),
  '3 agents': many(3, SKILL.usual),
  '5 agents': many(5, SKILL.usual),
  '9 agents': many(9, SKILL.usual),
  '3 strong': many(3, SKILL.strong),
  '3 strong, 3 weak': [...many(3, SKILL.strong), ...many(3, SKILL.weak)],
};

/** What `massgen eval report` tells of populations: the same questions for each of them, as many as `runs`. */
export async function reportPopulations(runs: number): Promise<SuiteReport> {
  const records: TrialRecord[] = [];
  for (let seed = 1; seed <= runs; seed += 1)
    for (const [team, skills] of Object.entries(TEAMS)) records.push(await recordOf(team, skills, seed));
  return reportSuite('populations', records);
}

async function recordOf(team: string, skills: readonly number[], seed: number): Promise<TrialRecord> {
  const members = skills.map((skill, index) => solverMember(`m${index + 1}`, skill));
  const settings = { votingRule: 'plurality', tieBreak: 'random', earlyStop: 'never' } as const;
  const { events } = await simulate({ members, settings, seed });
  const item = {
    id: `q${seed}`,
    kind: 'simulated',
    question: '',
    check: { type: 'exact' as const, expected: [RIGHT] },
  };
  const trial = { key: `${team}/${seed}`, team: { name: team, config: '' }, item, seed: 1 };
  const grade = (text: string): Promise<{ isRight: boolean; reason: string }> =>
    Promise.resolve({ isRight: finalLine(text) === RIGHT, reason: '' });
  return assessRun(trial, { events, dir: '' }, grade);
}

/** The report in every form, in a folder. */
export async function writePopulationReport(folder: string, runs: number): Promise<void> {
  const report = await reportPopulations(runs);
  await mkdir(folder, { recursive: true });
  const forms = {
    'populations.txt': textReport(report, 120, textWidth),
    'populations.md': `${markdownReport(report)}\n`,
    'populations.html': htmlReport(report),
    'populations.json': `${JSON.stringify(report, null, 1)}\n`,
  };
  for (const [name, text] of Object.entries(forms)) await writeFile(join(folder, name), text);
}
