import type { AnyBinlogEvent, BinlogEventByName, BinlogEventName } from '@vlasky/zongji';

/** Narrows to the events of these names. A switch cannot: what tells them apart is a method. */
export function isEventOf<N extends BinlogEventName>(
  event: AnyBinlogEvent,
  ...names: N[]
): event is BinlogEventByName<N> {
  return (names as string[]).includes(event.getEventName());
}
