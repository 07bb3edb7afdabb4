import { describe, expect, it } from 'vitest';
import * as rules from './rules.ts';
import { parseSourceFile, type SourceFile } from './source-file.ts';

/** Files by path, as they would stand in the tree. */
function tree(sources: Record<string, string>): SourceFile[] {
  return Object.entries(sources).map(([path, code]) => parseSourceFile(path, code));
}

describe('a source file', () => {
  it('has its imports of every kind, with their lines', () => {
    const code = [
      "import type { A } from './a.ts';",
      "import { b as c } from '../events/b.ts';",
      "export { d } from 'pkg/sub';",
      "const e = await import('./e.ts');",
      "let f: import('./f.ts').F;",
    ].join('\n');
    expect(parseSourceFile('src/cli/x.ts', code).imports).toEqual([
      { line: 1, specifier: './a.ts', path: 'src/cli/a.ts', isTypeOnly: true, isDynamic: false, names: ['A'] },
      {
        line: 2,
        specifier: '../events/b.ts',
        path: 'src/events/b.ts',
        isTypeOnly: false,
        isDynamic: false,
        names: ['b'],
      },
      { line: 3, specifier: 'pkg/sub', path: null, isTypeOnly: false, isDynamic: false, names: ['d'] },
      { line: 4, specifier: './e.ts', path: 'src/cli/e.ts', isTypeOnly: false, isDynamic: true, names: [] },
      { line: 5, specifier: './f.ts', path: 'src/cli/f.ts', isTypeOnly: true, isDynamic: false, names: [] },
    ]);
  });

  it('does not take text and comments for code', () => {
    const file = parseSourceFile(
      'src/cli/x.ts',
      "// import 'a'; Date.now()\nexport const s = `import('b') setTimeout()`;\n",
    );
    expect([file.imports, file.uses.map((use) => use.name), file.lineCount]).toEqual([[], ['s'], 2]);
  });
});

