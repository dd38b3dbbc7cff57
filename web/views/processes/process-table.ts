import { type Child, h, type VNode } from '../../dom/h.js';
import type { ProcessPage, ProcessRow } from '../../model/contract.js';
import { describeOutcome, describeRestarts, describeState, shortBreaker } from '../../model/describe-row.js';
import type { Told } from '../../model/mark.js';
import type { ProcessesRoute } from '../../model/routes.js';
import { formatAgo } from '../../model/times.js';
import { describeVerdict } from '../../model/verdicts.js';
import { link, processLink } from '../../parts/links.js';
import { told } from '../../parts/mark.js';
import { strip } from '../../parts/strip.js';
import { table } from '../../parts/table.js';
import { foreign } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** A row for each process. The strip of its last cycles is for users. */
export function processTable(shell: Shell, route: ProcessesRoute, { rows: shown }: ProcessPage): VNode {
  const now = shell.now();
  const mayAct = shell.session?.access === 'user';
  const sortLink = (sort: ProcessesRoute['sort'], title: string): Child =>
    link(
      { ...route, sort, page: 1 },
      title,
      h('span', { 'aria-hidden': 'true' }, route.sort === sort ? ' ↓' : ''),
    );
  const sorted = (sort: ProcessesRoute['sort']) => (route.sort === sort ? 'ascending' : 'none');
  return table(
    'Processes',
    [
      { title: sortLink('name', 'Process'), sort: sorted('name'), isHead: true },
      { title: sortLink('state', 'State'), label: 'State', sort: sorted('state') },
      { title: 'Last outcome', isNarrow: true },
      { title: 'Restarts', isNarrow: true },
      { title: 'Breaker', isNarrow: true },
      ...(mayAct ? [{ title: 'Last 20 cycles', isNarrow: true as const }] : []),
    ],
    shown.map((row) => ({ key: row.processId, cells: cellsOf(row, now, mayAct) })),
  );
}

function cellsOf(row: ProcessRow, now: number, mayAct: boolean): Child[] {
  const { mark, text, detail } = describeState(row, now);
  return [
    processLink(row),
    h(
      'div',
      null,
      told({ mark, text }),
      detail !== undefined && h('div', { class: 'quiet-text' }, foreign(detail)),
    ),
    outcome(row, now),
    restarts(row),
    breaker(row),
    ...(mayAct ? [strip(row.strip)] : []),
  ];
}

/** Of before the start of the service only the history knows. */
function outcome({ lastOutcome, strip: cycles = [] }: ProcessRow, now: number): Child {
  const latest = cycles.at(-1);
  if (lastOutcome) return outcomeAt(describeOutcome(lastOutcome), lastOutcome.at, now);
  if (latest) return outcomeAt(describeVerdict(latest.verdict), latest.at, now);
  return h('span', { class: 'quiet-text' }, 'none yet');
}

function outcomeAt(what: Told, at: number, now: number): Child {
  return [told(what), h('span', { class: 'quiet-text ago' }, ` ${formatAgo(at, now)}`)];
}

function breaker(row: ProcessRow): Child {
  const { mark, text } = shortBreaker(row.breaker);
  return mark === 'ok' ? h('span', { class: 'quiet-text' }, text) : told({ mark, text });
}

function restarts(row: ProcessRow): Child {
  const { mark, text } = describeRestarts(row.restarts);
  return mark === 'none' ? text : told({ mark, text });
}
