import { h, type VNode } from '../dom/h.js';
import { post } from '../live/api.js';
import type { AlarmChange } from '../model/contract.js';
import { foreign } from '../parts/texts.js';
import type { Shell } from '../shell.js';
import type { NamedProcess } from './named-process.js';

/** Which of the two has a place of its own on the page. */
export function alarmKey(action: 'raise' | 'clear', { processId }: NamedProcess): string {
  return `${action} ${processId}`;
}

/** Raises the alarm of a process in the table, with a note if one is typed. */
export function raiseButton(shell: Shell, process: NamedProcess): VNode {
  return shell.actions.slot(alarmKey('raise', process), {
    label: 'Raise alarm…',
    onclick: () =>
      shell.dialogs.ask({
        title: 'Raise its alarm?',
        body: [
          h(
            'p',
            null,
            'The alarm of ',
            foreign(process.processName),
            ' is raised in the table, and the service handles it like any other: usually with a restart.',
          ),
          noteField('Notes of the alarm (optional)'),
        ],
        confirm: 'Raise alarm',
        isDangerous: true,
        onConfirm: (fields) => change(shell, 'raise', process, fields),
      }),
  });
}

/** Clears the alarm of a process in the table, as somebody does who has repaired it. */
export function clearButton(shell: Shell, process: NamedProcess): VNode {
  return shell.actions.slot(alarmKey('clear', process), {
    label: 'Clear alarm…',
    onclick: () =>
      shell.dialogs.ask({
        title: 'Clear its alarm?',
        body: [
          h(
            'p',
            null,
            'The alarm of ',
            foreign(process.processName),
            ' is cleared without a restart. If the process does not run, nothing here says so any more.',
          ),
          noteField('Notes for the row (optional)'),
        ],
        confirm: 'Clear alarm',
        isDangerous: true,
        onConfirm: (fields) => change(shell, 'clear', process, fields),
      }),
  });
}

function noteField(label: string): VNode {
  return h(
    'label',
    { class: 'field' },
    label,
    h('input', { name: 'note', maxlength: 200, autocomplete: 'off' }),
  );
}

function change(
  { actions, session }: Shell,
  action: 'raise' | 'clear',
  process: NamedProcess,
  fields: FormData,
): undefined {
  const note = String(fields.get('note') ?? '').trim();
  const begin = action === 'raise' ? 'raising the alarm' : 'clearing the alarm';
  actions.run(alarmKey(action, process), begin, async () => {
    // By its id: two rows may have one name.
    const body = { names: [String(process.processId)], ...(note === '' ? {} : { note }) };
    const { processes } = await post<{ processes: readonly AlarmChange[] }>(
      `/api/${action}`,
      body,
      session?.token,
    );
    const outcome = processes[0]?.outcome ?? 'nothing changed';
    return { mark: outcome === 'not in alarm' ? 'warn' : 'ok', text: outcome };
  });
  return undefined;
}
