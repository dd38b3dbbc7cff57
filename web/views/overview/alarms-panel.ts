import { type Child, h, type VNode } from '../../dom/h.js';
import type { Snapshot } from '../../model/contract.js';
import { describeActivity } from '../../model/describe-activity.js';
import { processesRoute } from '../../model/routes.js';
import { formatSince } from '../../model/times.js';
import { count } from '../../model/words.js';
import { link, processLink } from '../../parts/links.js';
import { told } from '../../parts/mark.js';
import { panel } from '../../parts/panel.js';
import { table } from '../../parts/table.js';
import { empty } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** In a storm nobody reads more; the list of processes has all. */
const SHOWN = 30;

/** The standing alarms, and what each is doing this moment. */
export function alarmsPanel(shell: Shell, { alarms, counts, table: { isKnown } }: Snapshot): VNode {
  const now = shell.now();
  const rest = counts.alarms - Math.min(SHOWN, alarms.length);
  return panel(
    'alarms',
    'Standing alarms',
    undefined,
    alarms.length === 0 ? nothing(isKnown) : list(),
    rest > 0 &&
      h(
        'p',
        { class: 'rest' },
        link(processesRoute('alarm'), `and ${count(rest, 'more', 'more')}: show all`),
      ),
  );

  function list(): VNode {
    return table(
      'Standing alarms',
      [{ title: 'Process', isHead: true }, { title: 'Raised for', isNumber: true }, { title: 'Now' }],
      alarms.slice(0, SHOWN).map((alarm) => ({
        key: alarm.processId,
        cells: [
          processLink(alarm),
          formatSince(alarm.since, now),
          told(describeActivity(alarm.activity, now)),
        ],
      })),
    );
  }
}

function nothing(isKnown: boolean): Child {
  if (!isKnown) return empty('The table has not been read yet.');
  return empty(
    'No alarm is raised.',
    'To try one: ',
    h('code', null, 'monitor_service alarm raise NAME'),
    ', or in SQL: ',
    h('code', null, 'UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = …'),
  );
}
