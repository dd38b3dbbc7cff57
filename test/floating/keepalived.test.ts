import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../support/acceptance/host.js';
import { untilStreaming } from '../support/acceptance/install-service.js';
import { showUnit } from '../support/acceptance/unit-run.js';
import { blockOfPage, bootFloatingHosts, type FloatingHosts } from '../support/floating/floating-hosts.js';
import { waitFor } from '../support/restart/wait-for.js';

/** In the order of a bad day: each test begins where the one before has left the nodes. */
describe('the service under keepalived as docs/failover.md prints it, on two booted hosts', () => {
  let hosts: FloatingHosts;
  let first: Host;
  let second: Host;

  beforeAll(async () => {
    hosts = await bootFloatingHosts();
    [first, second] = hosts.nodes;
    const configuration = (await blockOfPage('vrrp_instance')).replace('eth0', 'host0');
    const dropIn = await blockOfPage('BindsTo=keepalived.service');
    for (const node of hosts.nodes) {
      await node.write('/etc/keepalived/keepalived.conf', configuration);
      await node.write('/etc/systemd/system/monitor_service.service.d/keepalived.conf', dropIn);
      await node.sh('systemctl daemon-reload; systemctl start my_daemon');
    }
    await first.run('systemctl', 'start', 'keepalived');
    await untilStreaming(first);
    await second.run('systemctl', 'start', 'keepalived');
  });
  afterAll(() => hosts?.stop());

  it('the node that has the address answers, and it alone', async () => {
    await expectAnswerOf(first, second);
  });

  it('a node whose interface fails stops the service, and the other one answers', async () => {
    await first.run('ip', 'link', 'set', 'host0', 'down');
    await expectAnswerOf(second, first);
  });

  it('it comes back as the standby', async () => {
    await first.run('ip', 'link', 'set', 'host0', 'up');
    await waitFor('the standby', async () =>
      /Entering BACKUP STATE\n?$/.test(await first.run('journalctl', '-u', 'keepalived', '-o', 'cat')),
    );
    await expectAnswerOf(second, first);
  });

  it('a keepalived that is stopped hands the service over', async () => {
    await second.run('systemctl', 'stop', 'keepalived');
    await expectAnswerOf(first, second);
    await second.run('systemctl', 'start', 'keepalived');
  });

  it('a keepalived that is killed takes the service with it', async () => {
    await first.run('systemctl', 'kill', '--signal=SIGKILL', 'keepalived');
    await expectAnswerOf(second, first);
  });

  it('a node that is switched off', async () => {
    await first.run('systemctl', 'restart', 'keepalived');
    await second.stop();
    await untilStreaming(first);
    const before = await runOf(first);
    expect(await hosts.alarms.raiseAndSettle('my_daemon')).toMatchObject({ alarma: 0 });
    expect(await runOf(first)).not.toBe(before);
  });

  async function expectAnswerOf(active: Host, standby: Host): Promise<void> {
    await untilStreaming(active);
    await waitFor('the standby to stop', async () => {
      const { activeState } = await showUnit(standby, 'monitor_service.service');
      return activeState === 'inactive';
    });
    const before = [await runOf(active), await runOf(standby)];
    expect(await hosts.alarms.raiseAndSettle('my_daemon')).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK /),
    });
    expect(await runOf(active)).not.toBe(before[0]);
    expect(await runOf(standby)).toBe(before[1]);
  }

  async function runOf(host: Host): Promise<string> {
    return (await showUnit(host, 'my_daemon.service')).invocationId;
  }
});
