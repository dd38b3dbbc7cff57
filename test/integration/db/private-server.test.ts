import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

const HOLDER = fileURLToPath(new URL('../../support/database/hold-private-server.ts', import.meta.url));

describe.each(serverFlavours())('private %s server', (flavour) => {
  it('is of the flavour asked for, writes a binlog, and lets root in through TCP and the socket', async () => {
    const server = await startPrivateServer({ flavour });
    onTestFinished(() => server.stop());
    for (const way of [{}, { socketPath: server.socket }]) {
      const connection = await server.connect(way);
      const [rows] = await connection.query(
        'SELECT VERSION() AS version, @@log_bin AS logged, @@binlog_format AS format, @@port AS port',
      );
      await connection.end();
      expect(rows).toEqual([
        {
          version: expect.stringMatching(flavour === 'mariadb' ? /mariadb/i : /^(?!.*mariadb)/i),
          logged: 1,
          format: 'ROW',
          port: server.port,
        },
      ]);
    }
  });

  it('runs without binlog, and with options of the test', async () => {
    const server = await startPrivateServer({ flavour, binlog: false, extraArgs: ['--max-connections=17'] });
    onTestFinished(() => server.stop());
    const connection = await server.connect();
    const [rows] = await connection.query('SELECT @@log_bin AS logged, @@max_connections AS most');
    await connection.end();
    expect(rows).toEqual([{ logged: 0, most: 17 }]);
  });

  it('keeps port and data over a restart, a SIGKILL and a freeze', async () => {
    const server = await startPrivateServer({ flavour });
    onTestFinished(() => server.stop());
    const { port, pid } = server;
    const write = await server.connect();
    await write.query('CREATE DATABASE kept');

    await server.restart();
    expect(server.pid).not.toBe(pid);
    await server.kill('SIGKILL');
    await server.start();
    await server.kill('SIGSTOP');
    await server.restart();

    expect(server.port).toBe(port);
    const read = await server.connect();
    const [rows] = await read.query("SHOW DATABASES LIKE 'kept'");
    await read.end();
    expect(rows).toHaveLength(1);
  });

  it('leaves no process and no file after stop', async () => {
    const server = await startPrivateServer({ flavour });
    const { pid, directory } = server;
    expect(existsSync(directory)).toBe(true);
    expect(isAlive(pid)).toBe(true);
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });

  it('leaves no process and no file when the test run gets SIGKILL', async () => {
    const run = spawn(process.execPath, ['--import', 'tsx', HOLDER, flavour], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      run.kill('SIGKILL');
    });
    const [line] = (await once(createInterface(run.stdout), 'line')) as [string];
    const { pid, directory } = JSON.parse(line) as { pid: number; directory: string };
    expect(isAlive(pid)).toBe(true);

    run.kill('SIGKILL');
    await vi.waitFor(
      () => {
        expect(isAlive(pid)).toBe(false);
        expect(existsSync(directory)).toBe(false);
      },
      { timeout: 30_000, interval: 20 },
    );
  });

  it("shows the server's own words when it cannot start, and leaves nothing", async () => {
    const here = await mkdtemp(join(tmpdir(), 'monitor_service-test-'));
    vi.stubEnv('TMPDIR', here);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(here, { recursive: true });
    });
    const started = startPrivateServer({ flavour, extraArgs: ['--no-such-option-at-all'] });
    await expect(started).rejects.toThrow(/no-such-option-at-all/);
    expect(await readdir(here)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
