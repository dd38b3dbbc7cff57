import { type Child, h, type VNode } from '../dom/h.js';
import { post } from '../live/api.js';
import type { Pause } from '../model/contract.js';
import { describePause } from '../model/describe-activity.js';
import { PAUSE_SPANS, readPauseForm } from '../model/pause-form.js';
import { capitalize } from '../model/words.js';
import { foreign } from '../parts/texts.js';
import type { Shell } from '../shell.js';

/** Pauses one process, or all where none is named. */
export function pauseButton(shell: Shell, processName?: string): VNode {
  const key = `pause ${processName ?? ''}`;
  const label = processName === undefined ? 'Pause all…' : 'Pause…';
  const subject: Child = processName === undefined ? 'all processes' : foreign(processName);
  return shell.actions.slot(key, {
    label,
    onclick: () =>
      shell.dialogs.ask({
        title: processName === undefined ? 'Pause all processes' : 'Pause',
        body: [
          h(
            'p',
            null,
            'Nothing restarts ',
            subject,
            ' while the pause lasts. Alarms stay raised, and are answered when it is over.',
          ),
          h(
            'label',
            { class: 'field' },
            'For how long',
            h(
              'select',
              { name: 'span' },
              PAUSE_SPANS.map(({ value, label: text }) => h('option', { value }, text)),
            ),
          ),
          h(
            'label',
            { class: 'field' },
            'Another time, such as 45m or 1h30m',
            h('input', { name: 'other', maxlength: 20, autocomplete: 'off', spellcheck: 'false' }),
          ),
          h(
            'label',
            { class: 'field' },
            'Reason, for those who find it paused',
            h('input', { name: 'reason', maxlength: 200, autocomplete: 'off' }),
          ),
        ],
        confirm: 'Pause',
        onConfirm: (fields) => {
          const form = readPauseForm({
            span: String(fields.get('span') ?? ''),
            other: String(fields.get('other') ?? ''),
            reason: String(fields.get('reason') ?? ''),
          });
          if ('problem' in form) return form.problem;
          pause(shell, key, processName, form);
          return undefined;
        },
      }),
  });
}

function pause(
  shell: Shell,
  key: string,
  name: string | undefined,
  form: { readonly forMs?: number; readonly reason?: string },
): void {
  shell.actions.run(key, 'pausing', async () => {
    const body = { ...(name === undefined ? {} : { name }), ...form };
    const { pause: begun, warnings } = await post<{ pause: Pause; warnings: readonly string[] }>(
      '/api/pause',
      body,
      shell.session?.token,
    );
    const text = [capitalize(describePause(begun, shell.now())), ...warnings].join('; ');
    return { mark: warnings.length > 0 ? 'warn' : 'held', text };
  });
}
