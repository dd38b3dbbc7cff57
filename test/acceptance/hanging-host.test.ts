import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { mountDeadInHost } from '../support/acceptance/dead-mount-of-host.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { installService, untilStreaming, writeConfig } from '../support/acceptance/install-service.js';
import { findOnly } from '../support/acceptance/processes.js';
import { showUnit } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const SERVICE = 'monitor_service.service';
const STATE = '/var/lib/monitor_service/state.json';
const DROP_IN = `/etc/systemd/system/${SERVICE}.d/dead-mount.conf`;
const SHUTDOWN_TIMEOUT_S = 2;
/** One more than the threads that Node.js has for files. */
const ON_MOUNT = ['dead1', 'dead2', 'dead3', 'dead4', 'dead5'];
const SECTIONS = {
  monitor: { shutdown_timeout: SHUTDOWN_TIMEOUT_S, max_parallel_restarts: 10 },
  'process.default': { restart_strategy: 'process', max_attempts: 1 },
};

describe('R33: the unit on a host with a dead mount', () => {
  let host: Host;
  let alarms: Alarms;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    for (const name of [...ON_MOUNT, 'well'])
      await host.sh(`install -D -m 0755 /bin/sleep /opt/acme/${name}`);
    // So that a test sees what it waits for.
    await host.write(DROP_IN, '[Service]\nWatchdogSec=5\n');
    await host.run('systemctl', 'daemon-reload');
    await installService(host, SECTIONS);
    await start('well', '/run/well.log');
  });
  afterAll(() => host?.stop());

  const start = (name: string, output: string) =>
    host.sh(`cd /; setsid /opt/acme/${name} infinity </dev/null >>${output} 2>&1 &`);
  const property = async (name: string): Promise<string> =>
    (await host.run('systemctl', 'show', '--value', `--property=${name}`, SERVICE)).trim();
  const program = (...args: string[]) => host.exec(['monitor_service', ...args]);

  async function untilNextSignOfLife(): Promise<void> {
    const before = Number(await property('WatchdogTimestampMonotonic'));
    await waitFor(
      'a sign of life',
      async () => Number(await property('WatchdogTimestampMonotonic')) > before,
    );
  }

  /** What systemd and the service say later comes behind it. */
  async function cursorOfJournal(): Promise<string> {
    const text = await host.run('journalctl', '--lines=1', '--output=cat', '--show-cursor', '--quiet');
    return text.split('-- cursor: ')[1]?.trim() ?? '';
  }

  async function untilSaid(cursor: string, text: string): Promise<void> {
    await waitFor(
      text,
      async () =>
        (
          await host.run('journalctl', `--unit=${SERVICE}`, `--after-cursor=${cursor}`, '--output=cat')
        ).includes(text),
      60_000,
    );
  }

  /** By the clock of systemd: from the stop of the unit to the end of its process. */
  async function stopAndMeasureSeconds(): Promise<number> {
    await host.run('systemctl', 'stop', SERVICE);
    const [began, ended] = [
      await property('ActiveExitTimestampMonotonic'),
      await property('ExecMainExitTimestampMonotonic'),
    ];
    return (Number(ended) - Number(began)) / 1e6;
  }

  it('answers other alarms, status and pause, writes its state and lives while five daemons write there, and ends in time', async () => {
    const mount = await mountDeadInHost(host, '/srv/dead');
    onTestFinished(() => mount.unmount());
    for (const name of ON_MOUNT) await start(name, `${mount.directory}/${name}`);
    const pid = await findOnly(host, '/opt/acme/well infinity');
    await mount.freeze();
    for (const name of ON_MOUNT) await alarms.raise(name);
    for (const name of ON_MOUNT)
      expect((await alarms.settled(name)).notes).toMatch(/^FAILED .*\/srv\/dead gives no answer/);
    expect(await alarms.raiseAndSettle('well')).toMatchObject({ alarma: 0 });
    expect(await findOnly(host, '/opt/acme/well infinity')).not.toBe(pid);
    for (const name of ON_MOUNT) await findOnly(host, `/opt/acme/${name} infinity`);
    expect((await program('pause', 'well', '--reason', 'dead mount')).exitCode).toBe(0);
    expect((await program('status')).stdout).toMatch(/well .*paused|paused.* well/s);
    await waitFor('the state', async () => (await host.read(STATE)).includes('dead mount'));
    const before = await showUnit(host, SERVICE);
    await untilNextSignOfLife();
    await untilNextSignOfLife();
    expect(await stopAndMeasureSeconds()).toBeLessThan(SHUTDOWN_TIMEOUT_S + 15);
    expect(await showUnit(host, SERVICE)).toMatchObject({
      result: 'success',
      invocationId: before.invocationId,
    });
    await host.run('systemctl', 'start', SERVICE);
    await untilStreaming(host);
    expect((await program('resume', 'well')).exitCode).toBe(0);
  });

  it('answers alarms and ends in time while its state file is there', async () => {
    const mount = await mountDeadInHost(host, '/srv/state');
    onTestFinished(() => mount.unmount());
    const state_file = `${mount.directory}/state.json`;
    await writeConfig(host, { ...SECTIONS, monitor: { ...SECTIONS.monitor, state_file } });
    await host.write(DROP_IN, '[Service]\nWatchdogSec=90\n');
    await host.run('systemctl', 'daemon-reload');
    await host.run('systemctl', 'restart', SERVICE);
    await untilStreaming(host);
    await mount.freeze();
    expect(await alarms.raiseAndSettle('well')).toMatchObject({ alarma: 0 });
    expect(await stopAndMeasureSeconds()).toBeLessThan(SHUTDOWN_TIMEOUT_S + 15);
  });

  it('says why it does not start, and gives no sign of life, while its state file is there', async () => {
    const mount = await mountDeadInHost(host, '/srv/state2');
    onTestFinished(() => mount.unmount());
    await host.run('systemctl', 'stop', SERVICE);
    const state = `${mount.directory}/state.json`;
    await writeConfig(host, { ...SECTIONS, monitor: { ...SECTIONS.monitor, state_file: state } });
    await mount.freeze();
    // It ends by a signal, because one of its threads waits for the file.
    const checked = await host.sh('monitor_service check --no-health || echo "not ready"');
    expect(checked).toMatch(/state_file +\/srv\/state2 gives no answer.*not ready$/ms);

    await host.write(DROP_IN, '[Service]\nWatchdogSec=5\n');
    await host.run('systemctl', 'daemon-reload');
    const cursor = await cursorOfJournal();
    await host.run('systemctl', 'start', '--no-block', SERVICE);
    await untilSaid(cursor, `${state}: no answer within 20 s; bring its mount back`);
    await mount.thaw();
    await untilStreaming(host);

    await untilNextSignOfLife();
    await mount.freeze();
    await untilSaid(cursor, 'Watchdog timeout');
    await mount.thaw();
    await untilStreaming(host);
  });
});
