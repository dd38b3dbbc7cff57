/** The known name that a misspelt one most probably means; undefined if none is similar. */
export function nearestName<N extends string>(name: string, known: readonly N[]): N | undefined {
  const wanted = name.toLowerCase().replace(/[\s-]+/g, '_');
  let nearest: N | undefined;
  let least = Math.max(1, Math.ceil(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const aboveLeft = row[j - 1] ?? 0;
      const left = next[j - 1] ?? 0;
      next.push(a[i - 1] === b[j - 1] ? aboveLeft : 1 + Math.min(above, aboveLeft, left));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
