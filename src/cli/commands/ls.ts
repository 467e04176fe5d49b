import { formatBytes } from '../../text/byte-size.ts';
import { resolveLink } from '../../files/context/link.ts';
import { stat } from '../../files/context/stat.ts';
import { toRow } from '../../files/entry/entry.ts';
import type { EntryRow } from '../../files/entry/entry.ts';
import { listFolder } from '../../files/list/list.ts';
import { parsePath } from '../../path.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { localTime } from '../terminal/local-time.ts';
import { dim } from '../terminal/paint.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { openApp } from './open-app.ts';
import { print, printWhole } from '../terminal/print.ts';

/** As much as there is: a terminal has no pages. */
const ALL = Number.MAX_SAFE_INTEGER;

/** `ls [REMOTE]`: lists a folder of the Nextcloud. */
export async function lsCommand(argv: readonly string[]): Promise<void> {
  const { operand = '/', flags, settings } = readCommandLine('ls', argv);
  const app = await openApp(settings, () => ({ maxResultChars: ALL }));
  try {
    const { workspace } = app.session;
    const path = parsePath(await resolveLink(workspace, operand, {}));
    workspace.policy.assertReadable(path);
    const found = await stat(workspace, path, {});
    const view = { depth: 1, type: 'all', sortBy: 'name', order: 'asc', limit: ALL } as const;
    const { entries, notes = [] } = found.folder
      ? await listFolder(workspace, path, view, {})
      : { entries: [toRow(found)] };
    if (flags['json'] !== undefined) return printWhole(JSON.stringify({ path, entries, notes }, null, 2));
    printWhole(table(entries).join('\n'));
    for (const note of notes) print(escapeLine(note));
  } catch (error) {
    throw await app.explain(error);
  } finally {
    await app.close();
  }
}

function table(entries: readonly EntryRow[]): string[] {
  if (entries.length === 0) return [dim('empty')];
  const sizes = entries.map(({ size }) => (size === undefined ? '' : formatBytes(size)));
  const width = Math.max(...sizes.map((size) => size.length));
  return entries.map(({ name, type, modified }, at) => {
    const date = modified === undefined ? ' '.repeat(16) : localTime(new Date(modified));
    const mark = type === 'directory' ? '/' : '';
    return `${(sizes[at] ?? '').padStart(width)}  ${dim(date)}  ${escapeLine(name)}${mark}`;
  });
}
