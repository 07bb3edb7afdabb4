import { describe, expect, it } from 'vitest';
import { resume, start, type RunEvent, type RunStream } from '../../src/index.ts';
import { emptyFolder, scriptedConfig, type Turns } from './scripted-config.ts';

const DRAFTS = (text: string): Turns => [
  { when: 'draft', answer: text },
  { when: 'judge', hang: true },
];

/** Two agents that answer and then judge without end. */
const patient = () => scriptedConfig({ ann: DRAFTS('By ann.'), bob: DRAFTS('By bob.') });

async function when(stream: RunStream, isIt: (event: RunEvent) => boolean): Promise<RunEvent> {
  for await (const event of stream) if (isIt(event)) return event;
  throw new Error('it did not happen');
}

const bothAnswered = async (stream: RunStream): Promise<void> => {
  let answers = 0;
  await when(stream, ({ type }) => type === 'answer.submitted' && ++answers === 2);
};

describe('a program that steps in', () => {
  it('can choose the winner', async () => {
    const stream = start('Q?', { configObject: patient(), runsDir: await emptyFolder(), env: {} });
    await bothAnswered(stream);
    await stream.override('agent1.1');
    const { winner, finalAnswer } = await stream.result;
    expect([winner?.label, winner?.rule, finalAnswer]).toEqual([
      'agent1.1',
      'override',
      winner?.agent === 'ann' ? 'By ann.' : 'By bob.',
    ]);
  });

  it('can vote, veto, steer and ask for the answer now', async () => {
    const stream = start('Q?', { configObject: patient(), runsDir: await emptyFolder(), env: {} });
    await stream.steer('Be brief.', 'bob');
    await bothAnswered(stream);
    await stream.vote('agent2.1');
    await stream.veto('agent1.1', 'wrong');
    await stream.answerNow();
    const { winner } = await stream.result;
    expect(winner?.label).toBe('agent2.1');
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(expect.arrayContaining(['message.sent', 'vote.added', 'answer.vetoed']));
  });

  it('is told what would be right', async () => {
    const stream = start('Q?', { configObject: patient(), runsDir: await emptyFolder(), env: {} });
    await expect(stream.vote('agent9.1')).rejects.toMatchObject({ code: 'bad-command' });
    await expect(stream.steer('x', 'carl')).rejects.toThrow('there are ann, bob, or all');
    stream.cancel();
    await stream.result;
    await expect(stream.vote('agent9.1')).resolves.toBeUndefined();
  });

  it('answers what agents ask, if it said that it attends', async () => {
    const ask = { when: 'draft', tool_calls: [{ name: 'ask_others', args: { question: 'Which?' } }] };
    const finish = [
      { when: 'draft', answer: 'Done.' },
      { when: 'judge', vote: 'first', repeat: true },
    ];
    const config = scriptedConfig({ ann: [ask, ...finish], bob: finish });
    config.orchestrator = { ...config.orchestrator, coordination: { broadcast: 'human' } };
    const stream = start('Q?', { configObject: config, runsDir: await emptyFolder(), env: {}, isAttended: true });
    const asked = await when(stream, ({ type }) => type === 'question.asked');
    await stream.reply(asked.type === 'question.asked' ? asked.data.question : '', { text: 'This one.' });
    await stream.result;
    expect(await when(stream, ({ type }) => type === 'question.answered')).toMatchObject({
      data: { outcome: 'answered', text: 'This one.' },
    });
  });
});

describe('a run of a program', () => {
  it('is taken up again where it was cancelled, with its team named anew', async () => {
    const options = { runsDir: await emptyFolder(), env: {} };
    const stream = start('Q?', { configObject: patient(), ...options });
    await bothAnswered(stream);
    stream.cancel();
    const { runDir } = await stream.result;
    await expect(resume(runDir, { env: {} }).result).rejects.toMatchObject({ code: 'no-launch-record' });
    const votes = [{ when: 'judge', vote: 'first', repeat: true }];
    const again = resume(runDir, { configObject: scriptedConfig({ ann: votes, bob: votes }), env: {} });
    const { outcome, answers } = await again.result;
    expect([outcome, answers.map(({ text }) => text).toSorted()]).toEqual(['answered', ['By ann.', 'By bob.']]);
    await expect(resume(runDir, { env: {} }).result).rejects.toMatchObject({ code: 'run-over' });
  });
});
