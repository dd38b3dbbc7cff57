import { endUnit } from './end-unit.js';
import type { SystemdClient } from './systemd-client.js';
import { COMMAND_UNITS, parseCommandUnitName } from './transient-name.js';

interface LeftoverCommand {
  readonly systemName: string;
  readonly step: string;
}

/**
 * Ends commands that an earlier run of this service left running (R31). When it was killed they went on in their
 * units, and the same command would run twice. Daemons that a command has started keep running: the unit of a command
 * that has ended is inactive, whatever still runs in it. Notifications finish by themselves.
 *
 * Calls `onEnded` for each command that has ended. Throws RestartError if systemd cannot be reached.
 */
export async function endLeftoverCommands(
  systemd: SystemdClient,
  onEnded: (command: LeftoverCommand) => void,
): Promise<void> {
  const units = await systemd.list(COMMAND_UNITS);
  const running = units.filter(({ activeState }) => activeState !== 'inactive' && activeState !== 'failed');
  await Promise.all(
    running.map(async ({ id }) => {
      const command = parseCommandUnitName(id);
      if (!command || command.step === 'notify') return;
      await endUnit(systemd, id);
      onEnded(command);
    }),
  );
}
