import type { Dispatcher } from 'undici';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
}

/** Accounts that were made for the run: another person, one with 1 MB of room, odd names, a disabled one. */
export interface Cast {
  readonly other: Login;
  readonly small: Login;
  readonly mail: Login;
  readonly odd: Login;
  readonly disabled: Login;
}

export interface Server {
  readonly url: URL;
  readonly major: number;
  readonly login: Login;
  readonly dispatcher: Dispatcher;
  readonly embedded?: EmbeddedNextcloud;
  readonly cast?: Cast;
}
