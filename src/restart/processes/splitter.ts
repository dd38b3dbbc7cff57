/** Cuts a stream at each separator. */
export class Splitter {
  #pending = Buffer.alloc(0);

  constructor(
    private readonly separator: Buffer,
    private readonly onPart: (part: Buffer) => void,
  ) {}

  push(chunk: Buffer): void {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (let at = rest.indexOf(this.separator); at >= 0; at = rest.indexOf(this.separator)) {
      this.onPart(rest.subarray(0, at));
      rest = rest.subarray(at + this.separator.length);
    }
    this.#pending = Buffer.from(rest);
  }
}
