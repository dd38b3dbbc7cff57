import { type Child, h, type VNode } from '../dom/h.js';

/** A question, and what to do when it is answered with yes. */
interface Question {
  readonly title: string;
  readonly body: readonly Child[];
  /** What the button says that does it. */
  readonly confirm: string;
  readonly isDangerous?: true;
  /** The fields of the form. Returns what is wrong with them; then the dialog stays. */
  readonly onConfirm: (fields: FormData) => string | undefined;
}

/** One dialog at a time, modal: Esc closes it, and the focus goes back to where it was. */
export class Dialogs {
  #question: Question | undefined;
  #problem: string | undefined;
  #asked = 0;

  constructor(private readonly redraw: () => void) {}

  ask(question: Question): void {
    this.#asked += 1;
    this.#question = question;
    this.#problem = undefined;
    this.redraw();
  }

  /** What it asks about is no longer shown. */
  close(): void {
    this.#question = undefined;
    this.redraw();
  }

  view(): VNode | undefined {
    const question = this.#question;
    if (!question) return undefined;
    return h(
      'dialog',
      {
        // An element of its own for each question: only a new one is shown, and the one before may just be closing.
        key: `dialog-${this.#asked}`,
        'aria-labelledby': 'dialog-title',
        onclose: () => {
          if (this.#question === question) this.close();
        },
        // On the backdrop, and not in the dialog.
        onclick: (event) => {
          if (event.target === event.currentTarget) closeAround(event);
        },
        hook: { create: (element) => (element as HTMLDialogElement).showModal() },
      },
      h(
        'form',
        {
          onsubmit: (event) => {
            event.preventDefault();
            const form = event.currentTarget as HTMLFormElement;
            this.#problem = question.onConfirm(new FormData(form));
            if (this.#problem === undefined) form.closest('dialog')?.close();
            else this.redraw();
          },
        },
        h('h2', { id: 'dialog-title' }, question.title),
        question.body,
        h('p', { class: 'problem', role: 'alert' }, this.#problem),
        h(
          'div',
          { class: 'dialog-buttons' },
          h('button', { type: 'button', onclick: closeAround }, 'Cancel'),
          h(
            'button',
            { type: 'submit', class: question.isDangerous ? 'danger' : 'primary' },
            question.confirm,
          ),
        ),
      ),
    );
  }
}

function closeAround({ currentTarget }: Event): void {
  (currentTarget as Element).closest('dialog')?.close();
}
