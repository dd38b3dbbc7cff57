import { quoteForShell } from '../../commands/shell-text.js';
import { outputProperties, TERM_GRACE_MS } from '../command-unit.js';
import type { TransientUnit } from '../systemd-client.js';
import { type ShellKind, shellUnitName } from '../transient-name.js';
import { durationProperty, textProperty } from '../transient-property.js';

/** A unit in which a shell waits for one line on this FIFO, and ends when nobody holds the FIFO open for writing. */
export function shellUnit(kind: ShellKind, fifo: string): TransientUnit {
  const file = quoteForShell(fifo);
  return {
    name: shellUnitName(kind),
    description: `a shell that waits for a ${kind === 'check' ? 'health check' : 'command'} of the process monitor service`,
    // Opened for both first: to open a FIFO for reading alone waits for a writer, for ever where the service has died.
    argv: ['/bin/sh', '-c', `exec 3<>${file} <${file} 3>&-; exec /bin/sh -s waiting`],
    properties: [
      // A daemon that the command leaves behind lives on; a health check has nothing to leave behind.
      textProperty('KillMode', kind === 'check' ? 'control-group' : 'process'),
      durationProperty('TimeoutStopSec', TERM_GRACE_MS),
      ...outputProperties(),
    ],
  };
}

/** What the shell is told: it becomes the shell of a unit that was made for this command. */
export function becomeCommand(commandFile: string): string {
  return `exec /bin/sh ${quoteForShell(commandFile)} </dev/null\n`;
}
