import { h, type VNode } from '../../dom/h.js';
import type { Snapshot } from '../../model/contract.js';
import { describeBreaker } from '../../model/describe-row.js';
import { processesRoute } from '../../model/routes.js';
import { link, processLink } from '../../parts/links.js';
import { told } from '../../parts/mark.js';
import { panel } from '../../parts/panel.js';
import { empty } from '../../parts/texts.js';

const SHOWN = 8;

/** Breakers that are not closed or have counted failures. */
export function breakersPanel({ breakers, counts }: Snapshot, now: number): VNode {
  const rest = counts.breakers - Math.min(SHOWN, breakers.length);
  return panel(
    'breakers',
    'Circuit breakers',
    undefined,
    breakers.length === 0
      ? empty('All are closed.')
      : h(
          'ul',
          { class: 'list' },
          breakers
            .slice(0, SHOWN)
            .map((breaker) =>
              h('li', { key: breaker.processId }, processLink(breaker), told(describeBreaker(breaker, now))),
            ),
        ),
    rest > 0 && h('p', { class: 'rest' }, link(processesRoute('trouble'), `and ${rest} more`)),
  );
}
