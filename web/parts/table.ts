import { type Child, h, type VNode } from '../dom/h.js';

interface Column {
  readonly title: Child;
  /** The same as text, where `title` is none. */
  readonly label?: string;
  readonly isNumber?: true;
  /** As wide as its content, on one line. */
  readonly isNarrow?: true;
  /** The first of a narrow row. */
  readonly isHead?: true;
  readonly sort?: 'ascending' | 'descending' | 'none';
}

interface Row {
  readonly key: string | number;
  readonly cells: readonly Child[];
  /** Below the row, over its whole width. */
  readonly more?: Child;
}

/**
 * A table; on a narrow screen each row becomes a card, in which each value has its title before it. The roles are
 * written out, since a table that is not laid out as one loses them.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): VNode {
  return h(
    'table',
    { class: 'table', role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map(({ title, isNumber, sort }) =>
          h(
            'th',
            { scope: 'col', role: 'columnheader', class: isNumber && 'number', 'aria-sort': sort },
            title,
          ),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map(({ key, cells, more }) => [
        h(
          'tr',
          { key, role: 'row' },
          cells.map((cell, index) => cellOf(columns[index], cell)),
        ),
        more !== undefined &&
          h(
            'tr',
            { key: `${key} more`, role: 'row', class: 'more' },
            h('td', { role: 'cell', colspan: columns.length }, more),
          ),
      ]),
    ),
  );
}

function cellOf(column: Column | undefined, cell: Child): VNode {
  const { isNumber, isNarrow, isHead, title, label } = column ?? { title: '' };
  const name = isNumber ? 'number' : isNarrow ? 'narrow' : isHead ? 'head' : undefined;
  const shown = label ?? (typeof title === 'string' ? title : '');
  return h('td', { role: 'cell', class: name, 'data-label': shown === '' ? undefined : shown }, cell);
}
