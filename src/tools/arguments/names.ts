/** Which parameter a key of the arguments means. */

/** Other names that assistants use for a parameter, where they are not parameters of the tool themselves. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  folder_path: ['path', 'file_path', 'remote_path', 'folder', 'directory', 'dir'],
  file_path: ['path', 'folder_path', 'remote_path', 'file', 'files', 'file_paths', 'paths'],
  remote_path: ['path', 'file_path', 'destination_path'],
  source_path: ['source', 'sources', 'from', 'source_paths', 'paths', 'files'],
  destination_path: ['destination', 'to', 'target', 'target_path'],
  query: ['pattern', 'name'],
  pattern: ['query'],
  old_text: ['old', 'old_string', 'old_str'],
  new_text: ['new', 'new_string', 'new_str'],
  content_base64: ['base64'],
  transfer_id: ['id'],
  share_id: ['id'],
};

/**
 * What clients add to every call for themselves: n8n (`toolCallId`, `sessionId`, `action`, `chatInput`, `tool`), and
 * `_meta`, which belongs beside the arguments.
 */
export const transportKeys: ReadonlySet<string> = new Set([
  'toolCallId',
  'sessionId',
  'action',
  'chatInput',
  'tool',
  '_meta',
]);

// No spelling of a parameter is longer.
const MOST_LETTERS = 100;

/**
 * The parameter that a key means: one of its own names, such a name written in another way (`filePath`), or a synonym
 * whose parameter is not given by its own name.
 *
 * @param names the names that clients see, and the parameter that each is read into
 */
export function parameterOf(
  key: string,
  names: ReadonlyMap<string, string>,
  given: ReadonlySet<string>,
): string | undefined {
  if (key.length > MOST_LETTERS) return undefined;
  const plain = plainName(key);
  const own = names.get(key) ?? entryOf(names, (name) => plainName(name) === plain);
  return (
    own ??
    entryOf(names, (name) => !given.has(name) && synonymsOf(name).some((other) => plainName(other) === plain))
  );
}

function entryOf(names: ReadonlyMap<string, string>, is: (name: string) => boolean): string | undefined {
  for (const [name, parameter] of names) if (is(name)) return parameter;
  return undefined;
}

function synonymsOf(parameter: string): readonly string[] {
  return Object.hasOwn(synonyms, parameter) ? (synonyms[parameter] ?? []) : [];
}

// filePath, file-path and File_Path are file_path.
function plainName(key: string): string {
  return key.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
