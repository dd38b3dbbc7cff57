import { h, type VNode } from '../../dom/h.js';
import { HISTORY_SPANS, type HistoryRoute, historyRoute } from '../../model/routes.js';
import { VERDICTS, WENT_WRONG } from '../../model/verdicts.js';
import type { Shell } from '../../shell.js';

export const SPANS: Readonly<Record<(typeof HISTORY_SPANS)[number], string>> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  all: 'all that is kept',
};
const TRIGGERS = ['binlog', 'poll', 'reconnect', 'circuit-reset', 'resume', 'manual', 'restart-with'];

/** Which cycles are shown. Each change is in the address at once. */
export function historyFilters(shell: Shell, route: HistoryRoute): VNode {
  const change = (event: Event): void => {
    const fields = new FormData((event.currentTarget as HTMLElement).closest('form') as HTMLFormElement);
    const text = (name: string): string => String(fields.get(name) ?? '');
    const span = HISTORY_SPANS.find((known) => known === text('span')) ?? '24h';
    shell.go(
      historyRoute({ process: text('process'), verdict: text('verdict'), trigger: text('trigger'), span }),
      'replace',
    );
  };
  return h(
    'form',
    { class: 'controls', role: 'search', onsubmit: (event) => event.preventDefault() },
    h(
      'label',
      { class: 'field' },
      'Process, its whole name',
      h('input', {
        type: 'search',
        name: 'process',
        value: route.process,
        maxlength: 255,
        autocomplete: 'off',
        spellcheck: 'false',
        oninput: change,
      }),
    ),
    choice('How it ended', 'verdict', route.verdict, [
      ['', 'any'],
      [WENT_WRONG, 'all that went wrong'],
      ...Object.entries(VERDICTS).map(([verdict, { text }]) => [verdict, text] as const),
    ]),
    choice('Begun by', 'trigger', route.trigger, [
      ['', 'any'],
      ...TRIGGERS.map((name) => [name, name] as const),
    ]),
    choice(
      'In',
      'span',
      route.span,
      HISTORY_SPANS.map((span) => [span, SPANS[span]] as const),
    ),
  );

  function choice(
    label: string,
    name: string,
    value: string,
    options: readonly (readonly [string, string])[],
  ): VNode {
    return h(
      'label',
      { class: 'field' },
      label,
      h(
        'select',
        { name, value, onchange: change },
        options.map(([each, text]) => h('option', { value: each }, text)),
      ),
    );
  }
}
