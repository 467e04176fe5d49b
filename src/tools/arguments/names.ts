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
  const own = names.get(key);
  if (own !== undefined) return own;
  const meaning = spellingsOf(names).get(plainName(key));
  const synonym = meaning?.synonymOf.find((name) => !given.has(name));
  return meaning?.own ?? (synonym === undefined ? undefined : names.get(synonym));
}

/** What a spelling means: a parameter, or one of its synonyms. */
interface Meaning {
  own?: string;
  readonly synonymOf: string[];
}

/** Of each list of names once: a call can have thousands of keys. */
const spellings = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, Meaning>>();

function spellingsOf(names: ReadonlyMap<string, string>): ReadonlyMap<string, Meaning> {
  const known = spellings.get(names);
  if (known) return known;
  const found = new Map<string, Meaning>();
  const meaningOf = (plain: string): Meaning => {
    const meaning = found.get(plain) ?? { synonymOf: [] };
    found.set(plain, meaning);
    return meaning;
  };
  for (const [name, parameter] of names) {
    meaningOf(plainName(name)).own ??= parameter;
    for (const other of synonymsOf(name)) meaningOf(plainName(other)).synonymOf.push(name);
  }
  spellings.set(names, found);
  return found;
}

function synonymsOf(parameter: string): readonly string[] {
  return Object.hasOwn(synonyms, parameter) ? (synonyms[parameter] ?? []) : [];
}

// filePath, file-path and File_Path are file_path.
function plainName(key: string): string {
  return key.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
