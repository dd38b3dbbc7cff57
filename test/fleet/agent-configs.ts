import { join } from 'node:path';
import type { PrivateServer } from '../support/private-server.js';
import type { AlarmDatabase } from '../support/service/alarm-database.js';
import { type ConfigSections, writeConfigFile } from '../support/service/config-file.js';

/** Where the agents find their rows, and their stream. */
export interface AgentSource {
  readonly database: AlarmDatabase;
  /** Ports of `[database] host`. */
  readonly ports: readonly number[];
  /** None: the stream comes from the server of the statements. */
  readonly relays: readonly PrivateServer[];
}

export const hostName = (index: number): string => `host${String(index + 1).padStart(4, '0')}`;

export function configFile(folder: string, index: number): string {
  return join(folder, hostName(index), 'config.ini');
}

/** Writes the configuration of one host, which writes what it restarts into the FIFO `journal`. */
export async function writeAgentConfig(
  { folder, journal }: { readonly folder: string; readonly journal: string },
  index: number,
  { database, ports, relays }: AgentSource,
): Promise<void> {
  const { host: _, port: __, ...account } = database.section;
  const inTurn = relays.map(({ port }) => port);
  // Each second host prefers the other relay.
  if (index % 2 === 1) inTurn.reverse();
  const config: ConfigSections = {
    database: { ...account, host: placesOf(ports) },
    monitor: { host_id: hostName(index), check_interval: 60, fallback_interval: 2 },
    binlog: { heartbeat: 2, ...(relays.length > 0 && { host: placesOf(inTurn) }) },
    logging: { level: 'INFO' },
    'process.default': {
      restart_command: `echo "${hostName(index)} %s" > ${journal}`,
      health_check_command: 'exit 0',
    },
  };
  await writeConfigFile(configFile(folder, index), join(folder, hostName(index)), config);
}

function placesOf(ports: readonly number[]): string {
  return ports.map((port) => `127.0.0.1:${port}`).join(', ');
}
