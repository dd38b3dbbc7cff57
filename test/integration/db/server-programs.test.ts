import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ensureTemplate } from '../../support/database/data-directory.js';
import { findServerPrograms, requireServerProgram } from '../../support/server-programs.js';

it('a mysqld that is MariaDB in truth is taken for MariaDB', async () => {
  const folder = await temporaryFolder();
  const mysqld = join(folder, 'mysqld');
  await symlink(requireServerProgram('mariadb').path, mysqld);
  vi.stubEnv('MONITOR_TEST_MARIADBD', mysqld);
  vi.stubEnv('MONITOR_TEST_MYSQLD', mysqld);
  const { mariadb, mysql } = findServerPrograms();
  expect(mariadb?.path).toBe(mysqld);
  expect(mysql).toBeUndefined();
});

it('a variable that names no server program is not passed over in favour of another', () => {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('MONITOR_TEST_MARIADBD', '/bin/true');
  expect(findServerPrograms().mariadb).toBeUndefined();
  expect(() => requireServerProgram('mariadb')).toThrow(/mariadb-server-core/);
});

it('a template that several ask for at once is made whole, and leaves no half-made one', async () => {
  const cache = await temporaryFolder();
  const program = requireServerProgram('mariadb');
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => ensureTemplate(program)));
  expect(others).toEqual([first, first]);
  expect(await readdir(join(cache, 'monitor_service'))).toHaveLength(1);
  expect(await readdir(first ?? '')).toContain('mysql');
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor_service-test-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  return folder;
}
