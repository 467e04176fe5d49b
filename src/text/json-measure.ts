/** How large JSON is, found out before it is parsed. */

export interface JsonLimits {
  readonly bytes: number;
  /** Nesting depth. It is limited so that recursive code cannot overflow the stack later. */
  readonly depth: number;
  /** Values and keys. */
  readonly values: number;
  /** Keys of one object: to check 50,000 of them takes a second, and no message has more than a few dozen. */
  readonly keys: number;
  /** Bytes of a key, and of a text in one of the two outermost objects: a method, the name of a tool, a cursor. */
  readonly names: number;
}

/** The limits for one message, save for its size, and for JSON inside a text of it. */
export const messageLimits: Omit<JsonLimits, 'bytes'> = {
  depth: 200,
  values: 100_000,
  keys: 1000,
  names: 16 * 1024,
};

export type JsonExcess = keyof JsonLimits;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes that are kept of a member of the outermost object: the ids of requests are short. */
const MEMBER_BYTES = 300;
/** Members of it that are looked at. */
const MEMBERS = 32;
/** Where texts are names: what is in the parameters of a request can be as long as the message. */
const NAMES_DEPTH = 2;

/**
 * Measures JSON while its bytes arrive: in one pass, at less than two milliseconds for a megabyte, and without keeping
 * them. What is no JSON is measured as if it were.
 */
export class JsonMeasure {
  readonly #limits: JsonLimits;
  #bytes = 0;
  #depth = 0;
  #values = 1;
  #most = 0;
  #open = 0;
  #quoted = false;
  #escaped = false;
  /** Bytes of the text that is open, in the chunks before, and of the last one that ended. */
  #text = 0;
  #lastText = 0;
  #longestName = 0;
  /** The keys of each object that is open, by its depth. */
  readonly #keys: number[] = [0];
  /** What was read so far of a member of the outermost object, as Latin-1; undefined when it is none of interest. */
  #member: string | undefined = '';
  readonly #members = new Map<string, unknown>();
  #unread = MEMBERS;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get depth(): number {
    return this.#depth;
  }

  /** An upper bound for the number of values and keys. */
  get values(): number {
    return this.#values;
  }

  /** What is over its limit already. */
  get excess(): JsonExcess | undefined {
    const { bytes, depth, values, keys, names } = this.#limits;
    if (this.#bytes > bytes) return 'bytes';
    if (this.#depth > depth) return 'depth';
    if (this.#values > values) return 'values';
    if (this.#most > keys) return 'keys';
    return this.#longestName > names ? 'names' : undefined;
  }

  /** A short member of the outermost object, such as the id of a request, when it has been read. */
  member(name: string): unknown {
    return this.#members.get(name);
  }

  add(bytes: Uint8Array): this {
    this.#bytes += bytes.length;
    const deepest = this.#limits.depth + 1;
    let open = this.#open;
    let quoted = this.#quoted;
    // Where the bytes of the member begin that is being read: only those directly in the outermost object count.
    let from = 0;
    let at = this.#escaped ? 1 : 0;
    let textFrom = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (quoted) this.#endText(at - textFrom, open);
        else textFrom = at + 1;
        quoted = !quoted;
      } else if (quoted) {
        if (byte === BACKSLASH) at++;
      } else if (byte === COMMA) {
        this.#values++;
        if (open !== 1 || this.#unread === 0) continue;
        this.#endMember(bytes.subarray(from, at));
        from = at + 1;
      } else if (byte === COLON) {
        this.#values++;
        if (this.#lastText > this.#longestName) this.#longestName = this.#lastText;
        if (open < 0 || open > deepest) continue;
        const keys = (this.#keys[open] ?? 0) + 1;
        this.#keys[open] = keys;
        if (keys > this.#most) this.#most = keys;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#values++;
        if (open === 1) this.#member = undefined;
        open++;
        if (open === 1) from = at + 1;
        if (open > this.#depth) this.#depth = open;
        if (open > 0 && open <= deepest) this.#keys[open] = 0;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (open === 1 && this.#unread > 0) this.#endMember(bytes.subarray(from, at));
        open--;
        if (open === 1) from = at + 1;
      }
    }
    this.#escaped = at > bytes.length;
    if (quoted) this.#text += bytes.length - textFrom;
    this.#open = open;
    this.#quoted = quoted;
    if (open === 1 && this.#unread > 0) this.#read(bytes.subarray(from));
    return this;
  }

  #endText(bytes: number, open: number): void {
    this.#lastText = this.#text + bytes;
    this.#text = 0;
    if (open <= NAMES_DEPTH && this.#lastText > this.#longestName) this.#longestName = this.#lastText;
  }

  #read(bytes: Uint8Array): void {
    if (this.#member === undefined || this.#member.length > MEMBER_BYTES) return;
    const some = Math.min(bytes.length, MEMBER_BYTES + 1);
    this.#member += Buffer.from(bytes.buffer, bytes.byteOffset, some).toString('latin1');
  }

  #endMember(bytes: Uint8Array): void {
    this.#read(bytes);
    const member = this.#member;
    this.#member = '';
    this.#unread--;
    if (member === undefined || !/^\s*"(?:id|method)"\s*:/.test(member)) return;
    if (member.length > MEMBER_BYTES) {
      // That it is there is enough to know of a method, and an id of that length is none.
      if (/^\s*"method"/.test(member)) this.#members.set('method', '');
      return;
    }
    try {
      const read = JSON.parse(`{${Buffer.from(member, 'latin1').toString('utf8')}}`) as object;
      for (const [name, value] of Object.entries(read)) this.#members.set(name, value);
    } catch {
      // No JSON, so there is no such member.
    }
  }
}

/** The size of JSON that is there as a whole. */
export function measureJson(bytes: Uint8Array, limits: JsonLimits): JsonMeasure {
  return new JsonMeasure(limits).add(bytes);
}

/**
 * Which limit is exceeded, as a sentence.
 *
 * @param what `The message` and the like
 */
export function excessText<E extends JsonExcess>(
  what: string,
  excess: E,
  limits: Readonly<Record<E, number>>,
): string {
  const most = limits[excess].toLocaleString('en');
  switch (excess) {
    case 'bytes':
      return `${what} can have at most ${most} bytes`;
    case 'depth':
      return `${what} can be nested at most ${most} levels deep`;
    case 'values':
      return `${what} can have at most ${most} values and keys`;
    case 'keys':
      return `An object in ${what.toLowerCase()} can have at most ${most} keys`;
    case 'names':
      return `A name in ${what.toLowerCase()} can have at most ${most} bytes`;
  }
}
