import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { findServerPrograms } from '../../support/server-programs.js';
import type { ConfigSections } from '../../support/service/config-file.js';
import { allowRelays, grantOnRelay, type Relay, startRelay } from '../../support/service/relay.js';
import { openSceneOfTest, type Scene } from '../../support/service/scene.js';

const why = findServerPrograms().mariadb ? undefined : 'there is no MariaDB here';

describeWhere('relays, MariaDB', why, () => {
  let primary: PrivateServer;
  let relays: readonly [Relay, Relay];
  let scene: Scene;

  beforeAll(async () => {
    primary = await startPrivateServer({
      flavour: 'mariadb',
      extraArgs: ['--server-id=21', '--log-slave-updates'],
    });
    await allowRelays(primary);
    relays = await Promise.all([startRelay(primary, 31), startRelay(primary, 32)]);
  });
  afterAll(async () => {
    await Promise.all([primary?.stop(), ...(relays ?? []).map((relay) => relay.stop())]);
  });
  beforeEach(async () => {
    scene = await openSceneOfTest(primary, { processes: ['one', 'two', 'three'], hasRelays: true });
    await Promise.all(relays.map((relay) => grantOnRelay(relay, scene.database)));
  });

  /** On a busy machine a relay may be some seconds behind: for tests of what comes through it. */
  const patientlyThrough = (relay: Relay): ConfigSections => ({
    binlog: { ...through(relay).binlog, heartbeat: 5 },
  });
  const through = (...used: readonly Relay[]): ConfigSections => ({
    // A relay that is three heartbeats behind is a stream that is down.
    binlog: { host: used.map(({ server }) => `127.0.0.1:${server.port}`).join(', '), heartbeat: 1 },
  });

  it('R38: the stream comes from the relay, everything else from the primary, with the documented grants alone', async () => {
    const [relay] = relays;
    const daemon = await scene.watchCalmly(patientlyThrough(relay));
    await scene.database.raise('one');
    await daemon.waitForLine(/ one: alarm seen \(binlog\)/);
    await daemon.cleared('one');
    expect(await scene.fleet.restarts('one')).toBe(1);
    const { stream, database } = await scene.status();
    expect(stream).toMatchObject({
      state: 'streaming',
      relay: { server: `127.0.0.1:${relay.server.port}`, lagMs: expect.any(Number) },
    });
    expect(database).toMatchObject({ server: `127.0.0.1:${primary.port}` });
    // The dump, and the one that asks for columns.
    const sessions = (await relay.run('SHOW PROCESSLIST')) as { readonly User: string }[];
    expect(sessions.filter(({ User }) => User === scene.database.user)).toHaveLength(2);
    const { stdout, code } = await scene.run('check');
    expect(stdout).toMatch(/heartbeat +the event scheduler of the primary counts/);
    expect(stdout).toMatch(/may not read the binlog of the primary/);
    expect(stdout).toMatch(new RegExp(`127.0.0.1:${relay.server.port} +a relay, .*as new as the primary`));
    expect(code).toBe(0);
  });

  it('R38: a relay that stands still is left for the next one', async () => {
    const [first, second] = relays;
    const daemon = await scene.watch(through(first, second));
    await first.hold();
    onTestFinished(() => first.release());
    const lost = await daemon.waitForLine(
      new RegExp(
        `binlog stream lost: 127.0.0.1:${first.server.port}: the relay is \\d+ s behind the primary`,
      ),
    );
    await daemon.waitForLine(new RegExp(`watching the binlog of .*:${second.server.port} again`), {
      from: lost.index,
    });
    await scene.database.raise('one');
    await daemon.cleared('one');
  });

  it('R38: without a fresh relay the table is polled, and a relay that is back is used again', async () => {
    const [relay] = relays;
    const daemon = await scene.watch(through(relay));
    await relay.hold();
    onTestFinished(() => relay.release());
    const lost = await daemon.waitForLine(/binlog stream lost: .* s behind the primary/);
    await scene.database.raise('one');
    await daemon.waitForLine(/ one: alarm seen \(poll\)/, { from: lost.index });
    await daemon.cleared('one');
    await relay.release();
    await daemon.waitForLine(/watching the binlog of .* again/, { from: lost.index });
    expect(await scene.fleet.restarts('one')).toBe(1);
  });

  it('R38: relays that are killed: the next one, then polling, then the first that is back', async () => {
    const [first, second] = relays;
    const daemon = await scene.watch(through(first, second));
    await first.server.kill('SIGKILL');
    const lost = await daemon.waitForLine(/binlog stream lost: /);
    await daemon.waitForLine(new RegExp(`watching the binlog of .*:${second.server.port} again`), {
      from: lost.index,
    });
    await second.server.kill('SIGKILL');
    const none = await daemon.waitForLine(/binlog stream lost: /, { from: lost.index + 1 });
    await daemon.waitForLine(/no relay can be used: .*; check .* host and port in \[binlog\]/);
    await scene.database.raise('one');
    await daemon.waitForLine(/ one: alarm seen/, { from: none.index });
    await daemon.cleared('one');
    await Promise.all([first.server.start(), second.server.start()]);
    await Promise.all([first.run('START SLAVE'), second.run('START SLAVE')]);
    await daemon.waitForLine(/watching the binlog of .* again/, { from: none.index });
  });

  it('R38: a heartbeat that stands still on the primary is not the fault of the relay', async () => {
    const [relay, other] = relays;
    const daemon = await scene.watch(through(relay, other));
    await scene.database.query('ALTER EVENT fleet_heartbeat DISABLE');
    const lost = await daemon.waitForLine(
      /binlog stream lost: the heartbeat of the primary has stood still .*ALTER EVENT `\w+`\.fleet_heartbeat ENABLE/,
    );
    const { stdout, code } = await scene.run('check');
    expect(stdout).toMatch(/the heartbeat of the primary stands still: its event is disabled/);
    expect(code).toBe(1);
    await scene.database.raise('one');
    await daemon.cleared('one');
    expect(daemon.lines().slice(lost.index).join('\n')).not.toMatch(/the next one is tried/);
    await scene.database.query('ALTER EVENT fleet_heartbeat ENABLE');
    await daemon.waitForLine(/watching the binlog of .* again/, { from: lost.index });
  });

  it('R38: no heartbeat at all: polling, with what to do', async () => {
    const [relay] = relays;
    await scene.database.query('DROP EVENT fleet_heartbeat; RENAME TABLE FLEET_HEARTBEAT TO X');
    const daemon = await scene.launch(through(relay));
    await daemon.waitForLine(
      /the binlog cannot be watched: .*FLEET_HEARTBEAT.* run sql\/fleet-heartbeat.sql/,
    );
    await scene.database.raise('one');
    await daemon.cleared('one');
  });

  it('R38: a relay that tells a raise late, after a poll and its cycle: no second restart', async () => {
    const [relay] = relays;
    const daemon = await scene.watchCalmly({
      ...patientlyThrough(relay),
      monitor: { check_interval: 0.3 },
    });
    await relay.hold();
    await scene.database.raise('one');
    const cleared = await daemon.cleared('one');
    // The clear does not come back in time, so the health is checked once more; the raise comes after that.
    const checked = await daemon.waitForLine(/ one: checked once more/, { from: cleared.index });
    // A raise that comes before the end of that cycle gets a health check of its own.
    const ended = await daemon.waitForLine(/ one: nothing to clear/, { from: checked.index });
    await relay.release();
    await daemon.waitForLine(/ one: the relay told an alarm late/, { from: ended.index });
    await scene.database.raise('two');
    await daemon.cleared('two');
    expect(await scene.fleet.restarts('one')).toBe(1);
  });

  it('R38: a relay that is promoted is no fresh stream any more', async () => {
    const [promoted, other] = relays;
    const daemon = await scene.watch(through(promoted, other));
    await promoted.run('STOP SLAVE; SET GLOBAL read_only = OFF');
    onTestFinished(async () => void (await promoted.run('SET GLOBAL read_only = ON; START SLAVE')));
    const lost = await daemon.waitForLine(/binlog stream lost: .* s behind the primary/);
    await daemon.waitForLine(new RegExp(`watching the binlog of .*:${other.server.port} again`), {
      from: lost.index,
    });
    await scene.database.raise('one');
    await daemon.cleared('one');
  });
});
