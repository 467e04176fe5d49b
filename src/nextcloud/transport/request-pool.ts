import { cancelled } from '../../pause.ts';
import { Spacing, transferLimiter } from './request-limiter.ts';
import type { RequestLimiter, Turns } from './request-limiter.ts';

export interface RequestPoolLimits {
  /** The most requests of one person at once, over all their sign-ins. */
  readonly perPerson: number;
  /** The most requests of all persons at once. */
  readonly total: number;
  /** The minimum time between the starts of two requests of one person, in milliseconds. */
  readonly intervalMs: number;
}

/** The part of a {@link RequestPool} that one session uses. */
export interface RequestShare extends Turns {
  /** Limits the requests of long transfers of the person. */
  readonly transfers: RequestLimiter;
  /** The session ended. Its requests that still run go on counting. */
  readonly leave: () => void;
}

interface Person {
  readonly name: string;
  readonly spacing: Spacing;
  readonly transfers: RequestLimiter;
  readonly waiting: Set<() => void>;
  sessions: number;
  running: number;
}

/** This part of the total is only for persons of whom no request is running. */
const FOR_NEWCOMERS = 1 / 4;

/**
 * Divides the requests to one server among persons. All sessions of one person have one limit, so that more sign-ins
 * do not get more. When requests wait, the person with the fewest running ones is served first, and among equals the one
 * who has waited longest for a turn. The last quarter is for persons of whom no request is running: a newcomer does not
 * wait until somebody's slow requests end.
 */
export class RequestPool {
  readonly #limits: RequestPoolLimits;
  /** The person who was served longest ago first. */
  readonly #persons = new Map<string, Person>();
  #running = 0;

  constructor(limits: RequestPoolLimits) {
    this.#limits = limits;
  }

  /** The number of persons whose state is kept. */
  get size(): number {
    return this.#persons.size;
  }

  /** @param name identifies the person */
  join(name: string): RequestShare {
    const person = this.#persons.get(name) ?? this.#add(name);
    person.sessions++;
    let joined = true;
    return {
      transfers: person.transfers,
      take: async (signal) => this.#take(person, signal),
      giveBack: () => this.#giveBack(person),
      leave: () => {
        if (!joined) return;
        joined = false;
        person.sessions--;
        this.#forgetUnused(person);
      },
    };
  }

  #add(name: string): Person {
    const { perPerson, intervalMs } = this.#limits;
    const person: Person = {
      name,
      spacing: new Spacing(intervalMs),
      transfers: transferLimiter(perPerson),
      waiting: new Set(),
      sessions: 0,
      running: 0,
    };
    this.#persons.set(name, person);
    return person;
  }

  async #take(person: Person, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    // Nobody who waits could start now: they were served when the last turn was given back.
    if (this.#canStart(person)) this.#start(person);
    else await this.#queue(person, signal);
    try {
      await person.spacing.take(signal);
    } catch (error) {
      this.#giveBack(person);
      throw error;
    }
  }

  #giveBack(person: Person): void {
    person.running--;
    this.#running--;
    for (let next = this.#next(); next; next = this.#next()) {
      const [start] = next.waiting;
      if (!start) break;
      next.waiting.delete(start);
      this.#start(next);
      start();
    }
    this.#forgetUnused(person);
  }

  #start(person: Person): void {
    person.running++;
    this.#running++;
    this.#persons.delete(person.name);
    this.#persons.set(person.name, person);
  }

  #canStart({ running }: Person): boolean {
    const { perPerson, total } = this.#limits;
    const free = total - this.#running;
    return running === 0 ? free > 0 : free > total * FOR_NEWCOMERS && running < perPerson;
  }

  #next(): Person | undefined {
    let best: Person | undefined;
    for (const person of this.#persons.values()) {
      const hasFewer = best === undefined || person.running < best.running;
      if (hasFewer && person.waiting.size > 0 && this.#canStart(person)) best = person;
    }
    return best;
  }

  #queue(person: Person, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        person.waiting.delete(start);
        this.#forgetUnused(person);
        reject(cancelled(signal?.reason));
      };
      const start = (): void => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      };
      signal?.addEventListener('abort', cancel, { once: true });
      person.waiting.add(start);
    });
  }

  #forgetUnused({ name, sessions, running, waiting }: Person): void {
    if (sessions === 0 && running === 0 && waiting.size === 0) this.#persons.delete(name);
  }
}
