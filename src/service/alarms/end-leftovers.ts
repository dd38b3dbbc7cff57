import { describeError } from '../../domain/errors.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import type { RestartSlots } from '../../operators/restart-slots.js';
import {
  awaitLeftover,
  endLeftoverCommands,
  type LeftoverCommand,
} from '../../restart/systemd/end-leftover-commands.js';
import type { SystemdClient } from '../../restart/systemd/systemd-client.js';
import type { Log } from '../../telemetry/log/log.js';
import { logLeftoverEnded, logLeftoverRuns } from '../../telemetry/messages/systemd-log.js';

interface EndLeftoversOptions {
  readonly systemd: SystemdClient;
  readonly slots: RestartSlots;
  readonly log: Log;
  /** Aborted when this service ends. What still runs is then left to the next run. */
  readonly signal: AbortSignal;
}

/**
 * Ends commands that an earlier run of this service left running, except restarts and pre-restart commands. These may
 * run until their deadline and own their process meanwhile (R31). Resolves when all of them are known. Never rejects.
 */
export async function endLeftovers(options: EndLeftoversOptions): Promise<void> {
  const { systemd, log } = options;
  try {
    await endLeftoverCommands(systemd, {
      onRuns: (command) => reserveProcess(command, options),
      onEnded: ({ systemName, step }) => logLeftoverEnded(log, systemName, step),
      onFailed: (unit, error) =>
        log.warn('monitor_service', `cannot end ${unit} of an earlier run: ${describeError(error)}`),
    });
  } catch (error) {
    log.warn('monitor_service', `cannot look for commands of an earlier run: ${describeError(error)}`);
  }
}

/** Reserves the process for the command, as for a cycle of this run. The command holds a slot while it runs (R8). */
function reserveProcess(
  command: LeftoverCommand,
  { systemd, slots, log, signal }: EndLeftoversOptions,
): void {
  const { systemName, step } = command;
  logLeftoverRuns(log, command);
  const ended = awaitLeftover(systemd, command, signal).then(
    (wasKilled) => wasKilled && logLeftoverEnded(log, systemName, step),
    (error) => log.warn(systemName, `the ${step} command of an earlier run: ${describeError(error)}`),
  );
  slots.request({
    key: normalizeUnitName(systemName),
    start: (_, end) => void ended.then(end),
    onClosed: () => {},
  });
}
