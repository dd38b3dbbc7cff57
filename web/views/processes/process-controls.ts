import { h, type VNode } from '../../dom/h.js';
import type { ProcessPage } from '../../model/contract.js';
import { formatRoute, PROCESS_FILTERS, type ProcessesRoute, type ProcessFilter } from '../../model/routes.js';
import { formatCount } from '../../model/words.js';
import type { Shell } from '../../shell.js';

const FILTERS: Readonly<Record<ProcessFilter, string>> = {
  all: 'All',
  alarm: 'In alarm',
  trouble: 'Trouble',
  paused: 'Paused',
};

/** Which processes are listed: by a part of their name, and by their state. */
export function processControls(shell: Shell, route: ProcessesRoute, page: ProcessPage | undefined): VNode {
  const search = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    shell.go({ ...route, search: value, page: 1 }, 'replace');
  };
  return h(
    'div',
    { class: 'controls', role: 'search' },
    h(
      'label',
      { class: 'search' },
      h('span', { class: 'unseen' }, 'Search by name'),
      h('input', {
        type: 'search',
        placeholder: 'Part of a name',
        value: route.search,
        maxlength: 255,
        autocomplete: 'off',
        spellcheck: 'false',
        oninput: search,
      }),
    ),
    h(
      'nav',
      { class: 'filters', 'aria-label': 'Which processes' },
      PROCESS_FILTERS.map((state) =>
        h(
          'a',
          {
            key: state,
            href: formatRoute({ ...route, state, page: 1 }),
            'aria-current': state === route.state ? 'true' : undefined,
          },
          FILTERS[state],
          page?.counts && h('span', { class: 'filter-count' }, formatCount(page.counts[state])),
        ),
      ),
    ),
  );
}
