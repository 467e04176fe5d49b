import { listTrashbin } from '../../nextcloud/apps/trashbin.ts';
import type { TrashbinItem } from '../../nextcloud/apps/trashbin.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { Identity } from '../../store/history-table.ts';
import { baseName, parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { pause } from '../../pause.ts';
import type { DeleteParts } from '../change/delete.ts';
import type { Call } from '../context/call.ts';
import { planStamp } from '../context/confirm-tokens.ts';
import { statIfThere } from '../context/stat.ts';
import { iso } from '../entry/entry.ts';
import type { ChangeHistory, PastChange, PastStep } from '../history/change-history.ts';
import type { Fact, FactOf } from '../history/fact.ts';
import type { UploadParts } from '../write/upload.ts';

export interface UndoParts extends UploadParts, DeleteParts {
  readonly history: ChangeHistory;
}

/** How one thing is taken back, after it was looked at. */
export interface Way {
  readonly kind: 'way';
  /** The steps of the change that are taken back with it. */
  readonly steps: readonly PastStep[];
  /** Whose identity changes when it comes back. */
  readonly path: RemotePath;
  /** Why it wants to be agreed to, in one line. */
  readonly plan?: string;
  readonly items: number;
  readonly bytes: number;
  readonly final?: boolean;
  /** What must not change between the plan and its confirmation. */
  readonly stamp: unknown;
  readonly run: (call: Call) => Promise<unknown>;
}

/** What is left as it is, because it was changed since. */
export interface Kept {
  readonly kind: 'kept';
  readonly path: RemotePath;
  /** What has changed: the beginning of a sentence. */
  readonly why: string;
}

/** It was never made. */
export interface Unmade {
  readonly kind: 'unmade';
  readonly steps: readonly PastStep[];
}

export type Verdict = Way | Kept | Unmade;

export type StepOf<K extends Fact['kind']> = Omit<PastStep, 'fact'> & { readonly fact: FactOf<K> };

/** What the looks at the steps of one change have in common. */
export class Examination {
  readonly parts: UndoParts;
  readonly change: PastChange;
  readonly call: Call;
  /** Places that are free once the steps after this one are taken back. */
  readonly #vacated = new Set<RemotePath>();
  #trash: Promise<TrashbinItem[]> | undefined;

  constructor(parts: UndoParts, change: PastChange, call: Call) {
    this.parts = parts;
    this.change = change;
    this.call = call;
  }

  /** Milliseconds since 1970 by the clock of the server, of which only whole seconds are known. */
  get began(): number {
    return this.parts.account.serverTime(this.change.at) - CLOCK_TOLERANCE_MS;
  }

  async look(path: RemotePath): Promise<Resource | undefined> {
    return statIfThere(this.parts, path, this.call);
  }

  async trash(): Promise<TrashbinItem[]> {
    this.#trash ??= listTrashbin(this.parts.account, this.call);
    return this.#trash;
  }

  /**
   * Waits until a deletion cannot take the place of what the change has put into the trash: Nextcloud names an item by
   * its name and the second of its deletion, and another process may have made that one.
   */
  async letTrashRest(path: RemotePath, { signal }: Call): Promise<void> {
    const name = baseName(path);
    const { steps } = this.change;
    if (!steps.some(({ fact }) => fact.kind === 'removed' && baseName(fact.path) === name)) return;
    const times = (await this.trash()).flatMap((item) =>
      baseName(item.path) === name ? [item.deleted] : [],
    );
    const now = this.parts.account.serverTime(Date.now());
    const wait = Math.max(...times, 0) + TRASH_REST_MS - now;
    if (wait > 0) await pause(Math.min(wait, TRASH_REST_MS), signal);
  }

  /** What is there goes away before what was there comes back. */
  vacate(path: RemotePath): void {
    this.#vacated.add(path);
  }

  /** Why nothing can come back to a place; undefined when it can. */
  async obstacle(path: RemotePath): Promise<string | undefined> {
    if (this.#vacated.has(path)) return undefined;
    const there = await this.look(path);
    return there && `${path} is there again${since(there)}`;
  }

  /** The same for the folder above. */
  async missingParent(path: RemotePath): Promise<string | undefined> {
    const parent = parentOf(path);
    const found = await this.look(parent);
    return found?.folder ? undefined : `the folder ${parent} is not there any more`;
  }
}

const CLOCK_TOLERANCE_MS = 2000;
/** A second, and one for the clock of the server. */
const TRASH_REST_MS = 2000;

export function kept(path: RemotePath, why: string): Kept {
  return { kind: 'kept', path, why };
}

export function unmade(...steps: readonly PastStep[]): Unmade {
  return { kind: 'unmade', steps };
}

/** A way of one step about one thing. */
export function way(
  step: PastStep,
  path: RemotePath,
  run: (call: Call) => Promise<unknown>,
  there?: Resource,
): Way {
  const stamp = there ? planStamp(there) : step.ref;
  return { kind: 'way', steps: [step], path, items: 1, bytes: 0, stamp, run };
}

/** `, of 2026-11-29 12:03 UTC`: when it was changed last, as far as the server tells. */
export function since({ modified, detail }: Resource): string {
  const at = iso(detail?.uploaded ?? modified);
  return at === undefined ? '' : `, of ${at.slice(0, 16).replace('T', ' ')} UTC`;
}

export function changedSince(there: Resource): Kept {
  return kept(there.path, `${there.path} was changed since${since(there)}`);
}

export function isGone(path: RemotePath): Kept {
  return kept(path, `${path} is not there any more`);
}

/** Whether it is another file or folder than the noted one. What is not known differs from nothing. */
export function isOther({ fileId }: Resource, noted: Identity): boolean {
  return noted.fileId !== undefined && fileId !== undefined && fileId !== noted.fileId;
}

export function isAnother(path: RemotePath): Kept {
  return kept(path, `another file or folder is at ${path} now`);
}
