import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { firstValueFrom, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, openControlServer } from '../../../src/control/control-server.js';
import type { StatusReport } from '../../../src/control/status-report.js';
import { PROGRAM } from '../../support/program.js';
import { writeConfigFile } from '../../support/service/config-file.js';

/** A report of a megabyte. */
const REPORT: StatusReport = {
  service: { version: '1.0.0', pid: 1, startedAt: 0, configFile: 'config.ini', isStopping: false },
  stream: { state: 'streaming', since: 0, pollingEveryMs: 5000 },
  table: { isKnown: true },
  ...{ alarms: [], cycles: [], breakers: [], recentRestarts: [], outcomes: [] },
  pauses: [{ since: 0, by: 'alice', reason: 'x'.repeat(1_000_000) }],
  totals: { verified: 0, healthy: 0, failed: 0, restarts: 0 },
};

describe('status --watch of a service with much to tell', () => {
  let directory: string;
  let server: ControlServer;
  const asked = new Subject<void>();

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-watch-status-'));
    await writeConfigFile(join(directory, 'config.ini'), directory, { database: { user: 'x' } });
    const answer = async () => {
      asked.next();
      return { kind: 'json', value: REPORT } as const;
    };
    server = await openControlServer({
      path: join(directory, 'control.sock'),
      routes: [{ method: 'GET', path: '/status', answer }],
      onFailure: () => {},
    });
  });
  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  const watch = (...options: readonly string[]): ChildProcessByStdio<null, Readable, null> => {
    const args = ['status', '--watch', '0.1', '--json', '--config', join(directory, 'config.ini')];
    return spawn(process.execPath, [...options, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  };

  it('keeps none of the reports that it has shown', async () => {
    // With all of them in memory this heap is full after some thirty.
    const child = watch('--max-old-space-size=40');
    let shown = 0;
    for await (const line of createInterface(child.stdout)) {
      expect(line).toHaveLength(JSON.stringify({ isRunning: true, ...REPORT }).length);
      shown += 1;
      if (shown === 50) break;
    }
    expect(shown).toBe(50);
    child.stdout.resume();
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  it('is left at once, also if nobody reads what it writes', async () => {
    const first = firstValueFrom(asked);
    const child = watch();
    await first;
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    child.stdout.destroy();
  });
});
