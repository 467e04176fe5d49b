import * as z from 'zod';
import { isFailure } from '../../files/context/batch.ts';
import type { BatchItem } from '../../files/context/batch.ts';
import { join, baseName } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { keyValueText } from './layout.ts';
import { failureText } from './remedies.ts';

/** Tools that take one path or a list of them: the same result for one, and one for each in a list. */

/** What is there depends on what was asked: `path` for one, `items` for a list, `confirm` for a plan. */
export const batchSchema = z.object({
  path: z.string().optional(),
  items: z.array(z.object({ path: z.string(), error: z.string().optional() })).optional(),
  confirm: z.string().optional(),
});

type Line = Readonly<Record<string, unknown>> & { readonly path: string };

export interface BatchResult {
  path?: string | undefined;
  items?: Line[] | undefined;
  failed?: number | undefined;
}

export type PathOrPaths = RemotePath | readonly RemotePath[];

export function asList(given: PathOrPaths): readonly RemotePath[] {
  return typeof given === 'string' ? [given] : given;
}

/** Of a list, each keeps its name in the folder; one path goes to exactly the destination. */
export function asPairs(given: PathOrPaths, destination: RemotePath): { from: RemotePath; to: RemotePath }[] {
  if (typeof given === 'string') return [{ from: given, to: destination }];
  return given.map((from) => ({ from, to: join(destination, baseName(from)) }));
}

export function batchResult<T extends { path: string }>(
  given: PathOrPaths,
  items: readonly BatchItem<T>[],
): BatchResult {
  const [only] = items;
  if (typeof given === 'string' && only) {
    if (isFailure(only)) throw only.error;
    return { ...only };
  }
  const bad = items.filter((item) => isFailure(item)).length;
  return {
    items: items.map((item) =>
      isFailure(item) ? { path: item.path, error: failureText(item.error) } : { ...item },
    ),
    ...(bad === 0 ? {} : { failed: bad }),
  };
}

/** Whether there is a list, and nothing in it succeeded. */
export function hasOnlyFailures(result: unknown): boolean {
  const { items, failed } = result as BatchResult;
  return items !== undefined && items.length > 0 && failed === items.length;
}

/** How many of a list succeeded and a line or more for each, everything known for one. */
export function batchText(what: string): (result: BatchResult) => string {
  return (result) => {
    const { items, failed = 0 } = result;
    if (!items) return [what, keyValueText(result)].filter(Boolean).join('\n');
    const count = `${what} ${items.length - failed} of ${items.length}`.trim();
    return [count, ...items.map((item) => itemText(item, what))].join('\n');
  };
}

function itemText(item: Line, what: string): string {
  const { path, error } = item;
  if (typeof error === 'string') return `NO  ${path}  ${error}`;
  // What was looked at has facts of its own.
  if (what === '') return `ok  ${path}\n${keyValueText(item)}`;
  return `ok  ${path}`;
}
