import type { Cookie } from 'undici';

/**
 * Session cookies of one account at one server. Nextcloud answers twice as fast with them. It rotates them,
 * so the cookies of each answer are kept. They are never shared between accounts, because a valid session
 * takes precedence over the Authorization header.
 */
export class Cookies {
  readonly #values = new Map<string, { value: string; expires: number }>();

  read(cookies: readonly Cookie[]): void {
    for (const { name, value, expires, maxAge } of cookies) {
      const until =
        maxAge === undefined
          ? expires === undefined
            ? Infinity
            : Number(expires)
          : Date.now() + maxAge * 1000;
      if (until <= Date.now() || value === 'deleted') this.#values.delete(name);
      else this.#values.set(name, { value, expires: until });
    }
  }

  /** Value of the Cookie header, or undefined when there are no cookies. */
  header(): string | undefined {
    const now = Date.now();
    const pairs = [...this.#values].filter(([, cookie]) => cookie.expires > now);
    return pairs.length === 0 ? undefined : pairs.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  clear(): void {
    this.#values.clear();
  }
}
