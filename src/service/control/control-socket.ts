import { type ControlServer, openControlServer } from '../../control/control-server.js';
import type { Route } from '../../control/route.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../../telemetry/log/log.js';

/** The control socket over all configurations. Where it cannot be had the service runs without (R13). */
export class ControlSocket {
  #server: ControlServer | undefined;
  /** One thing at a time: a reload may come while an earlier one is still at it. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly routes: readonly Route[],
    private readonly log: Log,
  ) {}

  /** Resolves when the last path that was asked for is listened on, or cannot be. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Listens there, and no more at the place before. Does nothing where it listens there already. Never rejects. */
  listenOn(path: string): Promise<void> {
    this.#last = this.#last.then(() => this.#move(path));
    return this.#last;
  }

  /** Ends what is being answered, and removes the socket. Never rejects. */
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
