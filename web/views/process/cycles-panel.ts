import { h, type VNode } from '../../dom/h.js';
import type { HistoryEntry, ProcessRow } from '../../model/contract.js';
import { historyRoute } from '../../model/routes.js';
import { cycleTable } from '../../parts/cycle-table.js';
import { link } from '../../parts/links.js';
import { panel } from '../../parts/panel.js';
import { empty } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

const SHOWN = 15;

/** Its last cycles; the history has all. */
export function cyclesPanel(
  shell: Shell,
  entries: readonly HistoryEntry[] | undefined,
  { processName }: ProcessRow,
): VNode {
  return panel(
    'cycles',
    'Cycles',
    link(historyRoute({ process: processName, span: 'all' }), 'In the history'),
    !entries
      ? empty('Reading …')
      : entries.length === 0
        ? empty('No cycle has ended yet.', 'Each cycle is listed here when it has ended.')
        : h(
            'div',
            { class: 'scroll' },
            cycleTable('Its last cycles', entries.slice(0, SHOWN), shell.now(), 'process'),
          ),
  );
}
