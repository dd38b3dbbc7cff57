import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Alarms } from '../acceptance/alarms.js';
import { bootHost, type Host } from '../acceptance/host.js';
import { copyFiles, prepareDatabase, writeConfig } from '../acceptance/install-service.js';
import { writeUnits } from '../acceptance/unit-run.js';

const PAGE = fileURLToPath(new URL('../../../docs/failover.md', import.meta.url));
/** Of the network that the page uses. */
const DATABASE = '192.0.2.3';
const NODES = ['192.0.2.1', '192.0.2.2'] as const;
/** IFF_UP, IFF_BROADCAST and IFF_MULTICAST. */
const UP_AND_MULTICAST = '0x1003';
const DAEMON = '[Service]\nExecStart=/bin/sleep infinity\n';

/** Two hosts between which the service floats, and a third one with the database, on one network. */
export interface FloatingHosts {
  readonly alarms: Alarms;
  readonly nodes: readonly [Host, Host];
  stop(): Promise<void>;
}

/** Boots them. The service is installed on both nodes and runs on none; my_daemon is its only process. */
export async function bootFloatingHosts(): Promise<FloatingHosts> {
  const booted: Host[] = [];
  const zone = `mon${process.pid}`;
  const boot = async (address: string): Promise<Host> => {
    const host = await bootHost({ zone });
    booted.push(host);
    // systemd-nspawn leaves it to systemd-networkd of this machine to switch on the bridge.
    await writeFile(`/sys/class/net/vz-${zone}/flags`, UP_AND_MULTICAST);
    await host.sh(`ip address add ${address}/24 dev host0; ip link set host0 up`);
    await copyFiles(host);
    return host;
  };
  const stop = async (): Promise<void> => {
    for (const host of booted) await host.stop();
  };
  try {
    const database = await boot(DATABASE);
    await prepareDatabase(database);
    await database.write('/etc/mysql/mariadb.conf.d/91-network.cnf', '[mariadbd]\nbind-address = 0.0.0.0\n');
    await database.sh(`systemctl restart mariadb
      mariadb -e "RENAME USER monitor_service@localhost TO monitor_service@'192.0.2.%'"`);
    const nodes = [await boot(NODES[0]), await boot(NODES[1])] as const;
    for (const [index, node] of nodes.entries()) {
      await node.sh(
        `systemctl stop mariadb; echo node${index + 1} >/etc/hostname; hostname node${index + 1}`,
      );
      await writeConfig(node, { database: { host: DATABASE, ssl_mode: 'disabled' } });
      await writeUnits(node, { 'my_daemon.service': DAEMON });
    }
    return { alarms: new Alarms(database), nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first block of docs/failover.md in which `text` stands, as it is printed there. */
export async function blockOfPage(text: string): Promise<string> {
  const blocks = (await readFile(PAGE, 'utf8')).matchAll(/^```\w*\n(.*?)^```$/gms);
  const block = [...blocks].map(([, content = '']) => content).find((content) => content.includes(text));
  if (block === undefined) throw new Error(`docs/failover.md prints no block with ${text}`);
  return block;
}
