import { pauseButton } from '../../actions/pause.js';
import { resumeButton, resumeKey } from '../../actions/resume.js';
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
    const over = shell.actions.resultsBeyond('resume pause ', own.map(resumeKey));
    return [
      own.length === 0 && over.length === 0 && empty('Nothing is paused.'),
      h('ul', { class: 'list' }, own.map(line), over.map(result)),
    ];
  }

  /** The pause is over; what came of it stands where its button was. */
  function result(key: string): VNode {
    const name = key.slice('resume pause '.length);
    return h(
      'li',
      { key: `${key} result` },
      subjectOf(name),
      resumeButton(shell, name === '' ? {} : { processName: name }),
    );
  }

  function line(pause: Pause): VNode {
    const subject = pause.processName ?? '';
    return h(
      'li',
      { key: subject },
      subjectOf(subject),
      told(describeActivity({ kind: 'paused', ...pause }, now)),
      resumeButton(shell, pause),
    );
  }
}

function subjectOf(name: string): VNode {
  return name === '' ? h('strong', null, 'all processes') : foreign(name);
}
