import { formatLocalTime } from '../../../src/domain/local-time.js';
import { type Child, h, type VNode } from '../../dom/h.js';
import type { ProcessDetail, ProcessRow } from '../../model/contract.js';
import { describeActivity } from '../../model/describe-activity.js';
import { describeBreaker, describeOutcome, describeRestarts } from '../../model/describe-row.js';
import { formatAgo, formatSince } from '../../model/times.js';
import { told } from '../../parts/mark.js';
import { facts, panel } from '../../parts/panel.js';
import { strip } from '../../parts/strip.js';
import { foreign, time } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** What it is doing, and how it stands. */
export function statePanel(shell: Shell, row: ProcessRow, { notes, sound }: ProcessDetail): VNode {
  const now = shell.now();
  const { alarmSince, activity, lastOutcome, breaker, restarts } = row;
  return panel(
    'state',
    'State',
    strip(row.strip),
    facts(
      [
        'Alarm',
        alarmSince === undefined
          ? 'not raised'
          : told({ mark: 'warn', text: 'raised', more: ` for ${formatSince(alarmSince, now)}` }),
      ],
      activity && ['Now', told(describeActivity(activity, now))],
      lastOutcome && [
        'Last outcome',
        [
          told(describeOutcome(lastOutcome)),
          ' ',
          time(lastOutcome.at, formatAgo(lastOutcome.at, now), formatLocalTime(lastOutcome.at)),
          lastOutcome.message !== undefined && h('div', { class: 'reason' }, foreign(lastOutcome.message)),
        ],
      ],
      ['Breaker', told(describeBreaker(breaker, now))],
      ['Restarts', restartsLine(restarts)],
      [
        'Notes of the row',
        notes === null || notes === '' ? h('span', { class: 'quiet-text' }, 'none') : foreign(notes),
      ],
      sound !== null && sound !== 0 && ['Sound of the row', sound],
    ),
  );
}

function restartsLine(restarts: ProcessRow['restarts']): Child {
  if (!restarts) return 'none in the window';
  const { mark, text } = describeRestarts(restarts);
  const more = ` within ${formatSince(0, restarts.withinMs)}`;
  return mark === 'none' ? `${text}${more}` : told({ mark, text, more });
}
