import { Subscriber } from 'rxjs';

/**
 * Passes on what it gets, and is closed with whom it passes it on to. For operators that thousands of waiting cycles
 * hold in a storm: what those of RxJS keep in closures, a subclass keeps in fields.
 */
export class ForwardingSubscriber<T> extends Subscriber<T> {
  constructor(protected readonly to: Subscriber<T>) {
    super(to);
  }

  /** Carries out a step of the operator; what it throws is an error of the source. */
  protected guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      // Not `error()`, which does nothing any more at the completion.
      this.isStopped = true;
      this._error(error);
    }
  }
}
