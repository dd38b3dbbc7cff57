import type { ConnectionOptions } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { type DatabaseServer, isEnough } from '../../domain/database-server.js';
import { closedError, DatabaseError, toDatabaseError } from './database-error.js';
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
  readonly isClosed: () => boolean;
}

/**
 * The current server while it may write, else the first of the list that may, asked through new connections: what an
 * old one says may be said by a server that the address has left. If none may write: the current one, else the first
 * that answers.
 *
 * @throws DatabaseError if none answers, or if the connections were closed meanwhile.
 */
export async function findServer(hosts: readonly ServerHost[], search: Search): Promise<FoundServer> {
  const { current, takesAny, freshMs, isClosed } = search;
  const used = current && isEnough(current.server, takesAny) ? current : undefined;
  const inOrder = used ? [used.host, ...hosts.filter((host) => host !== used.host)] : hosts;
  const answered: FoundServer[] = [];
  const failures: { readonly place: string; readonly error: DatabaseError }[] = [];
  const choose = (chosen: FoundServer): FoundServer => {
    const isCurrent = current?.host === chosen.host && current.server.identity === chosen.server.identity;
    for (const each of answered) if (isCurrent || each !== chosen) each.connections.leave();
    return isCurrent ? { ...chosen, connections: current.connections } : chosen;
  };
  for (const host of inOrder) {
    if (isClosed()) break;
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
      const failure = toDatabaseError(error);
      failures.push({ place: describeServer(host.config), error: failure });
      // The server itself has said that it takes no further connection: those that it has may serve.
      if (host === used?.host && (failure.errno ?? 0) > 0 && (await stillServes(used))) return used;
    }
  }
  // A writable server that takes no further connection is still better than one that may only be read.
  if (used && !isClosed() && (await stillServes(used))) {
    for (const each of answered) each.connections.leave();
    return used;
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
  if (!first) throw closedError();
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
