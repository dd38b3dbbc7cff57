import { expect, it, vi } from 'vitest';
import type { ConfigSections } from '../../support/service/config-file.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

vi.setConfig({ testTimeout: 180_000 });

const MINUTE_MS = 60_000;

describeOnServers('recurring maintenance', oneServerKind, ({ open }) => {
  it('R11: holds from the start of a service in the middle of it, and resume ends this occurrence, also over a SIGKILL', async () => {
    const { database, fleet, watch, run, status } = await open('alpha', 'beta');
    const config = backup(dailyAt(Date.now() - 10 * MINUTE_MS), '2h');
    let daemon = await watch(config);
    await daemon.waitForLine(
      /monitor_service: maintenance backup begins: alpha paused until .* \(weekly dump\)/,
    );
    await database.raise(1);
    await database.raise(2);
    await daemon.waitForLine(/beta: alarm cleared/);
    await daemon.waitForLine(/alpha: alarm seen, paused by maintenance backup until .*: weekly dump/);

    const report = await status();
    expect(report.pauses).toMatchObject([{ processName: 'alpha', maintenance: 'backup' }]);
    expect(report.maintenance).toMatchObject([{ name: 'backup', processes: ['alpha'] }]);
    const [{ running, next } = {}] = report.maintenance ?? [];
    expect([running?.until, next?.until]).toEqual([
      (running?.since ?? 0) + 120 * MINUTE_MS,
      (next?.since ?? 0) + 120 * MINUTE_MS,
    ]);
    expect(next?.since).toBeGreaterThan(running?.until ?? 0);
    const list = await run('pause', 'list');
    expect(list.stdout).toMatch(
      /^alpha {2}paused by maintenance backup until .*: weekly dump\n\nmaintenance\nbackup {2}runs until .*; next .* for 2 h {2}alpha {2}weekly dump\n$/,
    );
    expect(JSON.parse((await run('pause', 'list', '--json')).stdout)).toMatchObject({
      pauses: [{ maintenance: 'backup' }],
      maintenance: [{ name: 'backup' }],
    });
    expect((await run('check', '--dry-run', 'alpha')).stdout).toMatch(
      /paused by maintenance backup until .*: weekly dump; nothing is restarted/,
    );
    expect(await run('restart', 'alpha')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^alpha is paused by maintenance backup .*; monitor_service resume alpha\n$/,
      ),
    });
    expect(await run('resume', '--maintenance', 'nightly')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no maintenance nightly runs now'),
    });
    expect(await fleet.restarts('alpha')).toBe(0);

    expect((await run('resume', '--maintenance', 'backup')).stdout).toContain('alpha: resumed');
    await daemon.waitForLine(/alpha: alarm cleared/);
    daemon.signal('SIGKILL');
    await daemon.stop();
    expect((await run('status')).stdout).toMatch(/backup {2}runs until/);
    daemon = await watch(config);
    const from = daemon.lines().length;
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm cleared/, { from });
    expect((await status()).pauses).toEqual([]);
  });

  it('begins and ends by the clock, and what was raised meanwhile is answered at its end', async () => {
    const { database, fleet, watchCalmly } = await open('alpha');
    const daemon = await watchCalmly();
    const second = new Date(Date.now() + 2000).getSeconds();
    await daemon.reload(backup(`${second} * * * * *`, '6s'));
    const begun = await daemon.waitForLine(/maintenance backup begins/);
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen, paused by maintenance backup/, { from: begun.index });
    const over = await daemon.waitForLine(/maintenance backup \(weekly dump\) is over/, {
      from: begun.index,
    });
    await daemon.waitForLine(/alpha: alarm seen \(resume\)/, { from: over.index });
    await daemon.waitForLine(/alpha: alarm cleared/, { from: over.index });
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('R22: ends by a reload that removes it, and check tells when one comes next', async () => {
    const { database, watch, run } = await open('alpha');
    const config = backup(dailyAt(Date.now() - 10 * MINUTE_MS), '2h');
    const daemon = await watch(config);
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen, paused by maintenance backup/);
    const check = JSON.parse((await run('check', '--no-health', '--json')).stdout) as {
      sections: { heading: string; findings: unknown[] }[];
    };
    expect(check.sections.find(({ heading }) => heading === 'Maintenance')?.findings).toMatchObject([
      {
        message: expect.stringMatching(
          /^runs until [\d-]+ [\d:]+; next from [\d-]+ [\d:]+ to [\d-]+ [\d:]+: alpha \(weekly dump\)$/,
        ),
      },
    ]);
    await daemon.reload();
    await daemon.waitForLine(/maintenance backup \(weekly dump\) ends: the configuration has changed/);
    await daemon.cleared('alpha');
  });
});

function backup(schedule: string, duration: string): ConfigSections {
  return {
    'process.alpha': {},
    'maintenance.backup': { schedule, duration, processes: 'alpha', reason: 'weekly dump' },
  };
}

/** At the minute of this time, ms since the epoch, by the clock of this host. */
function dailyAt(at: number): string {
  const time = new Date(at);
  return `${time.getMinutes()} ${time.getHours()} * * *`;
}
