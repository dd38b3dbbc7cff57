import type { VNode } from '../dom/h.js';
import { post } from '../live/api.js';
import type { Pause } from '../model/contract.js';
import { describePause } from '../model/describe-activity.js';
import { count } from '../model/words.js';
import type { Shell } from '../shell.js';

type PauseOf = Pick<Pause, 'processName' | 'maintenance'>;

/** The place of this action on the page. */
export function resumeKey({ processName, maintenance }: PauseOf): string {
  return maintenance === undefined
    ? `resume pause ${processName ?? ''}`
    : `resume maintenance ${maintenance}`;
}

/** Ends a pause: of a process, of all, or this run of a maintenance. */
export function resumeButton(shell: Shell, pause: PauseOf): VNode {
  const { processName, maintenance } = pause;
  const subject = maintenance ?? processName ?? 'all processes';
  const key = resumeKey(pause);
  const body =
    maintenance !== undefined ? { maintenance } : processName === undefined ? {} : { name: processName };
  return shell.actions.slot(key, {
    label: maintenance === undefined ? 'Resume' : 'End it now',
    accessibleName: maintenance === undefined ? `Resume ${subject}` : `End it now: maintenance ${subject}`,
    onclick: () => resume(shell, key, body),
  });
}

function resume(shell: Shell, key: string, body: object): void {
  shell.actions.run(key, 'resuming', async () => {
    const { left } = await post<{ left: readonly Pause[] }>('/api/resume', body, shell.session?.token);
    const [other] = left;
    if (!other) return { mark: 'ok', text: 'resumed' };
    const more = left.length === 1 ? describePause(other, shell.now()) : count(left.length, 'pause');
    return { mark: 'warn', text: `resumed; still in effect: ${more}` };
  });
}
