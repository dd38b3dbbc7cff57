/** Something that reads what others wrote. A file `NAME.fuzz.ts` exports it as `target`; its seeds are in `seeds/NAME`. */
export interface FuzzTarget {
  /** Opens what it needs, such as a server; called once. */
  open(): Promise<FuzzSession> | FuzzSession;
}

export interface FuzzSession {
  /** Reads one input. Throws, or rejects, if the code did something that it must not do with any input. */
  run(input: string): Promise<void> | void;
  close?(): Promise<void> | void;
}
