import type { ConnectionOptions } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { type DatabaseServer, isEnough } from '../../domain/database-server.js';
import { DatabaseError, toDatabaseError } from './database-error.js';
import { suits, toServer } from './judge-answer.js';
import { describeServer } from './local-socket.js';
import { ServerConnections } from './server-connections.js';

/** One address of the list. */
export interface ServerHost {
  readonly config: DatabaseConfig;
  readonly options: ConnectionOptions;
}

/** A server that has answered, and the connections to it. */
export interface FoundServer {
  readonly host: ServerHost;
  readonly connections: ServerConnections;
  readonly server: DatabaseServer;
}

interface Search {
  /** The server in use. Where it is still the best, its connections are kept. */
  readonly current: FoundServer | undefined;
  readonly takesAny: boolean;
  readonly freshMs: () => number;
}

/**
 * The first server of the list that may write, asked through new connections: what an old one says may be said by a server
 * that the address has left. If none may write: the current one, else the first that answers.
 *
 * @throws DatabaseError if none answers.
 */
export async function findServer(hosts: readonly ServerHost[], search: Search): Promise<FoundServer> {
  const { current, takesAny, freshMs } = search;
  const answered: FoundServer[] = [];
  const failures: { readonly place: string; readonly error: DatabaseError }[] = [];
  const choose = (chosen: FoundServer): FoundServer => {
    const isCurrent = current?.host === chosen.host && current.server.identity === chosen.server.identity;
    for (const each of answered) if (isCurrent || each !== chosen) each.connections.leave();
    return isCurrent ? { ...chosen, connections: current.connections } : chosen;
  };
  for (const host of hosts) {
    const connections = new ServerConnections(host.options, freshMs);
    try {
      const { connection, answer } = await connections.lend({ anyway: true });
      connection.release();
      if (answer === undefined) throw new Error('a server that is asked anyway has answered');
      const found = { host, connections, server: toServer(describeServer(host.config), answer) };
      answered.push(found);
      if (isEnough(found.server, takesAny)) return choose(found);
    } catch (error) {
      connections.leave();
      failures.push({ place: describeServer(host.config), error: toDatabaseError(error) });
    }
  }
  // A writable server that takes no further connection is still better than one that may only be read.
  if (current && isEnough(current.server, takesAny) && (await stillServes(current))) {
    for (const each of answered) each.connections.leave();
    return current;
  }
  const readable = answered.filter(({ server }) => server.hasQuorum);
  const candidates = readable.length > 0 ? readable : answered;
  const isCurrent = ({ server }: FoundServer): boolean => server.identity === current?.server.identity;
  const chosen = candidates.find(isCurrent) ?? candidates[0];
  if (chosen) return choose(chosen);
  throw describeFailures(failures);
}

async function stillServes({ connections, server }: FoundServer): Promise<boolean> {
  try {
    const { connection, answer } = await connections.lend({ anyway: true });
    connection.release();
    return answer !== undefined && suits(server, answer);
  } catch {
    return false;
  }
}

function describeFailures(
  failures: readonly { readonly place: string; readonly error: DatabaseError }[],
): DatabaseError {
  const [first] = failures;
  if (!first) throw new Error('a list of servers is never empty');
  const { error } = first;
  if (failures.length === 1) return error;
  const each = failures.map(({ place, error: { message } }) => `${place}: ${message}`).join('; ');
  return new DatabaseError(`no server of the list can be used: ${each}`, {
    ...(error.code !== undefined && { code: error.code }),
    ...(error.errno !== undefined && { errno: error.errno }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    retryable: failures.some((failure) => failure.error.retryable),
    cause: error.cause,
  });
}
