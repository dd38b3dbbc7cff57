/** The process that an action is about. */
export interface NamedProcess {
  readonly processId: number;
  readonly processName: string;
}
