import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import { notifySystemd } from './systemd-notify.js';

/**
 * Reports the state of the service to systemd (sd_notify(3)); does nothing if systemd does not ask for it. No call
 * waits or throws. Every message has the complete state, so that the next one makes up for a lost one: systemd before
 * 246 may drop messages from a child that has already ended.
 */
export interface SystemdNotifier {
  /** How often `ping` must be called, ms; undefined if the unit has no watchdog. */
  readonly watchdogIntervalMs: number | undefined;
  /** The configuration is valid and the pipeline runs; also after `reloading`. */
  ready(): void;
  /** The one line that `systemctl status` shows. */
  status(text: string): void;
  /** Pings the watchdog. Must be called by a part that stops when the service is stuck, never by a mere timer. */
  ping(): void;
  reloading(): void;
  /** The service is stopping, and takes at most this time. */
  stopping(withinMs: number): void;
  /** Resolves when everything has been sent. */
  flush(): Promise<void>;
}

/** `onFailure` is called for the first message that could not be sent. Only tests replace `send`. */
export function openNotifier(
  env: NodeJS.ProcessEnv,
  onFailure: (reason: string) => void,
  send: typeof notifySystemd = notifySystemd,
): SystemdNotifier {
  const { NOTIFY_SOCKET: socket } = env;
  if (!socket) return SILENT;
  return new ChildNotifier(watchdogInterval(env), (lines) => send(socket, lines), onFailure);
}

const SILENT: SystemdNotifier = {
  watchdogIntervalMs: undefined,
  ready() {},
  status() {},
  ping() {},
  reloading() {},
  stopping() {},
  flush: async () => {},
};

/** Each message starts a process, so a storm of status changes sends one a second. */
const STATUS_INTERVAL_MS = 1000;
/** systemd cuts off a longer datagram. */
const MAX_STATUS_LENGTH = 500;

/** A third of the watchdog's time: one ping may be lost or late without the service being killed. */
function watchdogInterval({ WATCHDOG_USEC: usec, WATCHDOG_PID: pid }: NodeJS.ProcessEnv): number | undefined {
  const intervalMs = Number(usec ?? 0) / 1000 / 3;
  return intervalMs > 0 && (!pid || Number(pid) === process.pid) ? intervalMs : undefined;
}

class ChildNotifier implements SystemdNotifier {
  /** Changes of state that have not been sent yet. systemd must see each of them, in order. */
  readonly #steps: string[][] = [];
  #state: string[] = [];
  #status = '';
  #toldStatus = '';
  #statusNotBefore = 0;
  #isAlive = false;
  #isStopping = false;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  constructor(
    readonly watchdogIntervalMs: number | undefined,
    private readonly send: (lines: readonly string[]) => Promise<void>,
    private readonly onFailure: (reason: string) => void,
  ) {}

  ready(): void {
    this.#state = ['READY=1'];
    this.#enter(this.#state);
  }

  reloading(): void {
    // CLOCK_MONOTONIC, by which systemd 253 and later identify the reload.
    this.#enter(['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`]);
  }

  stopping(withinMs: number): void {
    this.#state = ['STOPPING=1'];
    this.status('stopping, running cycles may finish');
    this.#isStopping = true;
    this.#enter([...this.#state, `EXTEND_TIMEOUT_USEC=${Math.round(withinMs * 1000)}`]);
  }

  status(text: string): void {
    if (this.#isStopping) return;
    this.#status = text;
    this.#pump();
  }

  ping(): void {
    this.#isAlive = true;
    this.#pump();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#sending) await this.#sending;
  }

  #enter(step: string[]): void {
    this.#steps.push(step);
    this.#pump();
  }

  /** One message at a time: two children could overtake each other. */
  #pump(): void {
    if (this.#sending) return;
    const lines = this.#nextMessage();
    if (!lines) return;
    this.#sending = this.#send(lines).then(() => {
      this.#sending = undefined;
      this.#pump();
    });
  }

  #nextMessage(): string[] | undefined {
    const step = this.#steps.shift();
    const isNews = this.#status !== this.#toldStatus;
    if (!step && !this.#isAlive && !(isNews && this.#mayTellStatus())) return undefined;
    const lines = [...(step ?? this.#state), `STATUS=${toOneLine(this.#status)}`];
    if (this.#isAlive) lines.push('WATCHDOG=1');
    this.#isAlive = false;
    this.#toldStatus = this.#status;
    this.#statusNotBefore = performance.now() + STATUS_INTERVAL_MS;
    return lines;
  }

  #mayTellStatus(): boolean {
    const waitMs = this.#statusNotBefore - performance.now();
    if (waitMs <= 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, waitMs).unref();
    return false;
  }

  async #send(lines: readonly string[]): Promise<void> {
    try {
      await this.send(lines);
    } catch (error) {
      // Reported once: what cannot be sent now will not be sent a second later either.
      if (!this.#hasFailed) this.onFailure(error instanceof Error ? error.message : String(error));
      this.#hasFailed = true;
    }
  }
}

/** Only of what is sent: in a storm the status changes a thousand times a second. */
function toOneLine(text: string): string {
  return escapeControlCharacters(text.replace(/\p{Cc}+/gu, ' ')).slice(0, MAX_STATUS_LENGTH);
}
