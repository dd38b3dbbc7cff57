interface HttpErrorOptions {
  /** What the reader can do. */
  readonly remedy?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a request is not answered as it asks, with the status that says so. */
export class HttpError extends Error {
  readonly remedy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    message: string,
    { remedy, headers = {} }: HttpErrorOptions = {},
  ) {
    super(message);
    this.remedy = remedy;
    this.headers = headers;
  }
}
