import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.js';
import { freePort } from './free-port.js';

/** Where Debian's package galera-4 and that of RHEL put it, and where it may be put by hand. */
const PLACES = [
  '/usr/lib/galera/libgalera_smm.so',
  '/usr/lib64/galera-4/libgalera_smm.so',
  join(cacheDirectory(), 'galera', 'libgalera_smm.so'),
];

/** The library that makes a MariaDB server a Galera node; undefined if this machine has none. */
export function findGalera(): string | undefined {
  return [process.env.MONITOR_TEST_GALERA, ...PLACES].find((path) => path && existsSync(path));
}

/** Further options of a server that is a cluster of one node. */
export async function galeraArguments(library: string): Promise<string[]> {
  const port = await freePort();
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${library}`,
    '--wsrep-cluster-address=gcomm://',
    `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${port};gcache.size=8M;pc.wait_prim=no`,
    '--wsrep-node-address=127.0.0.1',
    '--wsrep-sst-method=skip',
    '--innodb-autoinc-lock-mode=2',
    '--log-slave-updates',
  ];
}

/** Makes the node look for a cluster that is not there, as one that was cut off from its own: it has no quorum. */
export const LOSE_QUORUM = "SET GLOBAL wsrep_cluster_address = 'gcomm://127.0.0.1:1'";
/** Makes it a cluster of one node again. */
export const REGAIN_QUORUM = "SET GLOBAL wsrep_cluster_address = 'gcomm://'";
