import { type PrivateServer, randomPassword, startPrivateServer } from '../private-server.js';
import { waitFor } from '../restart/wait-for.js';
import { freePort } from './free-port.js';

/** Three real Galera nodes on this machine. Any of them may write, and two are a quorum. */
export interface GaleraCluster {
  readonly nodes: readonly [PrivateServer, PrivateServer, PrivateServer];
  /** Runs statements as root on a connection of their own. */
  on(node: PrivateServer, sql: string): Promise<Record<string, unknown>[]>;
  /** Cuts a node off from the others as a broken network does; its clients reach it all the same. It loses its quorum. */
  isolate(node: PrivateServer): Promise<void>;
  /** The network is whole again. Waits until the node has what the others wrote meanwhile. */
  rejoin(node: PrivateServer): Promise<void>;
  stop(): Promise<void>;
}

const FIRST_SERVER_ID = 21;

/** @param library See `findGalera`. @param more Further options of each node. */
export async function startGaleraCluster(
  library: string,
  more: readonly string[] = [],
): Promise<GaleraCluster> {
  const rootPassword = randomPassword();
  const ports: [number, number, number] = [await freePort(), await freePort(), await freePort()];
  const start = async (index: number, state?: string): Promise<PrivateServer> => {
    const own = await nodeArguments(library, ports, index);
    const node = await startPrivateServer({
      ...{ flavour: 'mariadb', rootPassword },
      extraArgs: [...own, ...(state === undefined ? ['--wsrep-new-cluster'] : []), ...more],
      ...(state !== undefined && { dataFiles: { 'grastate.dat': state } }),
    });
    await untilSynced(node);
    return node;
  };
  // One after the other: the first one is the cluster that the others join. All begin with the same data, and nothing is written
  // yet, so that nothing has to be copied: a node is told the state of the first one as its own.
  const first = await start(0);
  const second = await start(1, await stateOf(first));
  const nodes = [first, second, await start(2, await stateOf(first))] as const;
  return {
    nodes,
    on,
    isolate: async (node) => void (await on(node, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")),
    async rejoin(node) {
      await on(node, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
      await untilSynced(node);
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

async function nodeArguments(library: string, ports: readonly number[], index: number): Promise<string[]> {
  const port = ports[index];
  const options = [
    `base_port=${port}`,
    `gmcast.listen_addr=tcp://127.0.0.1:${port}`,
    `ist.recv_addr=127.0.0.1:${await freePort()}`,
    'gcache.size=8M',
  ];
  return [
    `--server-id=${FIRST_SERVER_ID + index}`,
    '--wsrep-on=ON',
    `--wsrep-provider=${library}`,
    `--wsrep-cluster-address=gcomm://${ports.map((each) => `127.0.0.1:${each}`).join(',')}`,
    `--wsrep-provider-options=${options.join(';')}`,
    `--wsrep-node-address=127.0.0.1:${port}`,
    // Never used, and not there: who was away gets what the others have kept, while it runs.
    '--wsrep-sst-method=rsync',
    '--innodb-autoinc-lock-mode=2',
    '--log-slave-updates',
  ];
}

/** What a node writes down at its end: of which cluster it is, and the number of the last change that it has. */
async function stateOf(node: PrivateServer): Promise<string> {
  const rows = await on(
    node,
    "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_state_uuid', 'wsrep_last_committed')",
  );
  const values = new Map(rows.map(({ Variable_name, Value }) => [String(Variable_name), String(Value)]));
  return [
    'version: 2.1',
    `uuid: ${values.get('wsrep_cluster_state_uuid')}`,
    `seqno: ${values.get('wsrep_last_committed')}`,
    'safe_to_bootstrap: 0',
    '',
  ].join('\n');
}

async function untilSynced(node: PrivateServer): Promise<void> {
  await waitFor('the node to be synced', async () => {
    const rows = await on(node, "SHOW STATUS WHERE Variable_name = 'wsrep_local_state_comment'");
    return rows[0]?.Value === 'Synced';
  });
}

async function on(node: PrivateServer, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await node.connect({ multipleStatements: true });
  try {
    return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}
