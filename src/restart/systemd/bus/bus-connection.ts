import { setMaxListeners } from 'node:events';
import { Subject } from 'rxjs';
import { describeError } from '../../../domain/errors.js';
import { UNIT_PROPERTIES } from '../unit-properties.js';
import { BusLostError, BusUnreachableError, NoAnswerError, SystemdRefusal } from './bus-errors.js';
import {
  decodeMessage,
  ERROR,
  encodeCall,
  METHOD_RETURN,
  type MethodCall,
  type ReceivedMessage,
  SIGNAL,
} from './wire/message.js';
import { MessageSocket } from './wire/message-socket.js';

/** A signal of the bus itself, or of a sender that is listened to. */
export interface BusSignal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

interface PendingCall {
  readonly call: MethodCall;
  readonly resolve: (body: readonly unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The bus itself, as a destination and as a sender. */
export const BUS = 'org.freedesktop.DBus';

/** The bus allows a connection 128 calls without an answer. Further calls wait here, in order. */
const MAX_PENDING_CALLS = 100;

/** systemd tells a hundred properties at once, of which only these are read. */
const WANTED = new Set(Object.values(UNIT_PROPERTIES).map(({ name }) => name));

/** One connection to the system bus, from its handshake to its end. It does not keep this process alive. */
export class BusConnection {
  readonly signals = new Subject<BusSignal>();
  readonly #lost = new AbortController();
  readonly #socket: MessageSocket;
  readonly #listenedTo = new Set([BUS]);
  #lastSerial = 0;
  /** Calls that have no answer yet, by serial. One whose deadline is over stays: the bus still counts it. */
  readonly #sent = new Map<number, PendingCall>();
  readonly #waiting = new Set<PendingCall>();

  private constructor() {
    // Everything that waits for a signal listens: hundreds in a storm.
    setMaxListeners(0, this.#lost.signal);
    this.#socket = new MessageSocket({
      onMessage: (bytes) => this.#receive(decodeMessage(bytes, WANTED)),
      onEnd: (reason, cause) => this.end(reason, cause),
    });
  }

  /** Connects and says hello. Throws BusUnreachableError. */
  static async open(timeoutMs: number): Promise<BusConnection> {
    const connection = new BusConnection();
    const timer = setTimeout(() => connection.end(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    try {
      await connection.call(busCall('Hello'), timeoutMs);
      connection.#socket.unref();
      return connection;
    } catch (error) {
      connection.end(describeError(error), error);
      const cause = error instanceof BusLostError ? (error.cause ?? error) : error;
      throw new BusUnreachableError(describeError(cause), cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Is aborted with a BusLostError when the connection has ended. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Any user of the host may send us signals. Those of this sender are heard from now on, by its unique name. */
  listenTo(sender: string): void {
    this.#listenedTo.add(sender);
  }

  /**
   * Calls a method and resolves to the body of its answer.
   *
   * @throws SystemdRefusal if the answer is an error, NoAnswerError at the deadline, BusLostError
   */
  call(call: MethodCall, timeoutMs: number): Promise<readonly unknown[]> {
    // A storm makes thousands of calls: no AbortSignal listener and no Promise.race for each.
    return new Promise((resolve, reject) => {
      if (this.lost.aborted) return reject(this.lost.reason);
      const timer = setTimeout(() => {
        // What nobody waits for any more is not begun.
        this.#waiting.delete(pending);
        reject(new NoAnswerError(call.member, timeoutMs));
      }, timeoutMs);
      const pending: PendingCall = {
        call,
        resolve: (body) => {
          clearTimeout(timer);
          resolve(body);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      if (this.#sent.size < MAX_PENDING_CALLS) this.#send(pending);
      else this.#waiting.add(pending);
    });
  }

  /** Calls a method whose answer nobody needs: none is sent, so neither the bus nor this process works for it. */
  tell(call: MethodCall): void {
    if (!this.lost.aborted) this.#socket.send(encodeCall(call, this.#nextSerial(), false));
  }

  /** Ends the connection. Every call without an answer fails with this reason. */
  end(reason: string, cause?: unknown): void {
    if (this.lost.aborted) return;
    const lost = new BusLostError(reason, cause);
    this.#lost.abort(lost);
    this.#socket.close();
    for (const { reject } of [...this.#sent.values(), ...this.#waiting]) reject(lost);
    this.#sent.clear();
    this.#waiting.clear();
    this.signals.complete();
  }

  #send(pending: PendingCall): void {
    try {
      const serial = this.#nextSerial();
      const bytes = encodeCall(pending.call, serial, true);
      this.#sent.set(serial, pending);
      this.#socket.send(bytes);
    } catch (error) {
      pending.reject(error);
    }
  }

  /** From 1 to the largest uint32, then again. */
  #nextSerial(): number {
    this.#lastSerial = (this.#lastSerial % 0xffffffff) + 1;
    return this.#lastSerial;
  }

  #receive(message: ReceivedMessage): void {
    if (message.type === SIGNAL) {
      const { sender, path, interface: name, member } = message;
      if (this.#listenedTo.has(sender))
        this.signals.next({ sender, path, interface: name, member, body: message.body() });
      return;
    }
    if (message.type !== METHOD_RETURN && message.type !== ERROR) return;
    const pending = this.#sent.get(message.replySerial);
    if (!pending) return;
    this.#sent.delete(message.replySerial);
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      this.#send(next);
    }
    this.#answer(pending, message);
  }

  #answer(pending: PendingCall, message: ReceivedMessage): void {
    try {
      const body = message.body();
      if (message.type === METHOD_RETURN) pending.resolve(body);
      else pending.reject(errorOf(message.errorName, typeof body[0] === 'string' ? body[0] : ''));
    } catch (error) {
      pending.reject(new BusLostError(describeError(error), error));
      throw error;
    }
  }
}

/** A call of the bus itself. */
export function busCall(member: string, signature = '', body: readonly unknown[] = []): MethodCall {
  return { destination: BUS, path: '/org/freedesktop/DBus', interface: BUS, member, signature, body };
}

function errorOf(name: string, text: string): Error {
  // systemd left the bus before it answered.
  if (name === 'org.freedesktop.DBus.Error.NoReply') return new BusLostError(text);
  return new SystemdRefusal(name, text);
}
