/**
 * A text in at most `room` characters, so that it never ends in the middle of a thought: where it can, it ends before a
 * clause (`; …`, `, …`, ` (…)`), which is complete without it; else before a word, with `...`. Only a word that is longer
 * than the room is cut.
 */
export function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  const ends = [...text.matchAll(CLAUSE)]
    .map(({ index }) => index)
    .filter((end) => end <= room && isWhole(text.slice(0, end)));
  const end = ends.at(-1) ?? 0;
  // A short beginning says less than a longer one that is cut.
  if (end >= room * SHARE) return text.slice(0, end);
  if (room <= ELLIPSIS.length) return text.slice(0, room);
  const cut = room - ELLIPSIS.length;
  const blank = text.lastIndexOf(' ', cut);
  const kept = blank >= cut * SHARE ? text.slice(0, blank).replace(/[\s,;:(]+$/, '') : text.slice(0, cut);
  return `${kept}${ELLIPSIS}`;
}

const CLAUSE = /[;,] | \(/g;
const ELLIPSIS = '...';
const SHARE = 0.5;

/** Not within brackets. */
function isWhole(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}
