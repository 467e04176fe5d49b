import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmbeddedFolder } from '../../../src/embedded-nextcloud/index.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** A call of a tool, or one line as it is, with the id that the answer to it must have (null when it cannot have one). */
export type Blow =
  { readonly tool: string; readonly args: Arguments } | { readonly line: string; readonly id: number | null };

/** Puts what calls work with into the home folder. */
export type Prepare = (home: EmbeddedFolder) => void;

/** One row of the table: what is tried, and how. The longest stop of its calls counts. */
export interface Attack {
  readonly name: string;
  readonly prepare?: Prepare;
  /** A Nextcloud that answers every request in this way, in place of the embedded one. */
  readonly cloud?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** Made when they are needed: some are tens of megabytes. */
  readonly blows: () => readonly Blow[];
}

export interface Group {
  readonly attacks: readonly Attack[];
  /** Milliseconds that a call may take. */
  readonly most?: number;
  /** The memory that the calls took must be given back within a minute. */
  readonly givesBack?: boolean;
}

export function call(tool: string, args: Arguments): Blow {
  return { tool, args };
}

/** A row of one call. */
export function oneCall(
  name: string,
  tool: string,
  args: Arguments,
  more: Omit<Attack, 'name' | 'blows'> = {},
): Attack {
  return { ...more, name, blows: () => [{ tool, args }] };
}

const MB = 1024 * 1024;

/** A text of so many megabytes. */
export function megabytes(count: number, piece = 'x'): string {
  return piece.repeat(Math.floor((count * MB) / piece.length));
}
