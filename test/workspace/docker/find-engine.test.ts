import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import { findEngine } from '../../../src/workspace/docker/engine.ts';
import { findDocker } from '../../../src/workspace/docker/find-docker.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';
import { runnerBench } from './runner-bench.ts';

const clock = createRealClock();
const INSTEAD = 'Use an engine of this machine: unix:///path/of/docker.sock, or tcp://localhost:2375.';

test.each([
  ['unix:///run/mine.sock', { address: '/run/mine.sock', socketPath: '/run/mine.sock' }],
  ['unix://', { address: '/var/run/docker.sock', socketPath: '/var/run/docker.sock' }],
  ['tcp://localhost', { address: 'tcp://localhost:2375', host: 'localhost', port: 2375, tls: null }],
  ['127.0.0.1:80', { address: 'tcp://127.0.0.1:80', host: '127.0.0.1', port: 80, tls: null }],
  ['tcp://[::1]:9000/', { address: 'tcp://[::1]:9000', host: '::1', port: 9000, tls: null }],
  ['https://box', { address: 'tcp://box:2376', host: 'box', port: 2376, tls: { ca: null, cert: null, key: null } }],
])('DOCKER_HOST may be %s', async (address, place) => {
  const found = await findDocker({ variables: { DOCKER_HOST: address }, home: null });
  expect(found).toEqual([{ ...place, from: 'DOCKER_HOST' }]);
});

test.each([
  [
    'ssh://me@box',
    `DOCKER_HOST leads to another machine (ssh://me@box), but containers share folders with this one. ${INSTEAD}`,
  ],
  [
    'npipe:////./pipe/docker_engine',
    `DOCKER_HOST names a pipe of Windows (npipe:////./pipe/docker_engine), which this system does not have. ${INSTEAD}`,
  ],
  ['fd://3', `DOCKER_HOST leads to an engine that is reached by fd, which is not known here. ${INSTEAD}`],
  ['tcp://', `DOCKER_HOST is no address of an engine: tcp://. ${INSTEAD}`],
])('DOCKER_HOST may not be %s, and why is said', async (address, why) => {
  expect(await findDocker({ variables: { DOCKER_HOST: address }, home: null })).toBe(why);
});

test('the context of the docker command counts, wherever its folder is', async () => {
  const home = await temporaryFolder();
  const id = createHash('sha256').update('colima').digest('hex');
  const place = { address: '/colima.sock', from: 'the context colima', socketPath: '/colima.sock' };
  for (const folder of [join(home, '.docker'), join(home, 'elsewhere')]) {
    await mkdir(join(folder, 'contexts/meta', id), { recursive: true });
    await writeFile(join(folder, 'config.json'), JSON.stringify({ currentContext: 'colima' }));
    const meta = { Endpoints: { docker: { Host: 'unix:///colima.sock' } } };
    await writeFile(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  }
  expect(await findDocker({ variables: {}, home })).toEqual([place]);
  expect(await findDocker({ variables: { DOCKER_CONFIG: join(home, 'elsewhere') }, home: null })).toEqual([place]);
  expect(await findDocker({ variables: { DOCKER_CONTEXT: 'none' }, home })).toBe(
    'The context none of the docker command has no engine that could be read. "docker context ls" lists those there are; "docker context use default" goes back to the usual one.',
  );
  expect(await findDocker({ variables: { DOCKER_CONTEXT: 'default' }, home })).not.toContainEqual(place);
});

test('without a word, the usual sockets count, the one of Podman after those of Docker', async () => {
  const home = await temporaryFolder();
  const runtime = join(home, 'run');
  const sockets = [
    join(runtime, 'docker.sock'),
    join(home, '.docker/run/docker.sock'),
    join(runtime, 'podman/podman.sock'),
  ];
  for (const folder of [join(runtime, 'podman'), join(home, '.docker/run')]) await mkdir(folder, { recursive: true });
  for (const socket of sockets.toReversed()) await writeFile(socket, '');
  const found = await findDocker({ variables: { XDG_RUNTIME_DIR: runtime }, home });
  const addresses = typeof found === 'string' ? [] : found.map(({ address }) => address);
  expect(addresses.filter((address) => address.startsWith(home))).toEqual(sockets);
});

test('an engine that does not answer gives way to the next one', async () => {
  const fake = await FakeDocker.start();
  const home = await temporaryFolder();
  const runtime = join(home, 'run');
  await mkdir(join(runtime, 'podman'), { recursive: true });
  await writeFile(join(runtime, 'docker.sock'), '');
  await symlink(fake.socketPath, join(runtime, 'podman/podman.sock'));
  const found = await findEngine({ variables: { XDG_RUNTIME_DIR: runtime }, home }, clock);
  expect(found).toMatchObject({ info: { ServerVersion: '28.1.0' }, place: { from: null } });
});

test('commands run in containers of an engine at a port', async () => {
  const fake = await FakeDocker.start();
  const { runner, request } = await runnerBench(
    {},
    { variables: { DOCKER_HOST: `tcp://127.0.0.1:${await fake.openPort()}` } },
  );
  expect(await runner.findProblem()).toBeNull();
  expect((await runner.run(request('cat', { input: 'hello' }))).stdout).toBe('hello');
  expect(fake.of('POST /containers/create')).toHaveLength(1);
});

test('an engine that does not see the folders of this machine is told with what it lacks', async () => {
  const fake = await FakeDocker.start();
  fake.refusesMounts = true;
  const { runner, request } = await runnerBench(
    {},
    { variables: { DOCKER_HOST: `tcp://127.0.0.1:${await fake.openPort()}` } },
  );
  await runner.findProblem();
  await expect(runner.run(request('true'))).rejects.toThrow(
    /bind source path does not exist: .*\. The engine does not see the folders of this machine: it has to run here, or to have them at the same paths\./,
  );
});

async function openssl(cwd: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('openssl', args, { cwd });
}

/** An authority and what it has signed for both ends. */
async function certificates(): Promise<string> {
  const folder = await temporaryFolder();
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    folder,
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=authority',
    '-days',
    '2',
  );
  await writeFile(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  for (const name of ['server', 'client']) {
    await openssl(folder, 'req', ...key, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    await openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
  }
  return folder;
}

test('an encrypted connection shows both ends who the other one is', async () => {
  const folder = await certificates();
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const fake = await FakeDocker.start();
  const port = await fake.openPort({
    ca: await read('ca.pem'),
    cert: await read('server.pem'),
    key: await read('server-key.pem'),
  });
  const own = join(folder, 'own');
  await mkdir(own);
  const variables = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: own };
  const wrong = `The Docker engine at tcp://127.0.0.1:${port} cannot be used`;
  expect(await findEngine({ variables, home: null }, clock)).toContain(wrong);
  await copyFile(join(folder, 'ca.pem'), join(own, 'ca.pem'));
  await copyFile(join(folder, 'client.pem'), join(own, 'cert.pem'));
  expect(await findEngine({ variables, home: null }, clock)).toContain('holds one of cert.pem and key.pem only');
  await copyFile(join(folder, 'client-key.pem'), join(own, 'key.pem'));
  const { runner, request } = await runnerBench({}, { variables });
  expect(await runner.findProblem()).toBeNull();
  expect((await runner.run(request('cat', { input: 'secret' }))).stdout).toBe('secret');
  const plain = await findEngine({ variables: { DOCKER_HOST: `tcp://127.0.0.1:${port}` }, home: null }, clock);
  expect(plain).toContain('it may want an encrypted connection: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.');
});
