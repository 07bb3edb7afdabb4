/** Kinds of files that models and their tools make, by the ending of a name. */
const BY_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  csv: 'text/csv',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  json: 'application/json',
  zip: 'application/zip',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
const ENDINGS = new Map(Object.entries(BY_ENDING).map(([ending, type]) => [type, ending]));

/** By the name alone; null for an ending that is not known. */
export function mediaTypeOf(name: string): string | null {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_ENDING, ending) ? (BY_ENDING[ending] ?? null) : null;
}

/** The ending for a name of our own; `bin` for a kind that is not known. */
export function endingOf(mediaType: string | null): string {
  return mediaType === 'audio/mp3' ? 'mp3' : (ENDINGS.get(mediaType ?? '') ?? 'bin');
}

/** What a picture is by its first bytes, whatever it is called; null for what none of the vendors' models reads. */
export function pictureTypeOf(head: Buffer): string | null {
  const text = head.subarray(0, 12).toString('latin1');
  if (text.startsWith('\u0089PNG')) return 'image/png';
  if (text.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg';
  if (text.startsWith('GIF8')) return 'image/gif';
  return text.startsWith('RIFF') && text.slice(8) === 'WEBP' ? 'image/webp' : null;
}
