import { type Backoff, backoffDelay } from '../../src/domain/backoff.js';
import type { LiveEvent } from '../model/contract.js';

/** Whether what is shown is what is. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `retryAt`: of our clock, ms; absent while a try runs. */
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt?: number };

interface LiveStreamOptions {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onConnection: (connection: Connection) => void;
  /** Before each try: false if it makes no sense, since a login is needed first. Rejects if nobody answers. */
  readonly mayConnect: () => Promise<boolean>;
}

const BACKOFF: Backoff = { firstMs: 1000, maxMs: 15_000 };
/** The service says something every 15 s. A connection that is cut without a word is noticed by its silence, ms. */
const SILENCE_MS = 35_000;

/**
 * The server-sent events. EventSource itself would try again too, at a fixed interval, in step with every other page, and
 * without saying when: so each connection is used until it fails, and the next one is opened here.
 */
export class LiveStream {
  #source: EventSource | undefined;
  #failures = 0;
  #lostSince: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LiveStreamOptions) {
    // The network is back, or the machine is awake: now, not at the end of a delay.
    addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#retryNow();
    });
  }

  /** Opens a connection in place of the one there is: after a login or logout others may be told more or less. */
  open(): void {
    this.close();
    this.#failures = 0;
    this.#lostSince = undefined;
    this.options.onConnection({ kind: 'connecting' });
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#retry = undefined;
    this.#source?.close();
    this.#source = undefined;
  }

  #connect(): void {
    const source = new EventSource('/api/live');
    this.#source = source;
    const listen = <T>(name: string, take: (data: T) => void): void => {
      source.addEventListener(name, ({ data }) => {
        if (this.#source !== source) return;
        this.#awaitNext();
        take(JSON.parse(data) as T);
      });
    };
    listen<Extract<LiveEvent, { type: 'snapshot' }>['snapshot']>('snapshot', (snapshot) => {
      this.#failures = 0;
      this.#lostSince = undefined;
      this.options.onEvent({ type: 'snapshot', snapshot });
      this.options.onConnection({ kind: 'live' });
    });
    listen<Extract<LiveEvent, { type: 'change' }>['change']>('change', (change) =>
      this.options.onEvent({ type: 'change', change }),
    );
    listen<Omit<Extract<LiveEvent, { type: 'rows' }>, 'type'>>('rows', (rows) =>
      this.options.onEvent({ type: 'rows', ...rows }),
    );
    listen<Omit<Extract<LiveEvent, { type: 'cycles' }>, 'type'>>('cycles', (cycles) =>
      this.options.onEvent({ type: 'cycles', ...cycles }),
    );
    listen<unknown>('beat', () => {});
    listen<{ reason: string }>('bye', ({ reason }) => {
      // Nothing is broken: this page may be told something else from now on.
      if (reason === 'session-over') this.#changeSession();
      else this.#fail();
    });
    source.addEventListener('error', () => {
      if (this.#source === source) this.#fail();
    });
    this.#awaitNext();
  }

  #awaitNext(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fail(), SILENCE_MS);
  }

  #fail(): void {
    this.close();
    this.#failures += 1;
    this.#lostSince ??= Date.now();
    const delay = backoffDelay(this.#failures, BACKOFF, Math.random);
    this.#retry = setTimeout(() => this.#tryAgain(), delay);
    this.options.onConnection({ kind: 'lost', since: this.#lostSince, retryAt: Date.now() + delay });
  }

  #changeSession(): void {
    this.close();
    this.options.onConnection({ kind: 'connecting' });
    this.#askAndConnect();
  }

  #retryNow(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#tryAgain();
  }

  #tryAgain(): void {
    this.#retry = undefined;
    this.options.onConnection({ kind: 'lost', since: this.#lostSince ?? Date.now() });
    this.#askAndConnect();
  }

  #askAndConnect(): void {
    this.options.mayConnect().then(
      (may) => {
        // Until somebody logs in, nothing is lost.
        if (!may) this.options.onConnection({ kind: 'connecting' });
        else if (!this.#source) this.#connect();
      },
      () => this.#fail(),
    );
  }
}
