import { AppError } from '../errors.ts';

/** What waits for a thread, and for whom. */
export interface Waiting {
  readonly owner: string;
}

interface Owner<Job> {
  readonly waiting: Job[];
  /** How many of the owner's jobs are being done. */
  running: number;
  /** Counts the turns of all owners; 0 before the first one. */
  lastTurn: number;
}

/**
 * Jobs of several owners that wait for few threads. The next job is one of the owner who has the fewest running, and
 * among these of the owner whose last turn is the longest ago. So an owner with many jobs holds one thread while
 * somebody else waits, and somebody else waits for no more than the jobs that already run and one turn of each owner.
 * The jobs of one owner are done in their order.
 */
export class TurnQueue<Job extends Waiting> {
  readonly #maxWaiting: number;
  readonly #owners = new Map<string, Owner<Job>>();
  #turns = 0;

  /** @param maxWaiting how many jobs of one owner may wait: each holds the bytes of a file in memory */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** @throws AppError `rate_limited` when too many jobs of the owner wait */
  add(job: Job): void {
    const owner = this.#owners.get(job.owner) ?? { waiting: [], running: 0, lastTurn: 0 };
    if (owner.waiting.length >= this.#maxWaiting)
      throw new AppError(
        'rate_limited',
        `${this.#maxWaiting} calls of this account already wait for documents, edits or searches`,
        { retryable: true, hint: 'Wait until some of them are answered, then make fewer calls at once.' },
      );
    owner.waiting.push(job);
    this.#owners.set(job.owner, owner);
  }

  /** The job whose turn it is. It counts as running until {@link done}. */
  take(): Job | undefined {
    let next: Owner<Job> | undefined;
    for (const owner of this.#owners.values())
      if (owner.waiting.length > 0 && (!next || isBefore(owner, next))) next = owner;
    const job = next?.waiting.shift();
    if (!next || !job) return undefined;
    next.running++;
    next.lastTurn = ++this.#turns;
    return job;
  }

  /** A job that was taken is answered, or has failed. */
  done({ owner: name }: Job): void {
    const owner = this.#owners.get(name);
    if (owner) owner.running--;
    this.#forget();
  }

  /** @returns false when the job does not wait any more */
  remove(job: Job): boolean {
    const waiting = this.#owners.get(job.owner)?.waiting ?? [];
    const position = waiting.indexOf(job);
    if (position < 0) return false;
    waiting.splice(position, 1);
    this.#forget();
    return true;
  }

  /** Takes out all jobs that wait. */
  drain(): Job[] {
    return [...this.#owners.values()].flatMap(({ waiting }) => waiting.splice(0));
  }

  /**
   * Forgets the owners who have no job and whose turn is longer ago than that of everybody who waits. Those with a later
   * turn are remembered: owners who take turns in sending one job each would else be new, and first, every time.
   */
  #forget(): void {
    const owners = [...this.#owners];
    const firstTurn = Math.min(
      ...owners.filter(([, { waiting }]) => waiting.length > 0).map(([, { lastTurn }]) => lastTurn),
    );
    for (const [name, { waiting, running, lastTurn }] of owners)
      if (waiting.length === 0 && running === 0 && lastTurn < firstTurn) this.#owners.delete(name);
  }
}

function isBefore(one: Owner<unknown>, other: Owner<unknown>): boolean {
  return one.running === other.running ? one.lastTurn < other.lastTurn : one.running < other.running;
}
