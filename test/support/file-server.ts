import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { replyStream, type WireReply } from './wire-replies.ts';

/** What was asked of a `FileServer`. Bodies are as they came: forms, bytes or JSON. */
export interface FileRequest {
  /** `POST /v1/files` */
  asked: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface FileServer {
  readonly url: string;
  readonly requests: FileRequest[];
  /** Answers these (`DELETE /v1/files/file_1`) with an error. */
  refuse(asked: string, status: number): void;
  close(): Promise<void>;
}

/** Files, stores and containers of three vendors on 127.0.0.1, for their real SDKs, beside a model that replies. */
export async function startFileServer(reply: WireReply = { text: 'ok' }): Promise<FileServer> {
  const requests: FileRequest[] = [];
  const refused = new Map<string, number>();
  let files = 0;
  let looks = 0;

  const json = (asked: string, url: string): unknown => {
    switch (asked) {
      case 'POST /v1/files':
        files += 1;
        return { id: `file_${files}`, object: 'file', filename: 'x', mime_type: 'text/csv' };
      case 'POST /v1/vector_stores':
        return { id: 'vs_1', file_counts: { in_progress: 1, failed: 0, completed: 0, total: 1 } };
      case 'GET /v1/vector_stores/vs_1':
        looks += 1;
        return { id: 'vs_1', file_counts: { in_progress: looks < 2 ? 1 : 0, failed: 0, completed: 1, total: 1 } };
      case 'GET /v1/containers/cntr_1/files': {
        const made = {
          object: 'container.file',
          container_id: 'cntr_1',
          source: 'assistant',
          path: '/mnt/data/plot.png',
        };
        return {
          object: 'list',
          data: [
            { ...made, id: 'cfile_1' },
            { ...made, id: 'cfile_2', source: 'user' },
          ],
        };
      }
      case 'GET /v1/files/file_made':
        return { id: 'file_made', filename: 'made.csv', mime_type: 'text/csv' };
      case 'POST /take':
      case 'GET /v1beta/files/abc': {
        looks += 1;
        const state = looks < 2 ? 'PROCESSING' : 'ACTIVE';
        const file = { name: 'files/abc', uri: `${url}/v1beta/files/abc`, mimeType: 'video/mp4', state };
        return asked === 'POST /take' ? { file } : file;
      }
      default:
        return {};
    }
  };

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const address = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      const asked = `${incoming.method} ${address.pathname}`;
      const body = Buffer.concat(parts).toString('utf8');
      requests.push({ asked, headers: incoming.headers, body });
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const status = refused.get(asked);
      if (status !== undefined) {
        response.writeHead(status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
        response.end(JSON.stringify({ error: { message: `refused with test-key-000000`, type: 'test' } }));
      } else if (address.pathname.endsWith('/responses')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(replyStream('responses', reply).join(''));
      } else if (asked === 'POST /upload/v1beta/files') {
        response.writeHead(200, { 'x-goog-upload-url': `${url}/take`, 'x-goog-upload-status': 'active' });
        response.end('{}');
      } else if (address.pathname.endsWith('/content')) {
        response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' });
        response.end('a,b');
      } else {
        const headers = { 'content-type': 'application/json', 'x-goog-upload-status': 'final' };
        response.writeHead(200, headers);
        response.end(JSON.stringify(json(asked, url)));
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuse: (asked, status) => void refused.set(asked, status),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
