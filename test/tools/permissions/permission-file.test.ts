import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exactRule, ruleText } from '../../../src/config/permission-rule.ts';
import { PermissionFile } from '../../../src/tools/permissions/permission-file.ts';

let dir = '';
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'massgen-permissions-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a rule is added, read again, and only the user may read the file', async () => {
  const path = join(dir, 'deep', 'permissions.yaml');
  await new PermissionFile(path).add(exactRule('allow', 'run_command', 'echo "a*b"\nls'));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await new PermissionFile(path).rules()).map(ruleText)).toEqual(['allow run_command(echo "a\\*b"\nls)']);
});

test('comments and rules of the user’s own stay, and nothing stands there twice', async () => {
  const path = join(dir, 'p.yaml');
  await writeFile(path, '# mine\nrules:\n  - deny send # never\n');
  const file = new PermissionFile(path);
  const rule = exactRule('allow', 'x', '');
  await Promise.all([file.add(rule), file.add(rule), file.add(exactRule('deny', 'y', ''))]);
  expect(await readFile(path, 'utf8')).toBe('# mine\nrules:\n  - deny send # never\n  - allow x()\n  - deny y()\n');
});

test('a file that says something else is refused with its place', async () => {
  const path = join(dir, 'p.yaml');
  await writeFile(path, 'rules: [allow, "deny x"]\n');
  await expect(new PermissionFile(path).rules()).rejects.toThrow(`${path} cannot be used. Rule 1: A rule is "allow"`);
});
