import type { Connection } from 'mysql2';
import { BinlogError } from '../../domain/alarm/binlog-signal.js';
import { askWhichServer, type ServerAnswer } from '../connection/server-question.js';
import { streamOf } from '../connection/stream-of.js';

interface StreamServerOptions {
  readonly instance?: string | undefined;
  readonly onOtherServer?: () => void;
}

interface Asked {
  readonly connection: Connection;
  answer?: ServerAnswer;
}

/** How long the KILL of a dump thread may take, ms. */
const KILL_TIMEOUT_MS = 1000;
const REMEDY =
  'name the servers themselves in [database] host, or let the balancer keep all connections of a client at one server';

/**
 * Makes sure that both connections of one stream lead to one server, the one that the statements use (R37). Behind a
 * balancer they may not: the rows of one server would be read with the columns of another, and a KILL would end the
 * session of somebody else. Each server is asked before anything else is sent to it, so the answers are there before
 * the dump begins.
 */
export class StreamServer {
  #control: Asked | undefined;
  #dump: Asked | undefined;
  #isWrong = false;

  constructor(
    private readonly options: StreamServerOptions,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Called with each control connection, as soon as there is one. Only the latest counts. */
  addControl(connection: Connection): void {
    const asked: Asked = { connection };
    this.#control = asked;
    this.#ask(asked);
    streamOf(connection)?.once('close', () => {
      if (this.#control === asked) this.#control = undefined;
    });
  }

  addDump(connection: Connection): void {
    this.#dump = { connection };
    this.#ask(this.#dump);
  }

  /** The thread has ended with its connection, and its id may belong to another session by now. */
  dumpEnded(): void {
    this.hideThread();
    this.#dump = undefined;
  }

  /** zongji then sends no KILL of its own. */
  hideThread(): void {
    if (this.#dump) Reflect.set(this.#dump.connection, 'threadId', null);
  }

  /**
   * Ends the dump thread, which would outlive its connection until the next heartbeat. Only through a connection to the
   * same server, and only by the id that the server itself has given: otherwise it might be the session of somebody
   * else.
   */
  killDump(done: () => void): void {
    const { connection, answer: control } = this.#control ?? {};
    const dump = this.#dump?.answer;
    if (!connection || !control || !dump || control.instance !== dump.instance) {
      done();
      return;
    }
    const timer = setTimeout(done, KILL_TIMEOUT_MS);
    connection.query(`KILL ${dump.connectionId}`, () => {
      clearTimeout(timer);
      done();
    });
  }

  #ask(asked: Asked): void {
    askWhichServer(asked.connection.promise())
      .then((answer) => {
        asked.answer = answer;
        this.#compare();
      })
      .catch(this.fail);
  }

  #compare(): void {
    if (this.#isWrong) return;
    const control = this.#control?.answer;
    const dump = this.#dump?.answer;
    const { instance, onOtherServer } = this.options;
    for (const answer of [control, dump]) {
      if (answer === undefined || instance === undefined || answer.instance === instance) continue;
      onOtherServer?.();
      this.#failBecause(
        `the stream reached another server than the statements, server_id ${answer.serverId}`,
      );
      return;
    }
    if (!control || !dump || control.instance === dump.instance) return;
    const ids = `server_id ${control.serverId} and ${dump.serverId}`;
    this.#failBecause(`the two connections of the stream reached two servers, ${ids}`);
  }

  #failBecause(message: string): void {
    this.#isWrong = true;
    this.fail(new BinlogError(message, { remedy: REMEDY }));
  }
}
