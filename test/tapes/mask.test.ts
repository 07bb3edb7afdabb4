import { describe, expect, it } from 'vitest';
import { maskFrame } from './mask.ts';

const GOING = ' massgen  Why?    judging  4 agents  00:07  24k tok';
const ENDED = ' massgen  Why?    finished  4 agents  00:22  49k tok';

describe('the mask of a frame', () => {
  it('hides the clock of a run that goes on, in the first row and beside the panes', () => {
    expect(maskFrame([GOING, ' text  │ time    00:07 of 30:00', ' x │ time    1:02:07'])).toEqual([
      ' massgen  Why?    judging  4 agents  ##:##  24k tok',
      ' text  │ time    ##:## of 30:00',
      ' x │ time    #:##:##',
    ]);
  });

  it('leaves the clock of a run that has ended', () => {
    expect(maskFrame([ENDED, ' │ time    00:22 of 30:00'])).toEqual([ENDED, ' │ time    00:22 of 30:00']);
  });

  it('leaves the times of events, which are virtual', () => {
    expect(maskFrame([GOING, ' │ 00:05 TOOL     4 calculator', 'at 12:30 sharp']).slice(1)).toEqual([
      ' │ 00:05 TOOL     4 calculator',
      'at 12:30 sharp',
    ]);
  });

  it('hides ids of runs and the folder of the tape, and keeps their widths', () => {
    expect(maskFrame(['', 'LOG: /tmp/massgen-tape-a1B2c3/desk/.massgen/runs/20261122-171501-k3f9/x']).at(1)).toBe(
      'LOG: /tmp/#######-####-######/desk/.massgen/runs/########-######-####/x',
    );
  });

  it('hides when something was begun, and in real time every clock', () => {
    expect([
      maskFrame(['', '2026-11-22 17:15 Why?', 'at 12:30 sharp']),
      maskFrame([ENDED, ' │ 00:05 ASKS     1 edit', 'waits 00:02']),
    ]).toEqual([
      ['', '####-##-## ##:## Why?', 'at 12:30 sharp'],
      [ENDED, ' │ 00:05 ASKS     1 edit', 'waits 00:02'],
    ]);
    expect(maskFrame([ENDED, ' │ 00:05 ASKS     1 edit', 'waits 00:02'], true)).toEqual([
      ' massgen  Why?    finished  4 agents  ##:##  49k tok',
      ' │ ##:## ASKS     1 edit',
      'waits ##:##',
    ]);
  });

  it('hides how long a retry still waits', () => {
    expect(maskFrame(['', '↻ retry in 12 s ─ 1.2k tok'])).toEqual(['', '↻ retry in ## s ─ 1.2k tok']);
  });
});
