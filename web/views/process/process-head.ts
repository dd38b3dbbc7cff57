import { alarmKey, clearButton, raiseButton } from '../../actions/alarm.js';
import { pauseButton } from '../../actions/pause.js';
import { resetButton, resetKey } from '../../actions/reset.js';
import { restartButton } from '../../actions/restart.js';
import { resumeButton, resumeKey } from '../../actions/resume.js';
import { h, type VNode } from '../../dom/h.js';
import type { ProcessDetail, ProcessRow } from '../../model/contract.js';
import { describeState } from '../../model/describe-row.js';
import { processesRoute } from '../../model/routes.js';
import { link } from '../../parts/links.js';
import { told } from '../../parts/mark.js';
import { notice } from '../../parts/notice.js';
import { foreign } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** The name, its state, and what can be done. */
export function processHead(shell: Shell, row: ProcessRow, { refusal }: ProcessDetail): VNode {
  const { processId, processName } = row;
  const { actions } = shell;
  const { mark, text } = describeState(row, shell.now());
  return h(
    'header',
    { class: 'process-head' },
    h('p', { class: 'trail' }, link(processesRoute(), 'Processes'), ' / ', `process_id ${processId}`),
    h('h1', { tabindex: -1 }, foreign(processName), ' ', told({ mark, text })),
    refusal !== undefined && notice({ mark: 'bad', text: 'It is never restarted', more: `: ${refusal}` }),
    h(
      'div',
      { class: 'actions', role: 'group', 'aria-label': 'Actions' },
      restartButton(shell, row),
      pauseButton(shell, processName),
      (isPaused(shell, processName) || actions.has(resumeKey({ processName }))) &&
        resumeButton(shell, { processName }),
      (row.breaker || actions.has(resetKey(row))) && resetButton(shell, row),
      (row.alarmSince === undefined || actions.has(alarmKey('raise', row))) && raiseButton(shell, row),
      (row.alarmSince !== undefined || actions.has(alarmKey('clear', row))) && clearButton(shell, row),
    ),
  );
}

function isPaused({ live }: Shell, processName: string): boolean {
  const pauses = live.snapshot?.pauses ?? [];
  return pauses.some((pause) => pause.processName === processName && pause.maintenance === undefined);
}
