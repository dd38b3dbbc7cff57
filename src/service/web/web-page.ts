import type { Server } from 'node:http';
import type { WebConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import { closeServer, createHttpServer, listenOn } from '../../lib/http/http-server.js';
import type { RunningPage } from './running-page.js';
import type { WebParts } from './web-parts.js';

/** Fifty open pages, each with some requests of its own; a proxy has more connections than it uses. */
const MAX_CONNECTIONS = 256;
const KEEP_ALIVE_MS = 5000;

/**
 * The page across reloads. Its code is read when `[web] listen` is set for the first time: a service without a page
 * does not pay for it. A failure is a warning; the service runs on (R13).
 */
export class WebPage {
  #page: RunningPage | undefined;
  #server: { readonly key: string; readonly port: number; readonly server: Server } | undefined;
  /** The settings that were taken over last, or that failed. */
  #tried: WebConfig | undefined;
  /** One change at a time: a reload may arrive during an earlier one. */
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: WebParts) {
    const { settings } = parts;
    settings
      .changes(({ web }) => web)
      .subscribe((web) => {
        this.#tried = web;
        this.#enqueue(() => this.#open(web));
      });
    // What failed may succeed now, although nothing of the section has changed: a port that was in use.
    settings.reloaded.subscribe(() => {
      const { web } = settings.current;
      if (web !== this.#tried) this.#enqueue(() => this.#retry(web));
    });
  }

  /** Resolves when the last configuration has been taken over. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Tells the open pages that the service stops. Never rejects. */
  close(): Promise<void> {
    this.#enqueue(() => this.#close());
    return this.#last;
  }

  #enqueue(change: () => Promise<void>): void {
    this.#last = this.#last.then(change).catch((error: unknown) => {
      const message = `cannot offer the page: ${describeError(error)}`;
      this.parts.log.warn('monitor_service', message);
    });
  }

  async #retry(config: WebConfig): Promise<void> {
    if (config.listen !== undefined && !this.#server) await this.#open(config);
  }

  async #open(config: WebConfig): Promise<void> {
    try {
      await this.#follow(config);
    } catch (error) {
      // Without a server nobody can look: nothing is kept for anybody.
      if (!this.#server) await this.#close();
      throw error;
    }
  }

  async #follow(config: WebConfig): Promise<void> {
    const { listen, hostname, tls, users } = config;
    this.#page?.keepUsers(users);
    if (listen === undefined) return await this.#close();
    const key = JSON.stringify([listen, hostname, tls]);
    if (this.#server?.key === key) return;
    // One port cannot be bound on all addresses and on one of them at the same time.
    if (listen.port === this.#server?.port) await this.#stopListening();
    this.#page ??= (await import('./running-page.js')).openRunningPage(this.parts);
    const server = createHttpServer({
      answer: this.#page.answer(config),
      ...{ maxConnections: MAX_CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS },
      ...(tls && { tls: { cert: tls.cert, key: tls.key } }),
    });
    await listenOn(server, listen.host, listen.port);
    server.on('error', (error) =>
      this.parts.log.warn('monitor_service', `the page: ${describeError(error)}`),
    );
    await this.#stopListening();
    this.#server = { key, port: listen.port, server };
    const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
    this.parts.log.info(
      'monitor_service',
      `the page is at ${tls ? 'https' : 'http'}://${host}:${listen.port}/`,
    );
  }

  async #stopListening(): Promise<void> {
    if (this.#server) await closeServer(this.#server.server);
    this.#server = undefined;
  }

  async #close(): Promise<void> {
    this.#page?.close();
    this.#page = undefined;
    await this.#stopListening();
  }
}
