import type { IncomingMessage } from 'node:http';
import { ControlError } from './route.js';

const LONGEST_BODY = 16_384;

/**
 * The JSON that came with a request, undefined where none did.
 *
 * @throws ControlError where it is too long or no JSON.
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Where it is too long the answer still goes out: the connection must not be destroyed with the stream.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LONGEST_BODY) throw new ControlError(413, `the body has more than ${LONGEST_BODY} bytes`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'the body is no JSON');
  }
}
