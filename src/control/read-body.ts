import type { IncomingMessage } from 'node:http';
import { ControlError } from './route.js';

const MAX_BODY_BYTES = 16_384;

/**
 * The JSON body of a request; undefined if there is none.
 *
 * @throws ControlError if it is too long or not JSON.
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The answer is sent even if the body is too long, so the connection must not be destroyed with the stream.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES)
      throw new ControlError(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}
