import { connect, type Socket } from 'node:net';
import { HEADER_SIZE, sizeOfMessage } from './message.js';

interface MessageSocketHooks {
  /** One whole message. */
  readonly onMessage: (bytes: Buffer) => void;
  /** Called once. Nothing is called after it. */
  readonly onEnd: (reason: string, cause?: unknown) => void;
}

/** Longer than any line of the bus before its messages. */
const MAX_LINE = 4096;

/** The socket of the system bus: says who we are (EXTERNAL), then cuts what comes into messages. */
export class MessageSocket {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  /** What is to be sent when the bus has let us in. */
  readonly #early: Buffer[] = [];
  #isOpen = false;
  #hasEnded = false;

  constructor(private readonly hooks: MessageSocketHooks) {
    this.#socket = connect(systemBusPath());
    // The NUL carries the credentials where a kernel has no other way.
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    this.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#end(error.message, error));
    this.#socket.on('close', () => this.#end('the bus has closed it'));
  }

  /** Messages of the same moment are sent in one write, so the bus wakes up once. */
  send(bytes: Buffer): void {
    if (!this.#isOpen) {
      this.#early.push(bytes);
      return;
    }
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(bytes);
  }

  /** An open connection does not keep this process alive. */
  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#hasEnded = true;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      if (!this.#isOpen) this.#readLine();
      if (this.#isOpen) this.#readMessages();
    } catch (error) {
      this.#end(`it sent what is no message: ${String(error)}`, error);
    }
  }

  #readLine(): void {
    const end = this.#received.indexOf('\r\n');
    if (end < 0) {
      if (this.#received.length > MAX_LINE) this.#end('it does not speak D-Bus');
      return;
    }
    const line = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end + 2);
    if (!line.startsWith('OK ')) {
      this.#end(`it does not let us in: ${line}`);
      return;
    }
    this.#socket.write('BEGIN\r\n');
    this.#isOpen = true;
    for (const bytes of this.#early.splice(0)) this.#socket.write(bytes);
  }

  #readMessages(): void {
    while (this.#received.length >= HEADER_SIZE && !this.#hasEnded) {
      const size = sizeOfMessage(this.#received);
      if (this.#received.length < size) return;
      const bytes = this.#received.subarray(0, size);
      this.#received = this.#received.subarray(size);
      this.hooks.onMessage(bytes);
    }
  }

  #end(reason: string, cause?: unknown): void {
    if (this.#hasEnded) return;
    this.close();
    this.hooks.onEnd(reason, cause);
  }
}

/** As libdbus and sd-bus: the variable, else where every distribution has it. */
function systemBusPath(): string {
  const address = process.env.DBUS_SYSTEM_BUS_ADDRESS ?? '';
  const path = /^unix:(?:.*,)?(path|abstract)=([^,;]+)/.exec(address);
  if (!path) return '/var/run/dbus/system_bus_socket';
  return path[1] === 'abstract' ? `\0${path[2]}` : String(path[2]);
}
