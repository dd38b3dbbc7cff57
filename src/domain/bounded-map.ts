/** A Map of at most `max` entries: what was set longest ago is forgotten first. */
export class BoundedMap<K, V> extends Map<K, V> {
  /**
   * Goes over the entries once, since the ones before it are gone or were set again. A new iterator would pass the gaps
   * of all those that were forgotten before: thousands for each entry of a large map.
   */
  #oldest: Iterator<[K, V]> | undefined;
  #setSince = 0;

  /** `onForget` is called with each entry that is forgotten because there are more than `max`. */
  constructor(
    private readonly max: number,
    private readonly onForget?: (key: K, value: V) => void,
  ) {
    super();
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    this.#setSince += 1;
    if (this.size > this.max) this.#forgetOldest();
    // An iterator holds on to every table that the map has outgrown since its last step.
    else if (this.#setSince > this.max) this.#oldest = undefined;
    return this;
  }

  #forgetOldest(): void {
    this.#setSince = 0;
    this.#oldest ??= this.entries();
    const { value, done } = this.#oldest.next();
    if (done) {
      this.#oldest = undefined;
      return;
    }
    this.delete(value[0]);
    this.onForget?.(...value);
  }
}
