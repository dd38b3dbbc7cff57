import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../../support/daemon.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/monitor_service', import.meta.url));

describe('R32: one service for one state file', () => {
  let directory: string;
  const daemons: Daemon[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-one-'));
  });
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) {
      daemon.signal('SIGKILL');
      await daemon.exit;
    }
    await rm(directory, { recursive: true });
  });

  /** There is no database: that is no matter of the state file. */
  async function start(env: NodeJS.ProcessEnv = {}): Promise<Daemon> {
    const database = { host: '127.0.0.1', port: 1, user: 'nobody' };
    const daemon = await startDaemon({ directory, config: { database }, env });
    daemons.push(daemon);
    return daemon;
  }

  async function second(configFile: string) {
    const child = spawn(process.execPath, [PROGRAM, 'run', '--config', configFile]);
    const [written, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return { code, written };
  }

  it('a second one ends with 75 and says who is running, also when that one is frozen', async () => {
    const first = await start();
    await first.waitForLine(/started, pid/);
    const refused = {
      code: 75,
      written: expect.stringMatching(
        new RegExp(
          `^monitor_service already runs with .*: pid ${first.pid}, since \\d{4}-\\d\\d-\\d\\d .*\\n$`,
        ),
      ),
    };
    expect(await second(first.configFile)).toEqual(refused);
    first.signal('SIGSTOP');
    expect(await second(first.configFile)).toEqual(refused);
    expect(first.lines().filter((line) => line.includes('started, pid'))).toHaveLength(1);
  });

  it('the next one starts when that one was killed', async () => {
    const first = await start();
    await first.waitForLine(/started, pid/);
    first.signal('SIGKILL');
    await first.exit;
    const next = await start();
    await next.waitForLine(/started, pid/);
  });

  it('as a unit it says so once, waits, and takes over when the other has gone', async () => {
    const first = await start();
    await first.waitForLine(/started, pid/);
    const unit = await start({ NOTIFY_SOCKET: join(directory, 'nobody-listens') });
    first.signal('SIGKILL');
    await first.exit;
    await unit.waitForLine(/started, pid/);
  });
});
