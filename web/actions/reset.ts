import { h, type VNode } from '../dom/h.js';
import { post } from '../live/api.js';
import { foreign } from '../parts/texts.js';
import type { Shell } from '../shell.js';
import type { NamedProcess } from './named-process.js';

/** The place of this action on the page. */
export function resetKey({ processId }: NamedProcess): string {
  return `reset ${processId}`;
}

/** Closes the breaker of a process. */
export function resetButton(shell: Shell, process: NamedProcess): VNode {
  const { processName } = process;
  return shell.actions.slot(resetKey(process), {
    label: 'Reset breaker…',
    onclick: () =>
      shell.dialogs.ask({
        title: 'Reset its breaker?',
        body: [
          h(
            'p',
            null,
            'The breaker of ',
            foreign(processName),
            ' is closed, and its failures and restarts are forgotten. If its alarm is raised, it is restarted at once.',
          ),
        ],
        confirm: 'Reset breaker',
        isDangerous: true,
        onConfirm: () => {
          reset(shell, process);
          return undefined;
        },
      }),
  });
}

function reset({ actions, session }: Shell, process: NamedProcess): void {
  const { processName: name } = process;
  actions.run(resetKey(process), 'resetting', async () => {
    const { reset: names } = await post<{ reset: readonly string[] }>('/api/reset', { name }, session?.token);
    return names.length > 0
      ? { mark: 'ok', text: 'breaker closed' }
      : { mark: 'warn', text: 'its breaker was closed already' };
  });
}
