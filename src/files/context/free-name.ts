import { isAppError } from '../../errors.ts';
import { baseName } from '../../path.ts';
import type { RemotePath } from '../../path.ts';

/** What Windows and macOS cannot have in a name. Where one of them is forbidden, the others usually are, too. */
const awkward = /[\\/:*?"<>|]/g;

/**
 * The error for a name that the server does not allow, with one that it probably does. The reason is Nextcloud's own
 * (lib/private/Files/FilenameValidator.php).
 */
export function withFreeName(error: unknown, path: RemotePath): unknown {
  if (!isAppError(error, 'invalid_input') || !/does not allow this name/.test(error.message)) return error;
  const free = freeName(baseName(path), error.message);
  return free === undefined
    ? error
    : error.restate(error.message, { hint: `Choose another name, such as ${JSON.stringify(free)}.` });
}

function freeName(name: string, reason: string): string | undefined {
  const [, inside] = /"(.+)" is not allowed inside/.exec(reason) ?? [];
  if (inside !== undefined) return name.replaceAll(inside, '_').replace(awkward, '_');
  const [, type] = /"(.+)" is a forbidden file type/.exec(reason) ?? [];
  if (type?.startsWith('.') && name.toLowerCase().endsWith(type.toLowerCase()))
    return `${name.slice(0, -type.length)}_${type.slice(1)}`;
  if (/is a forbidden (file or folder name|prefix)/.test(reason)) return `_${name}`;
  const [, end] = /must not end with "(.+)"/.exec(reason) ?? [];
  if (end !== undefined && name.endsWith(end)) return `${name.slice(0, -end.length)}_`;
  return undefined;
}
