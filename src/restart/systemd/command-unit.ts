import { type RunOptions, TERM_GRACE_MS } from '../commands/run-command.js';
import type { TransientProperty, TransientUnit } from './systemd-client.js';
import { type CommandStep, commandUnitName } from './transient-name.js';
import { durationProperty, inputFileProperty, levelProperty, textProperty } from './transient-property.js';

/** If this service is killed and no other run follows, the command is ended this long after its deadline, in ms. */
export const BACKSTOP_MS = 10_000;

interface CommandUnitOptions {
  readonly systemName: string;
  readonly step: CommandStep;
  readonly timeoutMs: number;
  readonly leftovers?: RunOptions['leftovers'] | undefined;
  /** A file with the command, and one that it reads from stdin. */
  readonly commandFile: string;
  readonly inputFile?: string | undefined;
}

/** The transient service unit of one command of the configuration (R16, R31). */
export function commandUnit(options: CommandUnitOptions): TransientUnit {
  const { systemName, step, timeoutMs, leftovers, commandFile, inputFile } = options;
  return {
    name: commandUnitName(systemName, step),
    description: `${step} command for ${systemName} of the process monitor service`,
    argv: ['/bin/sh', commandFile],
    properties: [
      // A daemon that the command leaves behind keeps running. A health check must not leave anything behind.
      textProperty('KillMode', leftovers === 'killed' ? 'control-group' : 'process'),
      durationProperty('TimeoutStopSec', TERM_GRACE_MS),
      durationProperty('RuntimeMaxSec', timeoutMs + BACKSTOP_MS),
      ...outputProperties(),
      ...(inputFile === undefined ? [] : [inputFileProperty(inputFile)]),
    ],
  };
}

/** The journal is bounded and outlives this service. A daemon that was left behind may keep writing to it. */
export function outputProperties(): TransientProperty[] {
  return [
    textProperty('StandardOutput', 'journal'),
    textProperty('StandardError', 'journal'),
    textProperty('SyslogIdentifier', 'monitor_service-command'),
    // Hides the lines of systemd about start and end, which a check every second would repeat.
    levelProperty('SyslogLevel', 'notice'),
    levelProperty('LogLevelMax', 'notice'),
  ];
}
