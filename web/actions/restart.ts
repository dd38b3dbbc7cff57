import { h, type VNode } from '../dom/h.js';
import { postLines } from '../live/api.js';
import { foreign } from '../parts/texts.js';
import type { Shell } from '../shell.js';
import type { NamedProcess } from './named-process.js';

/** Restarts a process now, and shows each step where the button was. */
export function restartButton(shell: Shell, { processId, processName }: NamedProcess): VNode {
  const key = `restart ${processId}`;
  return shell.actions.slot(key, {
    label: 'Restart now…',
    onclick: () =>
      shell.dialogs.ask({
        title: 'Restart now?',
        body: [
          h(
            'p',
            null,
            foreign(processName),
            ' is restarted at once, whether an alarm is raised or not. Its users are interrupted.',
          ),
        ],
        confirm: 'Restart now',
        isDangerous: true,
        onConfirm: () => {
          restart(shell, key, processName);
          return undefined;
        },
      }),
  });
}

function restart({ actions, session }: Shell, key: string, name: string): void {
  actions.run(key, 'restarting', async (tell) => {
    const last = await postLines('/api/restart', { name }, session?.token, ({ message }) => tell(message));
    if (!('verified' in last))
      return { mark: 'warn', text: `${last.message}; the connection was lost, it goes on` };
    const text = last.remedy === undefined ? last.message : `${last.message}; ${last.remedy}`;
    return { mark: last.verified ? 'ok' : 'bad', text };
  });
}
