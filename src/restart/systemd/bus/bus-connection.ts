import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Message, MessageBus } from '@jellybrick/dbus-next';
import { Subject } from 'rxjs';
import { describeError } from '../../../domain/errors.js';
import { BusLostError, BusUnreachableError, NoAnswerError, SystemdRefusal } from './bus-errors.js';

interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
}

/** A signal from the bus. Any user of the host may send us one; `sender` says who did. */
export interface BusSignal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

/** The bus allows a connection 128 calls without an answer. Further calls wait here, in order. */
const MAX_PENDING_CALLS = 100;

/** The bus answers in a millisecond itself, also when who was called does not. */
const BUS_TIMEOUT_MS = 1000;
const ASK_BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'GetId',
};

/** One connection to the system bus, from its handshake to its end. It does not keep this process alive. */
export class BusConnection {
  /** Completes when the connection has ended. */
  readonly signals = new Subject<BusSignal>();
  readonly #lost = new AbortController();
  #pendingCalls = 0;
  readonly #waitingCalls: (() => void)[] = [];
  /** Fails each call that has no answer yet. */
  readonly #unanswered = new Set<(reason: unknown) => void>();
  #asking: Promise<void> | undefined;

  private constructor(
    private readonly library: typeof import('@jellybrick/dbus-next'),
    private readonly bus: MessageBus,
  ) {}

  /** Connects and says hello. Throws BusUnreachableError. */
  static async open(timeoutMs: number): Promise<BusConnection> {
    const library = await import('@jellybrick/dbus-next');
    const bus = library.systemBus();
    const connection = new BusConnection(library, bus);
    connection.#listen();
    await connection.#untilConnected(timeoutMs);
    return connection;
  }

  /** Is aborted with a BusLostError when the connection has ended. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Calls a method and resolves to the body of its answer. If the bus itself hangs at the deadline, the connection ends.
   *
   * @throws SystemdRefusal if the answer is an error, NoAnswerError at the deadline, BusLostError
   */
  call(call: MethodCall, timeoutMs: number): Promise<readonly unknown[]> {
    // A storm makes thousands of calls: no AbortSignal listener and no Promise.race for each.
    return new Promise((resolve, reject) => {
      if (this.lost.aborted) {
        reject(this.lost.reason);
        return;
      }
      const forget = (): void => {
        clearTimeout(timer);
        this.#unanswered.delete(fail);
      };
      const fail = (error: unknown): void => {
        forget();
        reject(this.#asOurs(error));
      };
      const giveUp = (): void => fail(new NoAnswerError(call.member, timeoutMs));
      const timer = setTimeout(() => void this.#untilBusAnswers().then(giveUp), timeoutMs);
      this.#unanswered.add(fail);
      this.#send(call, () => this.#unanswered.has(fail)).then((reply) => {
        forget();
        resolve(reply?.body ?? []);
      }, fail);
    });
  }

  /** Ends the connection. Every call without an answer fails with this reason. */
  end(reason: string, cause?: unknown): void {
    if (this.#lost.signal.aborted) return;
    const lost = new BusLostError(reason, cause);
    this.#lost.abort(lost);
    for (const fail of [...this.#unanswered]) fail(lost);
    this.bus.disconnect();
    socketOf(this.bus)?.destroy();
    this.signals.complete();
  }

  async #send(call: MethodCall, isWanted: () => boolean): Promise<Message | null> {
    if (this.#pendingCalls >= MAX_PENDING_CALLS) {
      // A call that has its answer passes its turn on, so the count stays.
      await new Promise<void>((resolve) => this.#waitingCalls.push(resolve));
    } else {
      this.#pendingCalls += 1;
    }
    try {
      // Given up while it waited for its turn: systemd must not get it long after its cycle.
      if (!isWanted()) return null;
      this.#writeTogether();
      return await this.bus.call(new this.library.Message(call));
    } finally {
      const next = this.#waitingCalls.shift();
      if (next) next();
      else this.#pendingCalls -= 1;
    }
  }

  /** Ends the connection if the bus gives no answer. Sent at once, because the calls before it may have none either. */
  #untilBusAnswers(): Promise<void> {
    this.#asking ??= new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.end('the bus does not answer'), BUS_TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        this.lost.removeEventListener('abort', done);
        this.#asking = undefined;
        resolve();
      };
      this.lost.addEventListener('abort', done);
      this.bus.call(new this.library.Message(ASK_BUS)).then(done, done);
    });
    return this.#asking;
  }

  /** Calls of the same moment are sent in one write, so the bus wakes up once. */
  #writeTogether(): void {
    const socket = socketOf(this.bus);
    if (!socket || socket.writableCorked > 0) return;
    socket.cork();
    process.nextTick(() => socket.uncork());
  }

  #listen(): void {
    // Without a listener, an error of the connection would end this process.
    (this.bus as EventEmitter).on('error', (error) => this.end(describeError(error), error));
    this.bus.on('message', (message) => this.#hear(message));
    // The library reports errors, but not that the other side has closed the connection.
    connectionOf(this.bus)?.on('end', () => this.end('the bus has closed it'));
  }

  #hear({ type, sender, path, interface: name, member, body }: Message): void {
    if (type !== this.library.MessageType.SIGNAL) return;
    this.signals.next({ sender, path, interface: name, member, body });
  }

  async #untilConnected(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.end(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.bus.once('connect', resolve);
        this.lost.addEventListener('abort', () => reject(this.lost.reason), { once: true });
      });
      socketOf(this.bus)?.unref();
    } catch (error) {
      const cause = error instanceof BusLostError ? (error.cause ?? error) : error;
      throw new BusUnreachableError(describeError(cause), cause);
    } finally {
      clearTimeout(timer);
    }
  }

  #asOurs(error: unknown): unknown {
    if (error instanceof this.library.DBusError) {
      // systemd left the bus before it answered.
      if (error.type === 'org.freedesktop.DBus.Error.NoReply') return new BusLostError(error.text, error);
      return new SystemdRefusal(error.type, error.text);
    }
    if (error instanceof NoAnswerError || error instanceof BusLostError) return error;
    return new BusLostError(describeError(error), error);
  }
}

type InnerConnection = EventEmitter & { readonly stream?: Socket };

function connectionOf(bus: MessageBus): InnerConnection | undefined {
  return (bus as unknown as { readonly _connection?: InnerConnection })._connection;
}

function socketOf(bus: MessageBus): Socket | undefined {
  return connectionOf(bus)?.stream;
}
