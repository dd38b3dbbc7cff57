const TRIGGERS = ['binlog', 'poll', 'reconnect', 'circuit-reset'] as const;

/** How often an alarm was seen in which way, by the log of the service: what the stream misses, the poll finds. */
export function countTriggers(log: readonly string[]): readonly (readonly [string, number])[] {
  return TRIGGERS.map((trigger) => {
    const seen = `: alarm seen (${trigger})`;
    return [trigger, log.filter((line) => line.includes(seen)).length] as const;
  });
}
