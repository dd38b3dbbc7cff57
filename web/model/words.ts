/** `1 alarm`, `2 alarms`, `1,000 alarms`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** `1,000`. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/** With a capital letter, to begin a line. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
