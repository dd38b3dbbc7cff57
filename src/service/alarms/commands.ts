import { type Observable, skip } from 'rxjs';
import type { Config } from '../../config/config.js';
import { RestartSlots } from '../../operators/restart-slots.js';
import { describeOutcome } from '../../restart/commands/describe-command-failure.js';
import { PreforkedShells } from '../../restart/commands/preforked-shells.js';
import { type CommandResult, runCommand } from '../../restart/commands/run-command.js';
import { createFindRun, type FindRun } from '../../restart/health/find-run.js';
import { createFindRunBegin, type FindRunBegin } from '../../restart/health/find-run-begin.js';
import { type CheckHealth, createHealthCheck } from '../../restart/health/health-check.js';
import { createWatchRun, type WatchRun } from '../../restart/health/watch-run.js';
import type { StartMemory } from '../../restart/start/start-memory.js';
import { RecentReadings } from '../../restart/strategies/recent-readings.js';
import { createRestart, type Restart } from '../../restart/strategies/restart.js';
import { SecondInstanceWatch } from '../../restart/strategies/second-instance-watch.js';
import { detectSystemd } from '../../restart/systemd/detect-systemd.js';
import { isInServiceUnit } from '../../restart/systemd/owning-units.js';
import { readJournal } from '../../restart/systemd/read-journal.js';
import {
  type ConfigCommandOptions,
  createConfigCommandRunner,
  type RunConfigCommand,
} from '../../restart/systemd/run-config-command.js';
import type { SystemdClient } from '../../restart/systemd/systemd-client.js';
import { WaitingShells } from '../../restart/systemd/waiting-shells/waiting-shells.js';
import type { Log } from '../../telemetry/log/log.js';
import { logCommand } from '../../telemetry/messages/command-log.js';
import { logBusState, logNoUnit } from '../../telemetry/messages/systemd-log.js';
import type { LiveConfig } from '../shared/live-config.js';
import { endLeftovers } from './end-leftovers.js';
import { RunningCommands } from './running-commands.js';
import { waitingShellsFor } from './waiting-shells-for.js';

/**
 * How many preforked shells are kept. Without systemd a cycle needs two of them, for a command and its health check,
 * and the next cycle may follow at once.
 */
const SPARE_SHELLS = 3;

/** Everything that cycles run on this host, and the limit of how many run at once (R8). */
export class Commands {
  readonly slots: RestartSlots;
  readonly restart: Restart;
  readonly checkHealth: CheckHealth;
  readonly findRun: FindRun;
  readonly watchRun: WatchRun;
  readonly findRunBegin: FindRunBegin;
  /** Runs one command of the configuration file until it ends. */
  readonly run: RunConfigCommand;
  /** Undefined if this host has no systemd. */
  readonly systemd: SystemdClient | undefined;
  readonly #spares = new PreforkedShells(SPARE_SHELLS);
  readonly #shells: WaitingShells | undefined;
  readonly #running = new RunningCommands();
  readonly #closing = new AbortController();
  readonly #watch: SecondInstanceWatch;

  constructor(
    private readonly settings: LiveConfig,
    memory: StartMemory,
    private readonly log: Log,
  ) {
    const slotCount = ({ monitor }: Config): number => monitor.maxParallelRestarts;
    this.slots = new RestartSlots(slotCount(settings.current));
    settings
      .changes(slotCount)
      .pipe(skip(1))
      .subscribe((count) => this.slots.resize(count));
    this.systemd = detectSystemd((away) => logBusState(log, away));
    this.#shells = this.systemd && new WaitingShells(this.systemd);
    const run = createConfigCommandRunner({
      ...{ systemd: this.systemd, shells: this.#shells },
      run: (command, options) => runCommand(command, { ...options, spares: this.#spares }),
      onNoUnit: ({ systemName, step }, why) => logNoUnit(log, systemName, step, why),
    });
    this.run = async (shell, options) => {
      const result = await run(shell, options);
      void this.#log(shell, options.of, result);
      return result;
    };
    this.#watch = new SecondInstanceWatch((systemName, message) => log.warn(systemName, message));
    const host = { systemd: this.systemd, run: this.run };
    const readings = this.systemd && new RecentReadings(this.systemd);
    this.restart = createRestart({
      ...{ ...host, readings, memory, watch: this.#watch },
      // A failed cycle is tried again after check_interval, and may have to wait for a slot then.
      keepUnfinishedMs: () => 2 * settings.current.monitor.checkIntervalMs,
    });
    this.checkHealth = createHealthCheck({ ...host, memory });
    this.findRun = createFindRun({ ...host, memory });
    this.watchRun = createWatchRun(this.systemd, memory);
    this.findRunBegin = createFindRunBegin(readings);
  }

  /** Nobody waits for it: to read the output of a unit takes longer than the command may have taken. Never rejects. */
  async #log(text: string, { systemName, step }: ConfigCommandOptions['of'], result: CommandResult) {
    if (this.settings.current.logging.level !== 'DEBUG') return;
    const { durationMs, unit } = result;
    const output = result.output === '' && unit !== undefined ? await readJournal(unit) : result.output;
    const outcome = describeOutcome(result);
    logCommand(this.log, { process: systemName, step, text, outcome, durationMs, output });
  }

  /** Runs the effect on subscription. `allEnded` waits for it even if its subscriber has left. */
  track<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return this.#running.run(effect);
  }

  /**
   * Ends commands that an earlier run left running, or reserves their processes for them until their deadline (R31). Call
   * it before any process is touched. It ends the waiting shells of an earlier run, so new ones are started only after
   * it. Never rejects.
   */
  async endLeftovers(): Promise<void> {
    if (!this.systemd) return;
    await endLeftovers({
      ...{ systemd: this.systemd, slots: this.slots, log: this.log },
      signal: this.#closing.signal,
    });
    if (await isInServiceUnit())
      this.settings.changes(waitingShellsFor).subscribe((counts) => this.#shells?.keep(counts));
  }

  /** Resolves when every effect that runs now has ended. */
  allEnded(): Promise<void> {
    return this.#running.allEnded();
  }

  /** Ends the preforked shells and closes the connection to systemd. */
  close(): void {
    this.#closing.abort();
    this.#watch.close();
    this.#spares.close();
    this.#shells?.close();
    this.systemd?.close();
  }
}
