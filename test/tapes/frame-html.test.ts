import { describe, expect, it } from 'vitest';
import { createEmulator } from '../screens/emulator.ts';
import { frameHtml, frameSize, pageOf } from './frame-html.ts';

async function htmlOf(text: string, cols = 6): Promise<string> {
  const terminal = createEmulator(cols, 1);
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  return frameHtml(terminal);
}

describe('a frame as HTML', () => {
  it('puts cells of one style together and gives them their width', async () => {
    expect(await htmlOf('ab\x1b[1mc')).toBe(
      '<pre><span style="width:18px">ab</span><span style="width:9px;font-weight:bold">c</span><span style="width:27px">   </span></pre>',
    );
  });

  it('gives wide characters two cells and everything beyond ASCII a place of its own', async () => {
    expect(await htmlOf('日─x')).toBe(
      '<pre><span style="width:18px">日</span><span style="width:9px">─</span><span style="width:27px">x  </span></pre>',
    );
  });

  it('shows colours of the program, of the palette, and turned around', async () => {
    expect(await htmlOf('\x1b[38;2;1;2;3ma\x1b[0;48;5;196mb\x1b[0;7mc\x1b[0;38;5;240md', 4)).toBe(
      '<pre><span style="width:9px;color:#010203">a</span><span style="width:9px;background:rgb(255,0,0)">b</span>' +
        '<span style="width:9px;color:#111318;background:#d4d7dd">c</span><span style="width:9px;color:rgb(88,88,88)">d</span></pre>',
    );
  });

  it('shows every attribute', async () => {
    expect(await htmlOf('\x1b[2ma\x1b[0;3mb\x1b[0;4mc\x1b[0;9md\x1b[0;8me', 5)).toBe(
      '<pre><span style="width:9px;opacity:.6">a</span><span style="width:9px;font-style:italic">b</span>' +
        '<span style="width:9px;text-decoration:underline">c</span><span style="width:9px;text-decoration:line-through">d</span>' +
        '<span style="width:9px;visibility:hidden">e</span></pre>',
    );
  });

  it('has a margin of the colour that the program stands on', async () => {
    const terminal = createEmulator(2, 3);
    const ground = '\x1b[48;2;250;250;250m';
    await new Promise<void>((resolve) => terminal.write(`a\r\n${ground}b\r\n${ground}c`, resolve));
    expect(frameHtml(terminal)).toMatch(/^<pre style="background:#fafafa"><span style="width:18px">a </);
  });

  it('lets no text become markup', async () => {
    expect(await htmlOf('<b>&x', 5)).toBe('<pre><span style="width:45px">&lt;b>&amp;x</span></pre>');
  });

  it('has a page as large as its cells', () => {
    expect([
      frameSize({ cols: 80, rows: 24 }),
      pageOf(['<pre>1</pre>', '<pre>2</pre>']).endsWith('<pre>1</pre><pre>2</pre>'),
    ]).toEqual([{ width: 744, height: 504 }, true]);
  });
});
