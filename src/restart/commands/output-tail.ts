/** Keeps the last `limit` bytes of the output of a command. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly limit: number) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Drops whole chunks first, so that a command that writes without end costs no copying.
    for (
      let first = this.#chunks[0];
      first && this.#size - first.length >= this.limit;
      first = this.#chunks[0]
    ) {
      this.#chunks.shift();
      this.#size -= first.length;
    }
  }

  /** The output as text, without control characters except line feed and tab. */
  toString(): string {
    const bytes = Buffer.concat(this.#chunks);
    const text = bytes.subarray(Math.max(0, bytes.length - this.limit)).toString('utf8');
    // A cut inside a character leaves replacement characters at the start.
    const whole = bytes.length > this.limit ? text.replace(/^\uFFFD+/, '') : text;
    return whole.replace(/[^\P{Cc}\n\t]/gu, '');
  }
}
