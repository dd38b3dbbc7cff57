import { h, type VNode } from '../dom/h.js';
import { Resource } from '../live/resource.js';
import type { Charts, Snapshot } from '../model/contract.js';
import { summarize } from '../model/summarize.js';
import { markIcon } from '../parts/mark.js';
import type { Page, Shell } from '../shell.js';
import { alarmsPanel } from './overview/alarms-panel.js';
import { breakersPanel } from './overview/breakers-panel.js';
import { dayPanel } from './overview/day-panel.js';
import { maintenancePanel } from './overview/maintenance-panel.js';
import { noticesOf } from './overview/notices.js';
import { pausesPanel } from './overview/pauses-panel.js';
import { readouts } from './overview/readouts.js';
import { sourcesPanel } from './overview/sources-panel.js';

/** In a storm cycles end all the time, and a chart of a day looks the same. */
const CHARTS_INTERVAL_MS = 10_000;

/** What somebody sees first: is all well, and if not, what is being done about it. */
export function openOverview(shell: Shell): Page {
  const charts = new Resource<Charts>(() => shell.redraw(), CHARTS_INTERVAL_MS);
  charts.load('/api/charts');
  return {
    title: 'Overview',
    view: () => {
      const { snapshot } = shell.live;
      if (!snapshot) return h('p', { class: 'wait' }, 'Waiting for the service …');
      return view(shell, snapshot, charts);
    },
    // A cycle has ended, so the totals have changed.
    onEvent: (event) => {
      if (event.type === 'snapshot' || (event.type === 'change' && event.change.totals)) charts.reload();
    },
    close: () => charts.close(),
  };
}

function view(shell: Shell, snapshot: Snapshot, charts: Resource<Charts>): VNode {
  const { mark, text } = summarize(snapshot);
  return h(
    'div',
    { class: 'overview' },
    h('h1', { class: `summary told-${mark}`, tabindex: -1 }, markIcon(mark), h('span', null, text)),
    noticesOf(snapshot, shell.now()),
    readouts(snapshot, shell.now()),
    h(
      'div',
      { class: 'overview-columns' },
      h('div', { class: 'stack' }, alarmsPanel(shell, snapshot), dayPanel(charts)),
      h(
        'div',
        { class: 'stack' },
        sourcesPanel(snapshot, shell.now()),
        breakersPanel(snapshot, shell.now()),
        pausesPanel(shell, snapshot),
        maintenancePanel(shell, snapshot),
      ),
    ),
  );
}
