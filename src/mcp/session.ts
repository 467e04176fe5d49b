import type { AppError } from '../errors.ts';
import type { Workspace } from '../files/workspace.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter.ts';

/** What a connection works with. Made once per account, not per connection. */
export interface Session {
  readonly workspace: Workspace;
  readonly log: Log;
  readonly meter: Meter;
  /** Why nothing can work, for every call; absent when all is well. */
  readonly unusable?: AppError;
}
