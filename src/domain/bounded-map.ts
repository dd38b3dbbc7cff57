/** A Map of at most `max` entries: what was set longest ago is forgotten first. */
export class BoundedMap<K, V> extends Map<K, V> {
  /**
   * Goes over the keys once, since the ones before it are gone or were set again. A new iterator would pass the gaps of all keys
   * that were forgotten before: thousands for each entry of a large map.
   */
  #oldest: Iterator<K> | undefined;
  #setSince = 0;

  constructor(private readonly max: number) {
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
    this.#oldest ??= this.keys();
    const { value, done } = this.#oldest.next();
    if (done) this.#oldest = undefined;
    else this.delete(value);
  }
}
