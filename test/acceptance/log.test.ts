import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal, restartService } from '../support/acceptance/install-service.js';
import { writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const LOG = '/var/log/monitor_service.log';
const KEPT = 3;
const MAX_KB = 4;

describe('the log on a booted host', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    await writeUnits(host, { 'good.service': '[Service]\nExecStart=/bin/sleep infinity\n' });
    await installService(host, {
      // As many failures as it takes to fill the log.
      monitor: { max_restart_failures: 1000 },
      logging: { level: 'DEBUG', max_log_size: MAX_KB, log_files_to_keep: KEPT },
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
      // What does not run is only started when it has a section.
      'process.good': { restart_strategy: 'service' },
    });
  });
  afterAll(() => host?.stop());

  it('journalctl -p warning shows the warnings and errors, and nothing else', async () => {
    expect((await alarms.raiseAndSettle('good')).alarma).toBe(0);
    expect((await alarms.raiseAndSettle('not-there')).alarma).toBe(1);
    const everything = (await journal(host)).split('\n');
    const serious = (await journal(host, '--priority=warning')).split('\n').filter((line) => line !== '');
    expect(everything.some((line) => line.startsWith('INFO '))).toBe(true);
    expect(serious).toEqual(everything.filter((line) => /^(WARNING|ERROR) /.test(line)));
    expect(serious.some((line) => /^ERROR +not-there: /.test(line))).toBe(true);
    const errors = (await journal(host, '--priority=err')).split('\n').filter((line) => line !== '');
    expect(errors).toEqual(serious.filter((line) => line.startsWith('ERROR ')));
  });

  it('rotates at max_log_size and keeps log_files_to_keep, and tail -F follows, over three restarts', async () => {
    // Looks more often than by itself; otherwise as the documentation writes it.
    await host.sh(
      `setsid tail -n +1 -s 0.1 -F ${LOG} </dev/null >/root/followed 2>/root/tail-says & sleep 0`,
    );
    const untilFollowed = async (): Promise<void> => {
      const line = (await host.sh(`tail -n 1 ${LOG}`)).trim();
      await waitFor(`tail -F to show ${line}`, async () =>
        (await host.read('/root/followed')).includes(line),
      );
    };
    const active = new Set<string>();
    for (let restart = 0; restart <= 3; restart += 1) {
      if (restart > 0) await restartService(host);
      for (const seen = new Set<string>(); seen.size < 3; seen.add(await activeFile())) {
        await alarms.sql('UPDATE STATUS_PROCESS SET alarma = 0');
        await alarms.raiseAndSettle('not-there');
        // One rotation at a time: tail itself passes over a file that is rotated away before it looks again.
        await untilFollowed();
        active.add(await activeFile());
      }
    }
    expect(active.size).toBeGreaterThanOrEqual(9);

    const directory = '/var/log/monitor_service';
    // The line that fills a file begins a new one, which may still be empty.
    const sizes = await host.sh(`find ${directory} -type f -printf '%s\\n'`);
    const files = sizes.trim().split('\n').map(Number);
    expect(files).toHaveLength(KEPT);
    // A file may pass its size by the line that made it do so.
    for (const size of files) expect(size).toBeLessThan((MAX_KB + 1) * 1024);

    const starts = (await journal(host)).match(/monitor_service: started, pid \d+,/g) ?? [];
    expect(starts).toHaveLength(4);
    const followed = await host.read('/root/followed');
    expect(followed.match(/monitor_service: started, pid \d+,/g)).toEqual(starts);
  });

  async function activeFile(): Promise<string> {
    return (await host.run('readlink', '--canonicalize', LOG)).trim();
  }
});
