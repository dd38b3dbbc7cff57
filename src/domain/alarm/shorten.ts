/**
 * Shortens a text to at most `room` characters without ending in the middle of a thought. If possible it ends before
 * a clause (`; …`, `, …`, ` (…)`), so that the rest is complete; otherwise before a word, with `...`. Only a word
 * that is longer than the room is cut; where there is room for nothing, `...` says that something is left out.
 */
export function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  const ends = [...text.matchAll(CLAUSE)]
    .map(({ index }) => index)
    .filter((end) => end <= room && isWhole(text.slice(0, end)));
  const end = ends.at(-1) ?? 0;
  // A short beginning says less than a longer one that is cut in a word.
  if (end >= room * SHARE) return text.slice(0, end);
  if (room <= ELLIPSIS.length) return ELLIPSIS.slice(0, room);
  const cut = room - ELLIPSIS.length;
  const blank = text.lastIndexOf(' ', cut);
  const kept = blank >= cut * SHARE ? text.slice(0, blank).replace(/[\s,;:(]+$/, '') : text.slice(0, cut);
  return `${kept}${ELLIPSIS}`;
}

const CLAUSE = /[;,] | \(/g;
const ELLIPSIS = '...';
const SHARE = 0.5;

/** Whether the text has no open bracket. */
function isWhole(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}
