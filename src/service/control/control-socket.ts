import { type ControlServer, openControlServer } from '../../control/control-server.js';
import { describeError } from '../../domain/errors.js';
import type { Route } from '../../lib/http/route.js';
import type { Log } from '../../telemetry/log/log.js';

/** The control socket across reloads. If it cannot be opened the service runs without it (R13). */
export class ControlSocket {
  #server: ControlServer | undefined;
  /** Operations run one after the other: a reload may come before an earlier one has finished. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly routes: readonly Route[],
    private readonly log: Log,
  ) {}

  /** Resolves when the last requested path is listened on, or has failed. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Listens on this path and closes the one before. Does nothing if it listens there already. Never rejects. */
  listenOn(path: string): Promise<void> {
    this.#last = this.#last.then(() => this.#move(path));
    return this.#last;
  }

  /** Ends open requests and removes the socket. Never rejects. */
  close(): Promise<void> {
    this.#last = this.#last.then(() => this.#close());
    return this.#last;
  }

  async #move(path: string): Promise<void> {
    if (this.#server?.path === path) return;
    try {
      const next = await openControlServer({
        path,
        routes: this.routes,
        onFailure: (error) =>
          this.log.warn('monitor_service', `control socket ${path}: ${describeError(error)}`),
      });
      await this.#close();
      this.#server = next;
    } catch (error) {
      const left = this.#server
        ? `${this.#server.path} stays`
        : 'status, pause, restart and so on do not work';
      this.log.warn('monitor_service', `the control socket cannot be used: ${describeError(error)}; ${left}`);
    }
  }

  async #close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
