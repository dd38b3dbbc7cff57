import type { ServerResponse } from 'node:http';
import { HttpError } from '../../lib/http/http-error.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import type { Viewer } from '../access/gate.js';
import type { Session } from '../access/sessions.js';
import { LiveClient } from './live-client.js';
import type { LiveChanges, LiveSource } from './live-source.js';

interface LiveHubOptions {
  readonly source: LiveSource;
  readonly isAlive: (session: Session) => boolean;
  /** Called when the first page is opened, and when the last one is closed. */
  readonly onWatched: (isWatched: boolean) => void;
  /** A snapshot could not be made: a fault of ours. The open pages are cut off, and connect again. */
  readonly onFailure: (error: unknown) => void;
}

const MAX_CLIENTS = 64;
const MAX_PUBLIC_CLIENTS = 32;
/** At most five changes a second are sent. ms. */
const EVERY_MS = 200;
const BEAT_MS = 15_000;

/**
 * Keeps the open pages up to date. What is sent is computed once for all of them, and only if something has changed; if
 * no page is open, nothing is computed at all.
 */
export class LiveHub {
  readonly #clients = new Set<LiveClient>();
  #timer: NodeJS.Timeout | undefined;
  #beats: NodeJS.Timeout | undefined;
  #lastAt = 0;
  #isSending = false;
  #isDue = false;

  constructor(private readonly options: LiveHubOptions) {}

  /**
   * Sends what is and what changes until the reader leaves.
   *
   * @throws HttpError if too many pages are open
   */
  join(response: ServerResponse, viewer: Viewer): void {
    this.#requireRoom(viewer);
    // Node.js would not tell its end.
    if (!response.socket || response.socket.destroyed) return void response.destroy();
    const over = () => client.end('session-over');
    const client = new LiveClient(viewer, response, () => {
      viewer.session?.over.removeEventListener('abort', over);
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#rest();
    });
    viewer.session?.over.addEventListener('abort', over);
    this.#clients.add(client);
    if (this.#clients.size === 1) {
      this.options.onWatched(true);
      this.#beats = setInterval(() => this.#beat(), BEAT_MS);
    }
    this.onChange();
  }

  /** Something may have changed. */
  onChange(): void {
    if (this.#clients.size === 0) return;
    if (this.#isSending) this.#isDue = true;
    else
      this.#timer ??= setTimeout(
        () => void this.#sendAll(),
        Math.max(0, this.#lastAt + EVERY_MS - performance.now()),
      );
  }

  close(): void {
    for (const client of this.#clients) client.end('stopping');
  }

  /** Anybody on this host can open pages without a login: they leave places for those who have one. */
  #requireRoom({ access }: Viewer): void {
    const open = [...this.#clients];
    const headers = { 'Retry-After': '30' };
    if (open.length >= MAX_CLIENTS)
      throw new HttpError(429, `${MAX_CLIENTS} pages are open already`, { headers });
    if (
      access === 'public' &&
      open.filter(({ viewer }) => viewer.access === 'public').length >= MAX_PUBLIC_CLIENTS
    )
      throw new HttpError(429, `${MAX_PUBLIC_CLIENTS} pages are open without a login already`, {
        headers,
        remedy: 'log in',
      });
  }

  #rest(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#beats);
    this.#timer = undefined;
    this.options.onWatched(false);
  }

  #beat(): void {
    for (const client of this.#clients) {
      const { session } = client.viewer;
      // An open page uses its session. One that is over ends it by its signal.
      if (!session || this.options.isAlive(session)) client.beat();
    }
  }

  async #sendAll(): Promise<void> {
    this.#timer = undefined;
    this.#isSending = true;
    this.#isDue = false;
    this.#lastAt = performance.now();
    try {
      const changes = this.options.source.takeChanges();
      for (const access of ['public', 'user'] as const) await this.#sendTo(access, changes);
    } catch (error) {
      this.options.onFailure(error);
      for (const client of this.#clients) client.drop();
    } finally {
      this.#isSending = false;
      if (this.#isDue) this.onChange();
    }
  }

  async #sendTo(access: 'public' | 'user', changes: LiveChanges): Promise<void> {
    if (![...this.#clients].some(({ viewer }) => viewer.access === access)) return;
    const { at, ...parts } = await this.options.source.snapshot(access);
    const texts = Object.fromEntries(
      Object.entries(parts).map(([key, value]) => [key, toPrintableJson(value)]),
    );
    const rows = changes.processIds.length > 0 || changes.isCut ? changes.rowsFor(access) : [];
    const rowsText =
      rows.length > 0 || changes.isCut ? toPrintableJson({ rows, isCut: changes.isCut }) : undefined;
    const cyclesText =
      access === 'user' && changes.cycles.length > 0
        ? toPrintableJson({ entries: changes.cycles, isCut: changes.cyclesAreCut })
        : undefined;
    // Those that came while the snapshot was made get it as well.
    for (const client of [...this.#clients].filter(({ viewer }) => viewer.access === access)) {
      const before = client.parts;
      client.parts = texts;
      // A key that is gone cannot be sent as a change.
      if (before === undefined || Object.keys(before).some((key) => !(key in texts))) {
        const { session } = client.viewer;
        const user = session ? { user: JSON.stringify(session.user) } : {};
        client.send('snapshot', join({ at: String(at), ...user, ...texts }));
        if (before === undefined) continue;
      }
      const changed = Object.entries(texts).filter(([key, text]) => before[key] !== text);
      if (changed.length > 0) client.send('change', join({ at: String(at), ...Object.fromEntries(changed) }));
      if (rowsText !== undefined) client.send('rows', rowsText);
      if (cyclesText !== undefined) client.send('cycles', cyclesText);
    }
  }
}

/** An object of values that are JSON already. */
function join(parts: Readonly<Record<string, string>>): string {
  return `{${Object.entries(parts)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(',')}}`;
}
