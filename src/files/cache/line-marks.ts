import { LRUCache } from 'lru-cache';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { LineStart } from '../lines/line-reader.ts';

const START: LineStart = { lines: 0, byte: 0, encoding: undefined };
const MAX_MARKS = 1024;
const MAX_FILES = 100;

/** Known line beginnings of one version of one file, so that the next page is not counted from the top. */
export class LineMarks {
  #marks: LineStart[] = [];
  /** Lines of the whole file, once its end was reached. */
  total: number | undefined;
  #spacing = 64 * 1024;

  /** The last mark at or before a 1-based line. */
  before(line: number): LineStart {
    return this.#marks.findLast((mark) => mark.lines < line) ?? START;
  }

  add(mark: LineStart): void {
    const last = this.#marks.at(-1) ?? START;
    if (mark.byte < last.byte + this.#spacing) return;
    this.#marks.push(mark);
    if (this.#marks.length < MAX_MARKS) return;
    this.#marks = this.#marks.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }
}

/** The line marks of the files that were read last. */
export class LineMarkCache {
  readonly #files = new LRUCache<string, LineMarks>({ max: MAX_FILES });

  /** The marks of a version of a file: by file id, etag and size, because an etag alone can repeat. */
  of(file: Resource): LineMarks {
    const key = `${file.fileId ?? file.path} ${file.etag ?? ''} ${file.size ?? ''}`;
    const marks = this.#files.get(key) ?? new LineMarks();
    this.#files.set(key, marks);
    return marks;
  }
}
