import { expect, test } from 'vitest';
import { resultPictures } from '../../../src/tools/mcp/result-pictures.ts';
import { resultText } from '../../../src/tools/mcp/result-text.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]).toString('base64');
const TEXT = Buffer.from('no picture at all').toString('base64');

test('a picture is what its bytes say, and what is none goes to no model, whatever a server calls it', () => {
  const content = [
    { type: 'image', mimeType: 'image/png', data: JPEG },
    { type: 'image', mimeType: 'image/png', data: TEXT },
  ];
  expect(resultPictures({ content })).toEqual([{ mediaType: 'image/jpeg', base64: JPEG }]);
  expect(resultText({ content })).toBe('[image, image/png, 12 bytes]\n[image, image/png, 18 bytes; not shown]');
});
