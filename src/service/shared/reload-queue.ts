import type { Config } from '../../config/config.js';
import type { ReloadReply } from '../../control/replies.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../../telemetry/log/log.js';

/** The last reload was refused, and the configuration before it is still in use. */
export interface RefusedConfig {
  /** When the reload was refused, ms since the epoch. */
  readonly at: number;
  /** The first fault, and how many more there are. */
  readonly problem: string;
}

/** Reloads of the configuration, by SIGHUP or over the control socket, one at a time (R22). */
export class ReloadQueue {
  #refused: RefusedConfig | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly load: () => Config,
    private readonly log: Log,
  ) {}

  /** Undefined again after the next reload that succeeds. */
  get refused(): RefusedConfig | undefined {
    return this.#refused;
  }

  /** Reads the file and, if it is valid, passes it to `take`. Never rejects (R13). */
  run(take: (next: Config) => Promise<void>): Promise<ReloadReply> {
    const reload = this.#last.then(() => this.#run(take));
    this.#last = reload;
    return reload;
  }

  async #run(take: (next: Config) => Promise<void>): Promise<ReloadReply> {
    try {
      await take(this.load());
      this.#refused = undefined;
      this.log.info('monitor_service', 'configuration reloaded');
      return { isTaken: true };
    } catch (error) {
      const problem = describeError(error);
      this.#refused = { at: Date.now(), problem: shorten(problem) };
      this.log.error('monitor_service', `configuration not reloaded, the old one stays in use: ${problem}`);
      return { isTaken: false, problem };
    }
  }
}

function shorten(problem: string): string {
  const [first = '', ...more] = problem.split('\n');
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}
