import { filter, Observable } from 'rxjs';
import { describeError } from '../../../domain/errors.js';
import { BusConnection, type BusSignal } from './bus-connection.js';
import { BusLostError, BusUnreachableError, SystemdRefusal } from './bus-errors.js';
import { MatchRules } from './match-rules.js';

const BUS = 'org.freedesktop.DBus';
const SYSTEMD = 'org.freedesktop.systemd1';
export const MANAGER_INTERFACE = `${SYSTEMD}.Manager`;
export const MANAGER_PATH = '/org/freedesktop/systemd1';

/** Deadline of one call, in ms. systemd answers in milliseconds, unless it hangs or reloads its units. */
const ASK_TIMEOUT_MS = 10_000;
const OPEN_TIMEOUT_MS = 10_000;

export interface SystemdCall {
  /** Default: the path of the manager. */
  readonly path?: string;
  readonly interface?: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
}

/** Selects signals of systemd: those of one object, or with one argument. */
interface SignalMatch {
  readonly interface: string;
  readonly member: string;
  readonly path?: string;
  /** The number of an argument and its value. */
  readonly argument?: readonly [number, string];
}

/**
 * One connection to the bus and one run of systemd on it, with a subscription to its signals. The session ends when
 * either goes away: systemd has a new name on the bus after a daemon-reexec, and no name until it has found a bus
 * that was restarted.
 */
export class SystemdSession {
  readonly #rules: MatchRules;
  #owner = '';

  private constructor(private readonly connection: BusConnection) {
    this.#rules = new MatchRules((method, rule) => {
      this.#callBus(method, 's', [rule]).catch((error: unknown) => {
        // Without its rule, signals would be missed and waited for until a deadline.
        connection.end(`${method} ${rule}: ${describeError(error)}`, error);
      });
    });
  }

  /** Opens a connection and subscribes. Throws BusUnreachableError. */
  static async open(timeoutMs = OPEN_TIMEOUT_MS): Promise<SystemdSession> {
    const connection = await BusConnection.open(timeoutMs);
    const session = new SystemdSession(connection);
    const timer = setTimeout(() => connection.end('systemd is not on the bus'), timeoutMs);
    try {
      await session.#findSystemd();
      await session.call({ member: 'Subscribe' });
      return session;
    } catch (error) {
      connection.end(describeError(error), error);
      throw new BusUnreachableError(describeError(error), error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Is aborted with a BusLostError when the session has ended. */
  get lost(): AbortSignal {
    return this.connection.lost;
  }

  /**
   * Calls a method of systemd.
   *
   * @throws SystemdRefusal, NoAnswerError, BusLostError
   */
  call(call: SystemdCall, timeoutMs = ASK_TIMEOUT_MS): Promise<readonly unknown[]> {
    const whole = { destination: SYSTEMD, path: MANAGER_PATH, interface: MANAGER_INTERFACE, ...call };
    return this.connection.call(whole, timeoutMs);
  }

  /** The signals of systemd from the subscription on. Errors with BusLostError when the session ends. */
  signals(match: SignalMatch): Observable<BusSignal> {
    return new Observable((subscriber) => {
      if (this.lost.aborted) return subscriber.error(this.lost.reason);
      const release = this.#rules.add(
        ruleOf(match),
        ruleOf({ interface: match.interface, member: match.member }),
        MAX_NARROW_RULES[match.member],
      );
      const subscription = this.connection.signals
        .pipe(filter((signal) => signal.sender === this.#owner && fits(signal, match)))
        .subscribe({
          next: (signal) => subscriber.next(signal),
          complete: () => subscriber.error(this.lost.reason),
        });
      return () => {
        subscription.unsubscribe();
        if (!this.lost.aborted) release();
      };
    });
  }

  end(reason: string): void {
    this.connection.end(reason);
  }

  /**
   * Finds the name of systemd on the bus. Any user may send us signals, so only those of this name count, and a
   * change of the name ends the session.
   */
  async #findSystemd(): Promise<void> {
    let told: string | undefined;
    const owned = new Promise<string>((resolve) => {
      this.connection.signals.subscribe(({ sender, member, body }) => {
        if (sender !== BUS || member !== 'NameOwnerChanged' || body[0] !== SYSTEMD) return;
        told = String(body[2]);
        if (this.#owner !== '') this.connection.end('systemd was restarted');
        else if (told !== '') resolve(told);
      });
    });
    this.#rules.add(
      `type='signal',sender='${BUS}',interface='${BUS}',member='NameOwnerChanged',arg0='${SYSTEMD}'`,
    );
    const asked = this.#callBus('GetNameOwner', 's', [SYSTEMD]).then(
      ([owner]) => String(owner),
      (error: unknown) => {
        // After a restart of the bus systemd is back a moment later.
        if (error instanceof SystemdRefusal) return owned;
        throw error;
      },
    );
    const lost = new Promise<never>((_, reject) => {
      this.lost.addEventListener('abort', () => reject(this.lost.reason), { once: true });
    });
    const owner = await Promise.race([asked, lost]);
    // The owner may have changed after the answer, before the signals were watched.
    if (told !== undefined && told !== owner) throw new BusLostError('systemd was restarted');
    this.#owner = owner;
  }

  #callBus(member: string, signature: string, body: unknown[]): Promise<readonly unknown[]> {
    const call = { destination: BUS, path: '/org/freedesktop/DBus', interface: BUS, member, signature, body };
    return this.connection.call(call, ASK_TIMEOUT_MS);
  }
}

/**
 * How many units may have a narrow rule for a signal. A removal is rare, so the signals of other units cost less than
 * further rules.
 */
const MAX_NARROW_RULES: Readonly<Record<string, number>> = { UnitRemoved: 16 };

/**
 * Only the first argument goes into a rule: dbus-broker before 37, as in RHEL 9, never matches another one. So we receive
 * the signals of all jobs while we wait for one of ours, and `fits` selects it.
 */
function ruleOf({ interface: name, member, path, argument }: SignalMatch): string {
  return [
    `type='signal',sender='${SYSTEMD}',interface='${name}',member='${member}'`,
    ...(path === undefined ? [] : [`path='${path}'`]),
    ...(argument?.[0] === 0 ? [`arg0='${argument[1]}'`] : []),
  ].join(',');
}

function fits(signal: BusSignal, match: SignalMatch): boolean {
  return (
    signal.member === match.member &&
    signal.interface === match.interface &&
    (match.path === undefined || signal.path === match.path) &&
    (match.argument === undefined || signal.body[match.argument[0]] === match.argument[1])
  );
}
