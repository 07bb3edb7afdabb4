/** A screen of the app as the documentation shows it. */
export interface TourStop {
  /** Part of the picture's file name. */
  name: string;
  title: string;
  /** The tape's commands that lead here from the stop before. */
  way: string;
}

/** One start of the program, and the screens that can be seen from there. */
export interface Tour {
  /** What is typed into the shell, and waited for. `THEME` stands for the flag of the theme. */
  start: string;
  stops: readonly TourStop[];
  /** Leads back to the shell. */
  end: string;
}

const BILL = "'Split a bill of 100.00 among 7 people in TypeScript without losing a cent. Who pays the odd cents?'";

/** Every screen and dialog, in the order of the documentation. All are the real program with scripted agents. */
export const TOURS: readonly Tour[] = [
  {
    start: 'Type "HOME=$PWD OPENAI_API_KEY=made-up massgen --init THEME"\nEnter\nWait+Screen /set-up 1 of 3/\nSleep 1s',
    stops: [
      { name: 'setup-keys', title: 'Set-up: keys and local servers', way: '' },
      {
        name: 'setup-team',
        title: 'Set-up: the team and its models',
        way: 'Tab\nWait+Screen /2 of 3: team/\nSleep 1s',
      },
      {
        name: 'setup-save',
        title: 'Set-up: the file before it is written',
        way: 'Tab\nWait+Screen /3 of 3/\nSleep 1s',
      },
    ],
    end: 'Ctrl+C\nWait',
  },
  {
    start:
      'Type "massgen --demo --seed 1 --speed max --session-id puzzles >/dev/null 2>&1"\nEnter\nWait\nType "massgen --demo --seed 2 --speed max --session-id puzzles \'make 813 from 1 10 25 50 75 100\' >/dev/null 2>&1"\nEnter\nWait\nType "massgen -c teams/bill.yaml --speed 1 THEME"\nEnter\nWait+Screen /i asks|Ask the team/\nSleep 1s',
    stops: [
      { name: 'home', title: 'The question field', way: 'Type "Which of these two plans is cheaper?"\nSleep 1s' },
      {
        name: 'sessions',
        title: 'Sessions of this folder',
        way: 'Escape\nSleep 1s\nType "R"\nWait+Screen /2 turns/\nSleep 1s',
      },
      { name: 'runs', title: 'Earlier runs', way: 'Escape\nSleep 1s\nType "O"\nSleep 1s' },
      {
        name: 'teams',
        title: 'Choosing a team',
        way: 'Escape\nSleep 1s\nType "S"\nWait+Screen /judges are/\nSleep 1s',
      },
    ],
    end: 'Ctrl+C\nSleep 1s\nCtrl+C\nWait',
  },
  {
    start: `Type "massgen -c teams/bill-waiting.yaml --seed 1 --speed 1 THEME \\"\nEnter\nType "  ${BILL}"\nEnter\nWait+Screen /minds\\./\nSleep 1s`,
    stops: [
      { name: 'panes', title: 'Four agents at work', way: '' },
      { name: 'zoom', title: 'One agent, with its thoughts', way: 'Type "2"\nEnter\nType "r"\nSleep 1s' },
      { name: 'split', title: 'Two agents beside each other', way: 'Enter\nType "r|"\nSleep 1s' },
      {
        name: 'search',
        title: 'Finding a word in all panes',
        way: 'Type "|"\nCtrl+F\nSleep 1s\nType "cents"\nEnter\nSleep 1s',
      },
      {
        name: 'message',
        title: 'Telling an agent something',
        way: 'Escape\nSleep 1s\nType "@"\nSleep 1s\nType "Think of somebody who pays by card."\nSleep 1s',
      },
      {
        name: 'palette',
        title: 'Every command, by typing',
        way: 'Ctrl+U\nEscape\nSleep 1s\nType ":"\nSleep 1s\nType "an"\nSleep 1s',
      },
      { name: 'help', title: 'Help, made from the keys', way: 'Escape\nSleep 1s\nType "?"\nSleep 1s' },
      { name: 'themes', title: 'Choosing a theme', way: 'Escape\nSleep 1s\nCtrl+T\nSleep 1s' },
      {
        name: 'status',
        title: 'The state of the run',
        way: 'Escape\nSleep 1s\nType ":"\nType "status"\nEnter\nSleep 1s',
      },
      {
        name: 'config',
        title: 'The team as it runs',
        way: 'Escape\nSleep 1s\nType ":"\nType "config"\nEnter\nSleep 1s',
      },
      { name: 'quit', title: 'Leaving while a run is going', way: 'Escape\nSleep 1s\nType ":quit"\nEnter\nSleep 1s' },
    ],
    end: 'Type "y"\nWait',
  },
  {
    start:
      'Type "massgen -c teams/dinner.yaml --seed 1 --speed 1 THEME \'Plan a dinner for six people on Friday.\'"\nEnter\nWait+Screen /2 for you/\nSleep 1s',
    stops: [
      { name: 'asked', title: 'Agents that wait for you', way: '' },
      { name: 'question', title: 'A question of an agent', way: 'Type "a"\nWait+Screen /question 1 of 2/\nSleep 1s' },
    ],
    end: 'Ctrl+C\nSleep 1s\nCtrl+C\nWait',
  },
  {
    start:
      'Type "massgen -c teams/approval.yaml THEME \'Fix the token refresh that hangs.\'"\nEnter\nWait+Screen /1 for you/\nSleep 1s',
    stops: [
      {
        name: 'approval',
        title: 'A change that needs your leave',
        way: 'Type "a"\nWait+Screen /approval 1 of 1/\nSleep 1s',
      },
    ],
    end: 'Ctrl+C\nSleep 1s\nCtrl+C\nWait',
  },
  {
    start: `Type "massgen -c teams/bill.yaml --seed 1 --speed 4 THEME \\"\nEnter\nType "  ${BILL}"\nEnter\nWait+Screen /finished/\nSleep 1s`,
    stops: [
      { name: 'final', title: 'The final answer', way: '' },
      { name: 'ballots', title: 'Ballots and their reasons', way: 'Type "V"\nSleep 1s' },
      { name: 'cost', title: 'Cost and figures', way: 'Type "$"\nSleep 1s' },
      { name: 'answers', title: 'Every version of every answer', way: 'Type "N"\nSleep 1s' },
      { name: 'diff', title: 'What changed between two versions', way: 'Type "G"\nType "d"\nSleep 1s' },
      { name: 'timeline', title: 'The timeline', way: 'Type "T"\nSleep 1s' },
      { name: 'context', title: 'What an agent was sent, word for word', way: 'Type "C"\nSleep 1s' },
      { name: 'events', title: 'Every event', way: 'Type "E"\nSleep 1s' },
      { name: 'inspect', title: 'The run in full', way: 'Type "I"\nSleep 1s' },
    ],
    end: 'Type "q"\nWait',
  },
  {
    start: 'Type "massgen replay runs/backup --speed max THEME"\nEnter\nWait+Screen /finished/\nSleep 1s',
    stops: [
      { name: 'files', title: 'The files of an answer', way: 'Type "F"\nWait+Screen /backup\\.sh/\nSleep 1s' },
      {
        name: 'changes',
        title: 'What would change in your folder',
        way: 'Type "W"\nWait+Screen /README\\.md  \\+1 -1/\nType "j"\nSleep 1s',
      },
      { name: 'replay', title: 'A replay at an earlier moment', way: 'Type "AA"\nSleep 1s\nType "{{{{"\nSleep 1s' },
    ],
    end: 'Type "q"\nWait',
  },
  {
    start:
      'Type "cp -r teams/server server && cd server && massgen -c ../teams/parts.yaml --seed 1 THEME \'Make the server safer.\'"\nEnter\nWait+Screen /for you/\nSleep 1s',
    stops: [
      {
        name: 'parts',
        title: 'A file that changes in several places',
        way: 'Type "W"\nWait+Screen /NOTES\\.md/\nType "j"\nSleep 1s\nType "nh"\nSleep 1s',
      },
    ],
    end: 'Ctrl+C\nSleep 1s\nCtrl+C\nWait\nType "cd .."\nEnter\nWait',
  },
  {
    start:
      'Type "massgen -c teams/sixteen.yaml --seed 1 --speed 1 THEME \'What is the first thing to check when a web page is slow?\'"\nEnter\nWait+Screen /picture\\?|judging/\nSleep 1s',
    stops: [{ name: 'sixteen', title: 'Sixteen agents', way: 'Sleep 3s' }],
    end: 'Ctrl+C\nSleep 1s\nCtrl+C\nWait',
  },
];

/** A tour as a tape, at one size and in one theme. */
export function tapeOfTour({ start, stops, end }: Tour, theme: string, size: string): string {
  const shots = stops.map(({ name, way }) => `${way}\nScreenshot ${name}.png`);
  const lines = [start, ...shots, end].join('\n').replaceAll('THEME', `--theme ${theme}`);
  return `# size: ${size}\nEnv MASSGEN_ECONOMY off\n${lines}\n`;
}
