/** What every client of the matrix is driven by. One file of `adapters` for each implements it. */

export type Transport = 'stdio' | 'http';

/** The server, as a person would enter it into the settings of a client. */
export interface Target {
  readonly transport: Transport;
  /** For stdio: the program, its arguments and its whole environment. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For HTTP: the address that ends in `/mcp`, and the bearer token. */
  readonly url: string;
  readonly token: string;
  /** An empty home directory, for what a client leaves there. */
  readonly home: string;
}

/** A result as the client hands it on to a model, or shows it to a person where there is no model. */
export interface Shown {
  readonly text: string;
  /** MIME types of the pictures. */
  readonly pictures: readonly string[];
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface Connected {
  /** Names of the tools that a model is offered. */
  tools(): Promise<readonly string[]>;
  /** A failed call is shown too: what a model would be told. Rejects where the client breaks off. */
  call(tool: string, args: Readonly<Record<string, unknown>>, options: CallOptions): Promise<Shown>;
  close(): Promise<void>;
}

export type Connect = (target: Target) => Promise<Connected>;

/** A part of a result in the protocol itself. */
interface Part {
  readonly type: string;
  readonly text?: string;
  readonly mimeType?: string;
  readonly data?: string;
}

/** For clients that hand on the parts of a result as they come from the server. */
export function shownParts(parts: readonly Part[]): Shown {
  return {
    text: parts.flatMap(({ text }) => text ?? []).join('\n'),
    pictures: parts
      .filter(({ type, data }) => type === 'image' && data)
      .map(({ mimeType }) => mimeType ?? ''),
  };
}
