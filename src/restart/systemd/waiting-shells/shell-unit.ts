import { quoteForShell } from '../../../lib/shell-word.js';
import { TERM_GRACE_MS } from '../../commands/run-command.js';
import { outputProperties } from '../command-unit.js';
import type { TransientUnit } from '../systemd-client.js';
import { type ShellKind, shellUnitName } from '../transient-name.js';
import { durationProperty, textProperty } from '../transient-property.js';

/**
 * The unit of a waiting shell. The shell waits for one line on this FIFO, and ends when nobody has the FIFO open for
 * writing.
 */
export function shellUnit(kind: ShellKind, fifo: string): TransientUnit {
  const file = quoteForShell(fifo);
  return {
    name: shellUnitName(kind),
    description: `a shell that waits for a ${kind === 'check' ? 'health check' : 'command'} of the process monitor service`,
    // First opened for reading and writing: opening a FIFO only for reading waits for a writer, for ever if the
    // service has died.
    argv: ['/bin/sh', '-c', `exec 3<>${file} <${file} 3>&-; exec /bin/sh -s waiting`],
    properties: [
      // A daemon that the command leaves behind keeps running. A health check must not leave anything behind.
      textProperty('KillMode', kind === 'check' ? 'control-group' : 'process'),
      durationProperty('TimeoutStopSec', TERM_GRACE_MS),
      ...outputProperties(),
    ],
  };
}

/** The line that makes the shell become the shell of this command. */
export function becomeCommand(commandFile: string): string {
  return `exec /bin/sh ${quoteForShell(commandFile)} </dev/null\n`;
}
