import type { ServerResponse } from 'node:http';
import { fromEvent, type Observable, takeUntil } from 'rxjs';
import { toPrintableJson } from '../printable-json.js';
import { endHeldResponse, holdResponse } from './held-response.js';
import type { Reply } from './route.js';

/** Sends the reply with the status and the headers that the response has already. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'json':
      end(response, Buffer.from(`${toPrintableJson(reply.value)}\n`), {
        'Content-Type': 'application/json',
        ...reply.headers,
      });
      break;
    case 'text':
      end(response, Buffer.from(reply.text), { 'Content-Type': reply.contentType });
      break;
    case 'bytes':
      response.statusCode = reply.status;
      end(response, reply.bytes, reply.headers);
      break;
    case 'lines':
      sendLines(response, reply.lines);
      break;
    case 'taken':
      reply.take(response);
  }
}

/** Node.js itself sends no body for HEAD and 304. */
function end(response: ServerResponse, bytes: Buffer, headers: Readonly<Record<string, string>>): void {
  const length = response.statusCode === 304 ? {} : { 'Content-Length': bytes.length };
  response.writeHead(response.statusCode, { ...headers, ...length }).end(bytes);
}

function sendLines(response: ServerResponse, lines: Observable<unknown>): void {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.flushHeaders();
  holdResponse(response);
  lines.pipe(takeUntil(fromEvent(response, 'close'))).subscribe({
    next: (line) => response.write(`${toPrintableJson(line)}\n`),
    // Cut off, so that the client sees that the answer is incomplete.
    error: () => response.destroy(),
    complete: () => endHeldResponse(response),
  });
}
