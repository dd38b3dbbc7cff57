import { resumeButton } from '../../actions/resume.js';
import { h, type VNode } from '../../dom/h.js';
import type { Maintenance, Snapshot } from '../../model/contract.js';
import { formatClock, formatSince } from '../../model/times.js';
import { told } from '../../parts/mark.js';
import { panel } from '../../parts/panel.js';
import { empty, foreign } from '../../parts/texts.js';
import type { Shell } from '../../shell.js';

/** The sections [maintenance.NAME]: which run now, and which come. */
export function maintenancePanel(shell: Shell, { maintenance, pauses, access }: Snapshot): VNode {
  const now = shell.now();
  return panel(
    'maintenance',
    'Maintenance windows',
    undefined,
    maintenance.length === 0
      ? empty(
          'None is configured.',
          'A section ',
          h('code', null, '[maintenance.NAME]'),
          ' of config.ini makes one.',
        )
      : h('ul', { class: 'list' }, maintenance.map(line)),
  );

  function line(window: Maintenance): VNode {
    const { name, running, next, processes, reason } = window;
    const pause = pauses.find((candidate) => candidate.maintenance === name);
    return h(
      'li',
      { key: name },
      h('span', null, foreign(name), reason !== undefined && [': ', foreign(reason)]),
      running
        ? told({ mark: 'held', text: `runs until ${formatClock(running.until, now)}` })
        : told({ mark: 'none', text: describeNext(next, now) }),
      h(
        'span',
        { class: 'quiet-text' },
        processes === undefined
          ? 'all processes'
          : processes.map((each, index) => [index > 0 && ', ', foreign(each)]),
      ),
      access === 'user' && running && pause && resumeButton(shell, pause),
    );
  }
}

function describeNext(next: Maintenance['next'], now: number): string {
  if (!next) return 'does not come again';
  return `next ${formatClock(next.since, now)} for ${formatSince(next.since, next.until)}`;
}
