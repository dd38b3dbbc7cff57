import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, journal } from '../support/acceptance/install-service.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
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
    await host.sh(`setsid tail -n +1 -F ${LOG} </dev/null >/root/followed 2>/root/tail-says & sleep 0`);
    for (let restart = 0; restart <= 3; restart += 1) {
      if (restart > 0) await host.run('systemctl', 'restart', 'monitor_service');
      const { mainPid } = await showUnit(host, 'monitor_service.service');
      // Each failed cycle is some lines; as many as two files hold.
      for (let lines = 0; lines < 2 * MAX_KB * 1024; ) {
        await alarms.sql('UPDATE STATUS_PROCESS SET alarma = 0');
        await alarms.raiseAndSettle('not-there');
        lines = (await journal(host, `_PID=${mainPid}`)).length;
      }
    }
    const files = (
      await host.sh('cd /var/log/monitor_service; stat --format="%n %s" *.log.* *.[0-9]*.log 2>&1 || true')
    )
      .split('\n')
      .filter((line) => /^monitor_service\.\d+\.log \d+$/.test(line));
    expect(files.length).toBe(KEPT);
    // A file may pass its size by the line that made it do so.
    for (const file of files) expect(Number(file.split(' ')[1])).toBeLessThan((MAX_KB + 1) * 1024);

    await alarms.sql('UPDATE STATUS_PROCESS SET alarma = 0');
    expect((await alarms.raiseAndSettle('good')).alarma).toBe(0);
    const isFollowed = async (line: string) => (await host.read('/root/followed')).includes(line);
    const last = (await host.sh(`grep -h "good: alarm cleared" ${LOG} | tail -n 1`)).trim();
    await waitFor('the last line to reach tail -F', () => isFollowed(last));
    // A line of the middle: written by the run before the last, in a file that was rotated away since.
    const said = (await journal(host))
      .split('\n')
      .filter((line) => /INFO +monitor_service: started, pid/.test(line));
    expect(said).toHaveLength(4);
    for (const line of said) expect(await isFollowed(line)).toBe(true);
  });
});
