import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PrivateServer } from '../private-server.js';
import { waitFor } from '../restart/wait-for.js';
import type { Workspace } from '../restart/workspace.js';
import { cacheDirectory } from './cache-directory.js';
import { freePort } from './free-port.js';

const PLACES = ['/usr/sbin/haproxy', join(cacheDirectory(), 'haproxy', 'haproxy')];
const PAGE = fileURLToPath(new URL('../../../docs/failover.md', import.meta.url));

/** Why this machine cannot run HAProxy as docs/failover.md says; undefined if it can. */
export function whyNoHaproxy(): string | undefined {
  if (!findHaproxy()) return 'there is no HAProxy here, test/support/fetch-haproxy.sh fetches it';
  if (spawnSync('mariadb', ['--version']).error) return 'there is no client program mariadb here';
  return undefined;
}

function findHaproxy(): string | undefined {
  return [process.env.MONITOR_TEST_HAPROXY, ...PLACES].find((path) => path && existsSync(path));
}

interface HaproxyOptions {
  readonly workspace: Workspace;
  readonly servers: readonly [PrivateServer, PrivateServer];
  /** Who asks the servers whether they may write; knows both. */
  readonly account: { readonly user: string; readonly password: string };
  /** What is different from the page. */
  readonly edit?: (configuration: string) => string;
}

/** HAProxy in front of two servers, with the configuration and the script that docs/failover.md prints. */
export async function startHaproxy(
  options: HaproxyOptions,
): Promise<{ port: number; stop(): Promise<void> }> {
  const { workspace, servers, edit = (configuration) => configuration } = options;
  const { user, password } = options.account;
  const [, configuration = '', script = ''] =
    /```haproxy\n(.*?)```\s+```sh\n#!\/bin\/sh\n(.*?)```/s.exec(await readFile(PAGE, 'utf8')) ?? [];
  const [first, second] = servers;
  const port = await freePort();
  const credentials = workspace.path('check.cnf');
  await writeFile(credentials, `[client]\nuser = ${user}\npassword = ${password}\n`, {
    mode: 0o600,
  });
  const mayWrite = await workspace.script('may-write', [
    script.replace('/etc/haproxy/check.cnf', credentials),
  ]);
  const file = workspace.path('haproxy.cfg');
  const text = edit(configuration)
    .replace('127.0.0.1:3306', `127.0.0.1:${port}`)
    .replace('/etc/haproxy/may-write', mayWrite)
    .replace('db1:3306', `127.0.0.1:${first.port}`)
    .replace('db2:3306', `127.0.0.1:${second.port}`);
  await writeFile(file, text);
  const command = [findHaproxy() ?? 'haproxy', '-db', '-f', file];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await waitFor('HAProxy to pass on a connection', async () => {
    const connection = await first.connect({ user, password, port }).catch(() => undefined);
    await connection?.end();
    return connection !== undefined;
  });
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
