import { asyncScheduler, from } from 'rxjs';
import type { Config } from '../../config/config.js';
import { secretsOf } from '../../config/secrets-of.js';
import { formatNote } from '../../domain/alarm/notes.js';
import { admit } from '../../domain/cycle/admission.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import type { KeyedSemaphore } from '../../operators/limit-concurrency.js';
import type { RunCommand } from '../../restart/commands/run-command.js';
import type { CheckHealth } from '../../restart/health/health-check.js';
import { runPreRestart } from '../../restart/strategies/pre-restart.js';
import type { Restart } from '../../restart/strategies/restart.js';
import type { Breakers } from '../../state/breakers.js';
import type { Pauses } from '../../state/pauses.js';
import type { CycleEffects } from '../../streams/cycle/effects.js';
import { lookUpName } from '../../streams/look-up-name.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import type { DataSource } from '../table/data-source.js';
import type { RunningCommands } from './running-commands.js';

export interface CycleEffectsOptions {
  /** Both are asked for each time: a reload may change them. */
  readonly config: () => Config;
  readonly dataSource: () => DataSource;
  readonly restart: Restart;
  readonly checkHealth: CheckHealth;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly places: KeyedSemaphore;
  readonly running: RunningCommands;
  readonly run: RunCommand;
  readonly isStreaming: () => boolean;
  readonly wasVerified: (processId: number) => boolean;
  readonly onLookUpError: (error: unknown) => void;
}

/** The real world, as the cycles see it. */
export function createCycleEffects(options: CycleEffectsOptions): CycleEffects {
  const { config, dataSource, running } = options;
  const { random } = Math;
  return {
    lookUpName: (processId) =>
      lookUpName({
        look: () => from(dataSource().readName(processId)),
        onError: options.onLookUpError,
        scheduler: asyncScheduler,
        random,
      }),
    admit: (processName) => {
      const { processes, monitor } = config();
      return admit(processName, { ...processes, exclude: monitor.exclude });
    },
    pauseOf: (processName) => options.pauses.activeFor(processName),
    runPreRestart: (target) => running.run((signal) => runPreRestart(target, signal, options.run)),
    restart: (target) => running.run((signal) => options.restart(target, signal)),
    checkHealth: (target, report, timeoutMs) =>
      running.run((signal) => options.checkHealth(target, report, { timeoutMs, signal })),
    isStillRaised: (processId) => fromAbortable(() => dataSource().table.isRaised(processId)),
    acknowledges: () => config().monitor.acknowledge === 'clear',
    writeRow: (write, processId, notes) => fromAbortable(() => dataSource().table[write](processId, notes)),
    composeNote: (outcome, text) => {
      // Masked before it is cut: a secret across the cut would leave its beginning readable (R24).
      const shown = createMask(secretsOf(config()))(text);
      return formatNote(outcome, Date.now(), shown, dataSource().table.layout?.notes);
    },
    isStreaming: options.isStreaming,
    wasVerified: options.wasVerified,
    breaker: options.breakers,
    places: options.places,
    scheduler: asyncScheduler,
    random,
  };
}
