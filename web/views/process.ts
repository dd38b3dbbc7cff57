import { escapeControlCharacters } from '../../src/lib/escape-control-characters.js';
import { type Child, h } from '../dom/h.js';
import { Resource } from '../live/resource.js';
import type { HistoryPage, ProcessDetail, ProcessRow } from '../model/contract.js';
import { processesRoute, type Route } from '../model/routes.js';
import { link } from '../parts/links.js';
import { failure } from '../parts/notice.js';
import { empty } from '../parts/texts.js';
import type { Page, Shell } from '../shell.js';
import { cyclesPanel } from './process/cycles-panel.js';
import { eventsPanel } from './process/events-panel.js';
import { processHead } from './process/process-head.js';
import { reactionPanel } from './process/reaction-panel.js';
import { settingsPanel } from './process/settings-panel.js';
import { statePanel } from './process/state-panel.js';

type ProcessRoute = Extract<Route, { view: 'process' }>;

/** As many as the chart shows. */
const CYCLES = 100;

/** All about one process. */
export function openProcess(shell: Shell, first: ProcessRoute): Page {
  let route = first;
  /** Of the latest event or answer. */
  let row: ProcessRow | undefined;
  const detail = new Resource<ProcessDetail>(() => {
    row = detail.value?.row ?? row;
    shell.redraw();
  });
  const cycles = new Resource<HistoryPage>(() => shell.redraw());
  const load = (): void => {
    detail.load(`/api/process?id=${route.processId}`);
    // By its id: another row may have its name.
    cycles.load(`/api/history?processId=${route.processId}&limit=${CYCLES}`);
  };
  load();

  return {
    get title() {
      return row ? escapeControlCharacters(row.processName) : `process_id ${route.processId}`;
    },
    view,
    show: (next) => {
      route = next as ProcessRoute;
      row = undefined;
      detail.value = undefined;
      cycles.value = undefined;
      load();
    },
    onEvent: (event) => {
      // Whatever has come meanwhile was not told.
      if (event.type === 'snapshot') {
        detail.reload();
        cycles.reload();
      }
      if (event.type === 'rows') {
        const changed = event.rows.find(({ processId }) => processId === route.processId);
        if (changed) row = changed;
        if (changed || event.isCut) detail.reload();
      }
      if (event.type === 'cycles' && (event.isCut || event.entries.some(isOfThis))) cycles.reload();
    },
    close: () => {
      detail.close();
      cycles.close();
    },
  };

  function isOfThis({ processId }: { readonly processId: number }): boolean {
    return processId === route.processId;
  }

  function view(): Child {
    const { value, error } = detail;
    if (error?.status === 404) {
      const title = h('h1', { tabindex: -1 }, `process_id ${route.processId}`);
      const all = link(processesRoute(), 'Show all processes');
      return [title, empty('There is no such process.', 'Its row in PROCESE is gone. ', all)];
    }
    if (error && !value) return failure(error.message);
    const entries = cycles.value?.entries;
    if (!value || !row) return h('p', { class: 'wait' }, 'Reading …');
    return [
      processHead(shell, row, value),
      h(
        'div',
        { class: 'process-columns' },
        h('div', { class: 'stack' }, statePanel(shell, row, value), eventsPanel(value, shell.now())),
        h('div', { class: 'stack' }, reactionPanel(entries), settingsPanel(value)),
      ),
      cyclesPanel(shell, entries, row),
    ];
  }
}
