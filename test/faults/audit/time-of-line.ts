/** When a line of the service's log was written, ms since the epoch: it begins with the local time. */
export function timeOfLine(line: string): number {
  return new Date(line.slice(0, 23)).getTime();
}
