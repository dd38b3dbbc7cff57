/** Lets everybody through at once, unless it is closed: then when it opens. */
export class Gate {
  #closed: { readonly opened: Promise<void>; readonly open: () => void } | undefined;

  pass(): Promise<void> {
    return this.#closed?.opened ?? Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#closed = { opened, open };
  }

  open(): void {
    this.#closed?.open();
    this.#closed = undefined;
  }
}
