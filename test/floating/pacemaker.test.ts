import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../support/acceptance/host.js';
import { untilStreaming } from '../support/acceptance/install-service.js';
import { showUnit } from '../support/acceptance/unit-run.js';
import { blockOfPage, bootFloatingHosts, type FloatingHosts } from '../support/floating/floating-hosts.js';
import { waitFor } from '../support/restart/wait-for.js';

const COROSYNC = `totem {
  version: 2
  cluster_name: floating
  transport: knet
  crypto_cipher: none
  crypto_hash: none
}
nodelist {
  node {
    name: node1
    nodeid: 1
    ring0_addr: 192.0.2.1
  }
  node {
    name: node2
    nodeid: 2
    ring0_addr: 192.0.2.2
  }
}
quorum {
  provider: corosync_votequorum
  two_node: 1
}
logging {
  to_syslog: yes
}
`;

/** In the order of a bad day: each test begins where the one before has left the nodes. There is nothing to fence them with. */
describe('the service under Pacemaker as docs/failover.md prints it, on two booted hosts', () => {
  let hosts: FloatingHosts;
  let first: Host;
  let second: Host;

  beforeAll(async () => {
    hosts = await bootFloatingHosts();
    [first, second] = hosts.nodes;
    for (const node of hosts.nodes) {
      await node.write('/etc/corosync/corosync.conf', COROSYNC);
      await node.run('systemctl', 'start', '--no-block', 'corosync', 'pacemaker');
    }
    await waitFor('both nodes in the cluster', async () =>
      /Online: \[ node1 node2 \]/.test((await first.exec(['pcs', 'status'])).stdout),
    );
    await first.sh(`pcs property set stonith-enabled=false
      pcs resource create address ocf:heartbeat:IPaddr2 ip=192.0.2.100 cidr_netmask=24
      pcs resource create my_daemon systemd:my_daemon
      pcs constraint location my_daemon prefers node1=1
      ${await blockOfPage('pcs resource create monitor_service')}`);
  });
  afterAll(() => hosts?.stop());

  it('the node that has the group answers, and a restart is no failure to Pacemaker', async () => {
    await expectAnswerOf(first, second);
    expect(await first.run('pcs', 'resource', 'failcount', 'show')).toMatch(/No failcounts/);
  });

  it('a service that is killed comes back, by Pacemaker, which keeps systemd from it', async () => {
    expect(await first.run('systemctl', 'show', '--property=Restart', 'monitor_service')).toBe(
      'Restart=no\n',
    );
    await first.run('systemctl', 'kill', '--signal=SIGKILL', 'monitor_service');
    await waitFor('its end', async () => (await showUnit(first, 'monitor_service.service')).mainPid === 0);
    await expectAnswerOf(first, second);
  });

  it('a node in standby hands the service over', async () => {
    await first.run('pcs', 'node', 'standby', 'node1');
    await expectAnswerOf(second, first);
    await first.run('pcs', 'node', 'unstandby', 'node1');
    await expectAnswerOf(first, second);
  });

  it('a node that is switched off', async () => {
    await first.stop();
    await untilStreaming(second);
    const before = await runOf(second);
    expect(await hosts.alarms.raiseAndSettle('my_daemon')).toMatchObject({ alarma: 0 });
    expect(await runOf(second)).not.toBe(before);
  });

  async function expectAnswerOf(active: Host, standby: Host): Promise<void> {
    await untilStreaming(active);
    expect(await showUnit(standby, 'monitor_service.service')).toMatchObject({ activeState: 'inactive' });
    expect(await showUnit(standby, 'my_daemon.service')).toMatchObject({ activeState: 'inactive' });
    const before = await runOf(active);
    expect(await hosts.alarms.raiseAndSettle('my_daemon')).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK /),
    });
    expect(await runOf(active)).not.toBe(before);
  }

  async function runOf(host: Host): Promise<string> {
    return (await showUnit(host, 'my_daemon.service')).invocationId;
  }
});
