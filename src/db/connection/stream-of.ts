import { Duplex } from 'node:stream';

/**
 * The stream that a connection of mysql2 uses now: under TLS another one than at its begin. Only its `close` comes in any
 * case: the connection emits `end` for the first stream alone, and only where the server says goodbye.
 */
export function streamOf(connection: object): Duplex | undefined {
  const stream: unknown = Reflect.get(connection, 'stream');
  return stream instanceof Duplex ? stream : undefined;
}
