import { styleText } from 'node:util';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** A piece of text with its colour. */
interface Coloured {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export type Cell = string | Coloured;

/** Colours a text, if colours are wanted. */
export type Paint = (cell: Cell) => string;

/** Colours are only for terminals, and only without NO_COLOR (no-color.org). */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/**
 * Creates the function that colours texts. It makes control characters in the texts visible, because names and
 * reasons come from others.
 */
export function createPaint(withColour: boolean): Paint {
  return (cell) => {
    const { text, colour } = typeof cell === 'string' ? { text: cell } : cell;
    const shown = escapeControlCharacters(text);
    // styleText must not look at stdout: whether colours are wanted is decided already.
    return withColour && colour ? styleText(colour, shown, { validateStream: false }) : shown;
  };
}

/** Formats rows as aligned columns with two spaces between them. The last column is not padded. */
export function formatTable(rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const plain = createPaint(false);
  const widthOf = (cell: Cell): number => [...plain(cell)].length;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const isLast = column === row.length - 1;
        const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return paint(cell) + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
