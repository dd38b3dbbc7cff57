import { type Observable, skip } from 'rxjs';
import type { Config } from '../../config/config.js';
import { KeyedSemaphore } from '../../operators/limit-concurrency.js';
import { PreforkedShells } from '../../restart/commands/preforked-shells.js';
import { type RunCommand, runCommand } from '../../restart/commands/run-command.js';
import { type CheckHealth, createHealthCheck } from '../../restart/health/health-check.js';
import { createRestart, detectSystemctl, type Restart } from '../../restart/strategies/restart.js';
import type { LiveConfig } from '../shared/live-config.js';
import { RunningCommands } from './running-commands.js';

/** As a unit of systemd a restart and its health check are three programs: systemctl, and two of systemd-run. */
const SPARE_SHELLS = 3;

/** What the cycles run on this machine, and how much of it at once (R8). */
export class Commands {
  readonly slots: KeyedSemaphore;
  readonly restart: Restart;
  readonly checkHealth: CheckHealth;
  /** Runs one command to its end. */
  readonly run: RunCommand = (command, options) => runCommand(command, { ...options, spares: this.#spares });
  readonly #spares = new PreforkedShells(SPARE_SHELLS);
  readonly #running = new RunningCommands();

  constructor(settings: LiveConfig) {
    const slotCount = ({ monitor }: Config): number => monitor.maxParallelRestarts;
    this.slots = new KeyedSemaphore(slotCount(settings.current));
    settings
      .changes(slotCount)
      .pipe(skip(1))
      .subscribe((count) => this.slots.resize(count));
    const host = detectSystemctl(this.run);
    this.restart = createRestart(host);
    this.checkHealth = createHealthCheck(host);
  }

  /** Runs the effect on subscription; `allEnded` waits for it, also when its subscriber has left. */
  track<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return this.#running.run(effect);
  }

  /** Resolves when everything that runs now has ended. */
  allEnded(): Promise<void> {
    return this.#running.allEnded();
  }

  /** Ends the spare shells. */
  close(): void {
    this.#spares.close();
  }
}
