import type { Random } from '../../events/random.ts';
import type { Generate } from './case.ts';
import { FINAL_LINE } from './final-line.ts';

const NAMES = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana'];

/** Who says what; `isTrue` is told who the knights are. */
interface Statement {
  words: string;
  isTrue: (knights: readonly boolean[]) => boolean;
}

/** Knights tell the truth and knaves lie. Each puzzle has exactly one solution: all assignments are tried. */
export const knightsCase: Generate = (random, level) => {
  const names = NAMES.slice(0, Math.min(NAMES.length, 2 + level));
  for (;;) {
    const statements = names.map((_, speaker) => statement(random, names, speaker));
    const solutions = assignments(names.length).filter((knights) =>
      statements.every(({ isTrue }, speaker) => isTrue(knights) === knights[speaker]),
    );
    const [solution] = solutions;
    if (solutions.length !== 1 || !solution) continue;
    const said = names.map((name, index) => `${name} says: "${statements[index]?.words}"`).join(' ');
    return {
      question: `On an island, knights always tell the truth and knaves always lie. ${said} Who is what? ${FINAL_LINE} Write it as ${names.map((name) => `${name}: knight or knave`).join(', ')}.`,
      check: {
        type: 'assignment',
        expected: Object.fromEntries(names.map((name, index) => [name, solution[index] ? 'knight' : 'knave'])),
      },
    };
  }
};

function statement(random: Random, names: readonly string[], speaker: number): Statement {
  const others = names.map((_, index) => index).filter((index) => index !== speaker);
  const [first = 0, second = first] = random.shuffle(others);
  const isKnight = random.int(2) === 1;
  const word = isKnight ? 'a knight' : 'a knave';
  const about = (index: number): string => names[index] ?? '';
  const forms: Statement[] = [
    { words: `${about(first)} is ${word}.`, isTrue: (knights) => knights[first] === isKnight },
    {
      words: `${about(first)} and I are of the same kind.`,
      isTrue: (knights) => knights[first] === knights[speaker],
    },
    {
      words: `${about(first)} is ${word}, or ${about(second)} is a knave.`,
      isTrue: (knights) => knights[first] === isKnight || !knights[second],
    },
    {
      words: `${about(first)} and ${about(second)} are both knights.`,
      isTrue: (knights) => knights[first] === true && knights[second] === true,
    },
  ];
  return random.pick(second === first ? forms.slice(0, 2) : forms);
}

function assignments(count: number): boolean[][] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (__, i) => ((bits >> i) & 1) === 1),
  );
}