describe('each rule finds its breach', () => {
  const cases: [string, rules.Rule, Record<string, string>, string[]][] = [
    [
      'a file outside of the rooms',
      rules.staysInRooms,
      {
        'src/stuff/a.ts': '',
        'src/extra.ts': '',
        'src/cli/a.js': '',
        'src/main.ts': '',
        'src/massgen.js': '',
        'src/index.ts': '',
      },
      [
        `src/stuff/a.ts:1 is in no room; the rooms are ${rules.ORDER.flat().join(', ')}`,
        `src/extra.ts:1 is in no room; the rooms are ${rules.ORDER.flat().join(', ')}`,
        'src/cli/a.js:1 is not TypeScript',
      ],
    ],
    [
      'an import to the right, types included',
      rules.importsLeftwards,
      {
        'src/events/a.ts': "\nimport type { B } from '../voting/b.ts';",
        'src/voting/b.ts': "import '../events/a.ts';",
      },
      ['src/events/a.ts:2 events may not import voting (src/voting/b.ts)'],
    ],
    [
      'a dynamic import to the right',
      rules.importsLeftwards,
      { 'src/agents/a.ts': "await import('../engine/b.ts');" },
      ['src/agents/a.ts:1 agents may not import engine (src/engine/b.ts)'],
    ],
    [
      'an import between neighbours, but for providers and tools',
      rules.importsLeftwards,
      { 'src/providers/a.ts': "import '../tools/b.ts';", 'src/tools/b.ts': "import '../providers/c.ts';" },
      ['src/tools/b.ts:1 tools may not import providers (src/providers/c.ts)'],
    ],
    [
      'a command behind the public face',
      rules.importsLeftwards,
      { 'src/index.ts': "import './api/a.ts';\nimport './cli/b.ts';", 'src/server/a.ts': "import '../api/b.ts';" },
      ['src/index.ts:2 api may not import cli (src/cli/b.ts)'],
    ],
    [
      'a specifier that is not written down',
      rules.importsLeftwards,
      { 'src/cli/a.ts': 'await import(name);' },
      ['src/cli/a.ts:1 imports a computed specifier, which no rule can check'],
    ],
    [
      'an import of something outside of the source',
      rules.importsLeftwards,
      { 'src/cli/a.ts': "import '../../package.json';\nimport '../../themes/dark.json';\nimport '../../test/b.ts';" },
      ['src/cli/a.ts:3 imports test/b.ts, which is in no room'],
    ],
    [
      'a screen that knows the engine',
      rules.keepsReadersApart,
      { 'src/tui/a.ts': "import '../engine/b.ts';\nimport '../events/c.ts';" },
      ['src/tui/a.ts:1 tui reads the log only and may not import src/engine/b.ts'],
    ],
    [
      'blessed outside of the widgets',
      rules.keepsBlessedInWidgets,
      {
        'src/tui/widgets/a.ts': "await import('neo-blessed');",
        'src/tui/a.ts': "await import('neo-blessed/lib/unicode.js');",
      },
      ['src/tui/a.ts:1 only src/tui/widgets may import neo-blessed'],
    ],
    [
      'the outside world in a pure room',
      rules.keepsPureRoomsPure,
      {
        'src/voting/a.ts':
          "import 'fs';\nimport 'node:os';\nlet a = process.argv;\nconst b = new Date(1);\nsetTimeout(b);",
      },
      [
        'src/voting/a.ts:1 voting is pure and may not import fs',
        'src/voting/a.ts:2 voting is pure and may not import node:os',
        'src/voting/a.ts:3 voting is pure and may not use process',
        'src/voting/a.ts:5 voting is pure and may not use setTimeout',
      ],
    ],
    [
      'time and chance outside of src/platform',
      rules.keepsTheWorldInPlatform,
      {
        'src/platform/a.ts': 'Date.now();',
        'src/main.ts': 'process.env;',
        'src/cli/b.ts':
          'Date.now();\nnew Date();\nnew Date(1);\nconst t = { setTimeout: 1 };\nt.setTimeout;\nglobalThis.setTimeout(f);',
      },
      [
        'src/cli/b.ts:1 only src/platform may use Date.now; take it as an argument',
        'src/cli/b.ts:2 only src/platform may use new Date(); take it as an argument',
        'src/cli/b.ts:6 only src/platform may use globalThis.setTimeout; take it as an argument',
      ],
    ],
    [
      'the same under an imported name',
      rules.keepsTheWorldInPlatform,
      {
        'src/cli/b.ts':
          "import { homedir as home, tmpdir } from 'os';\nimport { setTimeout } from 'node:timers/promises';",
      },
      [
        'src/cli/b.ts:1 only src/platform may import homedir from os',
        'src/cli/b.ts:2 only src/platform may import setTimeout from node:timers/promises',
      ],
    ],
    [
      'a cycle',
      rules.hasNoCycles,
      { 'src/cli/a.ts': "import './b.ts';", 'src/cli/b.ts': "\nimport './c.ts';", 'src/cli/c.ts': "import './b.ts';" },
      ['src/cli/c.ts:1 closes a cycle: src/cli/b.ts → src/cli/c.ts → src/cli/b.ts'],
    ],
    [
      'a heavy package on the way from main',
      rules.startsLight,
      {
        'src/main.ts': "import './cli/a.ts';\nimport type { X } from 'openai';",
        'src/cli/a.ts': "import 'commander';\nimport 'openai/resources';\nawait import('./b.ts');",
        'src/cli/b.ts': "import 'zod';",
      },
      ['src/cli/a.ts:2 loads openai at start-up: src/main.ts → src/cli/a.ts'],
    ],
    [
      'a default export, by either spelling',
      rules.hasNoDefaultExports,
      { 'src/cli/a.ts': 'const a = 1;\nexport default a;', 'src/cli/b.ts': 'const a = 1;\nexport { a as default };' },
      ['src/cli/a.ts:2 exports a default; give it a name', 'src/cli/b.ts:2 exports a default; give it a name'],
    ],
    [
      'a barrel',
      rules.hasNoBarrels,
      { 'src/cli/index.ts': "export * from './a.ts';", 'src/cli/all.ts': "export * from './a.ts';" },
      ['src/cli/all.ts:1 is a barrel; import from the file itself'],
    ],
    [
      'a junk drawer',
      rules.hasNoJunkDrawers,
      { 'src/cli/utils/a.ts': '', 'src/cli/helper.ts': '', 'src/cli/utilities-of-state.ts': '' },
      [
        'src/cli/utils/a.ts:1 is in or called utils; name it by what it does',
        'src/cli/helper.ts:1 is in or called helper.ts; name it by what it does',
      ],
    ],
    [
      'a file of 501 lines',
      rules.hasShortFiles,
      { 'src/cli/a.ts': '\n'.repeat(500), 'src/cli/b.ts': '\n'.repeat(501) },
      ['src/cli/b.ts:501 is one line too many; the file has 501'],
    ],
  ];

  it.each(cases)('%s', (_, rule, sources, breaches) => {
    expect(rule(tree(sources))).toEqual(breaches);
  });
});
