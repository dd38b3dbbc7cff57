import { pauseButton } from '../../actions/pause.js';
import { resumeButton } from '../../actions/resume.js';
import { type Child, h, type VNode } from '../../dom/h.js';
import type { Pause, Snapshot } from '../../model/contract.js';
import { describeActivity } from '../../model/describe-activity.js';
import { count } from '../../model/words.js';
import { logInToAct } from '../../parts/links.js';
import { told } from '../../parts/mark.js';
import { panel } from '../../parts/panel.js';
import { empty, foreign } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** Who has paused what, until when and why. Those of a maintenance are in its own panel. */
export function pausesPanel(shell: Shell, { access, pauses, counts }: Snapshot): VNode {
  const mayAct = access === 'user';
  const own = pauses.filter(({ maintenance }) => maintenance === undefined);
  const now = shell.now();
  return panel('pauses', 'Pauses', mayAct ? pauseButton(shell) : undefined, content());

  function content(): Child {
    if (!mayAct && counts.pauses > 0)
      return h(
        'p',
        null,
        `${count(counts.pauses, 'pause')}. `,
        logInToAct({ view: 'overview' }, 'Log in to see whose'),
      );
    if (own.length === 0) return empty('Nothing is paused.');
    return h('ul', { class: 'list' }, own.map(line));
  }

  function line(pause: Pause): VNode {
    const subject = pause.processName ?? '';
    return h(
      'li',
      { key: subject },
      pause.processName === undefined ? h('strong', null, 'all processes') : foreign(pause.processName),
      told(describeActivity({ kind: 'paused', ...pause }, now)),
      resumeButton(shell, pause),
    );
  }
}
