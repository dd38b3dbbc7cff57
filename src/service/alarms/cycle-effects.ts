import { from } from 'rxjs';
import { secretsOf } from '../../config/secrets-of.js';
import { formatNote } from '../../domain/alarm/format-note.js';
import { admit } from '../../domain/cycle/admission.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import { waitWithoutSlot } from '../../operators/wait-without-slot.js';
import { runPreRestart } from '../../restart/strategies/run-pre-restart.js';
import type {
  CycleEffects,
  CycleHost,
  CycleNames,
  CycleRow,
  CycleStream,
  EarlierRun,
} from '../../streams/cycle/effects.js';
import type { WaitsInOrder } from '../../streams/waits-in-order.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import type { StreamState } from '../binlog/stream-state.js';
import type { LiveConfig } from '../shared/live-config.js';
import { steadyScheduler } from '../shared/steady-scheduler.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { TableReader } from '../table/table-reader.js';
import type { Commands } from './commands.js';

interface CycleEffectsOptions {
  readonly settings: LiveConfig;
  readonly database: LiveDatabase;
  readonly reader: TableReader;
  readonly commands: Commands;
  readonly state: PersistentState;
  readonly stream: StreamState;
  readonly order: WaitsInOrder;
}

/** The effects of a cycle on the real host and database. */
export function createCycleEffects(options: CycleEffectsOptions): CycleEffects {
  return {
    ...nameEffects(options),
    ...hostEffects(options),
    ...rowEffects(options),
    ...streamEffects(options),
    ...earlierRun(options),
    breaker: options.state.breakers,
    slots: options.commands.slots,
    order: options.order,
    scheduler: steadyScheduler,
    wallNow: Date.now,
    random: Math.random,
  };
}

function nameEffects({ settings, reader, state }: CycleEffectsOptions): CycleNames {
  return {
    lookUpName: (processId, afterMs) => reader.lookUpName(processId, afterMs),
    meetName: (processId, processName) => state.meet(processId, processName),
    admit: (processName) => {
      const { processes, monitor } = settings.current;
      return admit(processName, { ...processes, ...monitor });
    },
    pauseOf: (processName, processId) => state.pauses.activeFor(processName, processId),
  };
}

function hostEffects({ commands }: CycleEffectsOptions): CycleHost {
  return {
    runPreRestart: (target) => commands.track((signal) => runPreRestart(target, signal, commands.run)),
    restart: (target, onBegun, slot, since) =>
      commands.track((signal) =>
        commands.restart(target, signal, {
          onBegun,
          since,
          whileIdle: (waiting) => waitWithoutSlot(slot, signal, waiting),
        }),
      ),
    checkHealth: (target, report, timeoutMs) =>
      commands.track((signal) => commands.checkHealth(target, report, { timeoutMs, signal })),
    findRun: (target, report) => from(commands.findRun(target, report)),
    findRunBegin: (target) => from(commands.findRunBegin(target)),
    watchRun: (run, forMs) => commands.watchRun(run, forMs),
  };
}

function rowEffects({ settings, database, reader, state }: CycleEffectsOptions): CycleRow {
  return {
    isStillRaised: (processId) => fromAbortable(() => database.current.table.isRaised(processId)),
    findRaised: (processId, onMiss) => {
      // Another server than the primary may be behind the relay, and would not show the alarm.
      const isAtPrimary = database.facts?.server.mayWrite ?? false;
      return settings.current.binlog.relays && isAtPrimary ? reader.findRaised(processId, onMiss) : undefined;
    },
    acknowledges: () => settings.current.monitor.acknowledge === 'clear',
    writeRow: (write, processId, notes) =>
      fromAbortable(() => database.current.table[write](processId, notes)),
    composeNote: (outcome, text) => {
      // Masked before it is cut: a cut through a secret would leave the beginning of it readable (R24).
      const shown = createMask(secretsOf(settings.current))(text);
      return formatNote(outcome, Date.now(), shown, database.current.table.layout?.notes);
    },
    serverChanged: database.serverChanges,
    isClearInDoubt: (processId) => state.isClearInDoubt(processId),
  };
}

function streamEffects({ settings, stream }: CycleEffectsOptions): CycleStream {
  return {
    isRelayed: () => settings.current.binlog.relays !== undefined,
    isStreaming: () => stream.isStreaming,
    streamLagMs: () => stream.relayLagMs,
    changesShown: (processId) => stream.changesShown(processId),
  };
}

function earlierRun({ state }: CycleEffectsOptions): EarlierRun {
  return {
    wasVerified: (processId) => state.wasVerified(processId),
    isUnproven: (processId) => state.isUnproven(processId),
    wasRestartedWith: (alarm) => state.wasRestartedWith(alarm),
  };
}
