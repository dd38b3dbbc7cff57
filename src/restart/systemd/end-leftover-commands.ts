import { endUnit } from './end-unit.js';
import type { SystemdClient } from './systemd-client.js';
import { COMMAND_UNITS, parseCommandUnitName } from './transient-name.js';

interface LeftoverCommand {
  readonly systemName: string;
  readonly step: string;
}

/**
 * Ends the commands that an earlier run of this service left running (R31): when it was killed they went on in their
 * units, and the same command would begin beside itself. Daemons that a command has left behind live on: the unit of a
 * command that has ended is inactive, whatever runs in it. Notifications finish by themselves.
 *
 * `onEnded` is told of each one when it has ended. Throws RestartError where systemd cannot tell.
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
