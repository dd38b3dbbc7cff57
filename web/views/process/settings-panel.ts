import { type Child, h, type VNode } from '../../dom/h.js';
import type { ProcessDetail } from '../../model/contract.js';
import { panel } from '../../parts/panel.js';
import { foreign } from '../../parts/texts.js';

type Setting = ProcessDetail['settings'][number];

/** The settings in effect, as they would stand in config.ini. Those that are not the default come first. */
export function settingsPanel({ settings, hasSection, row }: ProcessDetail): VNode {
  const own = settings.filter(({ isDefault }) => !isDefault);
  const usual = settings.filter(({ isDefault }) => isDefault);
  return panel(
    'settings',
    'Settings in effect',
    undefined,
    h(
      'p',
      { class: 'quiet-text' },
      hasSection
        ? ['Of the section ', section(row.processName), ', then ', h('code', null, '[process.default]'), '.']
        : [
            'It has no section ',
            section(row.processName),
            ': these come from ',
            h('code', null, '[process.default]'),
            '.',
          ],
    ),
    own.length > 0 && list(own),
    usual.length > 0 &&
      h('details', null, h('summary', null, `${usual.length} that have their default`), list(usual)),
  );
}

function section(name: string): Child {
  return h('code', null, '[process.', foreign(name), ']');
}

function list(settings: readonly Setting[]): VNode {
  return h(
    'dl',
    { class: 'facts settings' },
    settings.map(({ key, value }) => [
      h('dt', { key }, key),
      h('dd', { key }, value === '' ? h('span', { class: 'quiet-text' }, 'empty') : foreign(value)),
    ]),
  );
}
