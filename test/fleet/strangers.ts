import type { Connection } from 'mysql2/promise';
import type { PrivateServer } from '../support/private-server.js';
import type { AlarmDatabase } from '../support/service/alarm-database.js';

/** On each server. */
export const STRANGERS = 4;

/** Idle sessions of the same account that nobody may end: a KILL in the wrong place would hit them. */
export class Strangers {
  readonly #sessions: { readonly server: PrivateServer; readonly connection: Connection; isGone: boolean }[] =
    [];

  async open(servers: readonly PrivateServer[], { user, password }: AlarmDatabase): Promise<void> {
    for (const server of servers) {
      for (let count = 0; count < STRANGERS; count += 1) {
        const session = { server, connection: await server.connect({ user, password }), isGone: false };
        const gone = (): void => {
          session.isGone = true;
        };
        session.connection.on('error', gone);
        this.#sessions.push(session);
      }
    }
  }

  /** The sessions on these servers end with a fault of ours. */
  forget(servers: readonly PrivateServer[]): void {
    for (const { server, connection } of this.#sessions) if (servers.includes(server)) connection.destroy();
    const left = this.#sessions.filter(({ server }) => !servers.includes(server));
    this.#sessions.splice(0, this.#sessions.length, ...left);
  }

  /** How many there are, and how many of them somebody has ended. */
  async count(): Promise<{ readonly open: number; readonly ended: number }> {
    const answers = await Promise.allSettled(
      this.#sessions.map(({ connection }) => connection.query('DO 1')),
    );
    const ended = answers.filter(
      ({ status }, index) => status === 'rejected' || this.#sessions[index]?.isGone,
    );
    return { open: this.#sessions.length, ended: ended.length };
  }

  close(): void {
    for (const { connection } of this.#sessions) connection.destroy();
  }
}
