import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TAPES } from './stage.ts';

const SHELL_NEEDS = ['sh', 'dirname', 'head', 'grep', 'mktemp', 'rm', 'ls'];
let bin = '';

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'massgen-setup-'));
  for (const name of SHELL_NEEDS) symlinkSync(join('/usr/bin', name), join(bin, name));
  program('id', 'echo 1000');
  program('uname', 'echo x86_64');
});

afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** Puts a program on the path that does what the text says. */
function program(name: string, text = ':'): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

function setup(...args: string[]): { status: number | null; lines: string[] } {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [join(TAPES, 'setup.sh'), ...args], {
    env: { PATH: bin, HOME: bin },
    encoding: 'utf8',
  });
  return { status, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
}

describe('tapes/setup.sh', () => {
  it('--check says that everything is there', () => {
    for (const name of ['vhs', 'ttyd', 'ffmpeg', 'chromium']) program(name);
    program('fc-list', 'echo /fonts/JetBrainsMono.ttf');
    expect(setup('--check')).toEqual({
      status: 0,
      lines: [
        'ok       vhs       records tapes',
        'ok       ttyd      the terminal that vhs records',
        'ok       ffmpeg    makes GIF, MP4 and PNG',
        'ok       browser   draws the pictures',
        'ok       font      JetBrains Mono',
        'Everything is there.',
      ],
    });
  });

  it('--check names what is missing and installs nothing', () => {
    program('ffmpeg');
    program('fc-list');
    program('apt-get', 'echo INSTALLED');
    expect(setup('--check')).toEqual({
      status: 1,
      lines: [
        'missing  vhs       records tapes',
        'missing  ttyd      the terminal that vhs records',
        'ok       ffmpeg    makes GIF, MP4 and PNG',
        'missing  browser   draws the pictures',
        'missing  font      JetBrains Mono',
        'Missing: vhs ttyd browser font. Run tapes/setup.sh to install.',
      ],
    });
  });

  it('--dry-run prints what it would run on Debian, with ttyd from its releases where apt has none', () => {
    program('fc-list');
    program('apt-get', 'echo INSTALLED');
    program('apt-cache', 'echo "  Candidate: (none)"');
    expect(setup('--dry-run').lines.slice(5).map(withoutPaths)).toEqual([
      '+ sudo apt-get update',
      '+ sudo apt-get install -y --no-install-recommends golang-go',
      '+ go -C TAPES/vhs install tool',
      '+ mkdir -p HOME/.local/bin',
      '+ curl -fsSLO https://github.com/tsl0922/ttyd/releases/download/1.7.7/ttyd.x86_64',
      '+ curl -fsSLO https://github.com/tsl0922/ttyd/releases/download/1.7.7/SHA256SUMS',
      "+ sh -c grep ' ttyd.x86_64$' SHA256SUMS | sha256sum -c -",
      '+ install -m 755 ttyd.x86_64 HOME/.local/bin/ttyd',
      '+ sudo apt-get install -y --no-install-recommends ffmpeg',
      '+ sudo apt-get install -y --no-install-recommends chromium',
      '+ sudo apt-get install -y --no-install-recommends fonts-jetbrains-mono',
    ]);
  });

  it('takes everything from Homebrew where that is', () => {
    program('brew', 'echo "brew got $*"');
    program('fc-list', 'echo font');
    program('chromium');
    expect(setup()).toMatchObject({
      status: 0,
      lines: expect.arrayContaining([
        '+ brew install vhs',
        'brew got install vhs',
        'brew got install ttyd',
      ]) as string[],
    });
  });

  it('names what could not be installed', () => {
    for (const name of ['ttyd', 'ffmpeg', 'chromium']) program(name);
    program('fc-list', 'echo font');
    program('apt-get');
    program('go', '[ "$1" = env ] || { echo "403 Forbidden" >&2; exit 1; }');
    const { status, lines } = setup();
    expect([status, lines.at(-1)]).toEqual([1, 'Not installed: vhs. What failed is printed above.']);
  });

  it('refuses an option that it does not know', () => {
    expect(setup('--everything')).toEqual({ status: 2, lines: ['usage: tapes/setup.sh [--check | --dry-run]'] });
  });

  function withoutPaths(line: string): string {
    return line.replaceAll(bin, 'HOME').replaceAll(TAPES.replace(/\/$/, ''), 'TAPES');
  }
});
