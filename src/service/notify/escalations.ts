import { hostname } from 'node:os';
import { asyncScheduler, mergeMap, type Observable, observeOn, Subject, type Subscription } from 'rxjs';
import { secretsOf } from '../../config/secrets-of.js';
import { admit } from '../../domain/cycle/admission.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { substituteName } from '../../restart/commands/substitute-name.js';
import type { RunConfigCommand } from '../../restart/systemd/run-config-command.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import { toNotification } from '../../telemetry/notify/to-notification.js';
import { RunningCommands } from '../alarms/running-commands.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import { runNotifyCommand } from './run-notify-command.js';

interface EscalationsOptions {
  readonly settings: LiveConfig;
  readonly run: RunConfigCommand;
  /** Receives the end of each escalation command. */
  readonly tell: (event: CycleEvent) => void;
}

/** A storm of failures must not become a storm of commands. */
const MAX_AT_ONCE = 4;
/** How many more may wait. For a breaker that opens beyond that no command runs, and the event says so. */
const MAX_WAITING = 1000;
/** How long the shutdown waits for commands that run, in ms. Those that wait are not run. */
const LAST_WORDS_MS = 1500;

/** Runs the `escalation_command` of a process once each time its breaker opens. No cycle waits for it (R13). */
export class Escalations implements ServiceObserver {
  readonly #wanted = new Subject<() => Observable<void>>();
  readonly #running = new RunningCommands();
  readonly #subscription: Subscription;
  #waiting = 0;
  #isClosing = false;

  constructor(private readonly options: EscalationsOptions) {
    this.#subscription = this.#wanted
      .pipe(
        // Starting a process is synchronous work, and the cycle that emits the event must not wait for it.
        observeOn(asyncScheduler),
        mergeMap((run) => run(), MAX_AT_ONCE),
      )
      .subscribe();
  }

  onEvent(event: CycleEvent): void {
    if (event.type !== 'opened' && event.type !== 'flapping') return;
    const { processes, monitor } = this.options.settings.current;
    const admission = admit(event.processName, { ...processes, ...monitor });
    if (admission.kind !== 'accepted') return;
    const { target } = admission;
    const { escalationCommand } = target.settings;
    if (escalationCommand === undefined) return;
    if (this.#waiting >= MAX_WAITING) {
      this.#tellEnd(event, event.at, `not run: ${MAX_WAITING} others wait`);
      return;
    }
    this.#waiting += 1;
    this.#wanted.next(() => {
      this.#waiting -= 1;
      return this.#running.run((signal) => this.#escalate(event, target, escalationCommand, signal));
    });
  }

  /** Begins no more, waits briefly for what runs, then ends it. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const timer = setTimeout(() => this.abort(), LAST_WORDS_MS);
    await this.#running.allEnded();
    clearTimeout(timer);
    this.abort();
  }

  /** Ends the commands that run. */
  abort(): void {
    this.#isClosing = true;
    this.#subscription.unsubscribe();
  }

  /** Never rejects: the event tells its failure. */
  async #escalate(
    event: CycleEvent,
    { systemName, settings }: RestartTarget,
    command: string,
    signal: AbortSignal,
  ): Promise<void> {
    const begunAt = Date.now();
    const notification = toNotification(event);
    if (!notification || this.#isClosing) return;
    const { settings: live, run } = this.options;
    const context = { host: hostname(), mask: createMask(secretsOf(live.current)) };
    try {
      await runNotifyCommand(
        substituteName(command, systemName),
        { ...notification, repeated: 0, dropped: 0 },
        context,
        { timeoutMs: settings.restartTimeoutMs, signal, of: { systemName, step: 'escalation' } },
        run,
      );
      this.#tellEnd(event, begunAt);
    } catch (error) {
      this.#tellEnd(event, begunAt, describeError(error));
    }
  }

  #tellEnd({ processId, processName }: CycleEvent, begunAt: number, reason?: string): void {
    const at = Date.now();
    this.options.tell({
      type: 'escalated',
      ...{ processId, processName, at, tookMs: Math.max(0, at - begunAt) },
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
