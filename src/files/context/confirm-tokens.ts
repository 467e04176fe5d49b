import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Resource } from '../../nextcloud/dav/resource.ts';

/** What a large change would do, for the person who has to confirm it. */
export interface ChangePlan {
  /** `Delete /a with 12 files ...`; one line for each item. */
  readonly lines: readonly string[];
  readonly items: number;
  readonly bytes: number;
  /** It cannot be undone. */
  readonly final: boolean;
}

/** Thrown in place of a change that has to be confirmed first. Nothing has been changed. */
export class ConfirmationRequired extends Error {
  override readonly name = 'Unconfirmed';
  readonly plan: ChangePlan;
  /** The value of `confirm` in the call that confirms the change. */
  readonly token: string;

  constructor(plan: ChangePlan, token: string) {
    super('A plan waits to be confirmed');
    this.plan = plan;
    this.token = token;
  }
}

const VALID_MS = 60 * 60 * 1000;

/**
 * Tokens that prove that just this change was planned, of just what was there. They hold all they need,
 * so nothing is kept between the calls, and they cannot be made up.
 */
export class ConfirmTokens {
  readonly #key: Buffer;
  readonly #now: () => number;

  /**
   * @param signingKey of the process, or shared by several processes that take each other's tokens
   * @param principal whose tokens these are: nobody else's are taken
   */
  constructor(signingKey: Uint8Array, principal: string, now: () => number) {
    this.#key = createHmac('sha256', signingKey)
      .update(JSON.stringify(['confirm', principal]))
      .digest();
    this.#now = now;
  }

  token(change: unknown): string {
    const until = (this.#now() + VALID_MS).toString(36);
    return `${until}.${this.#sign(until, change)}`;
  }

  holds(token: string | undefined, change: unknown): boolean {
    const [until = '', mark = ''] = (token ?? '').trim().split('.');
    const wanted = Buffer.from(this.#sign(until, change));
    const given = Buffer.from(mark);
    const equal = given.length === wanted.length && timingSafeEqual(given, wanted);
    return equal && Number.parseInt(until, 36) > this.#now();
  }

  #sign(until: string, change: unknown): string {
    const text = JSON.stringify([until, change]);
    return createHmac('sha256', this.#key).update(text).digest('base64url').slice(0, 22);
  }
}

/** What must not change between plan and confirmation. The etag of a folder changes with anything below it. */
export function planStamp({ path, fileId, etag, size }: Resource): unknown {
  return [path, fileId, etag, size];
}
