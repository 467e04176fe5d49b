import type { StoredContent } from './content.ts';
import { joined } from './content.ts';
import { nowSeconds } from './node.ts';

export interface StoredChunk {
  content: StoredContent;
  at: number;
  id: number;
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A folder below `uploads/`. A MOVE of its `.file` assembles the chunks. */
export class UploadFolder {
  readonly id: string;
  readonly fileId: number;
  readonly chunks = new Map<string, StoredChunk>();
  at = nowSeconds();

  constructor(id: string, fileId: number) {
    this.id = id;
    this.fileId = fileId;
  }

  /** Joins the chunks in the natural order of their names (Nextcloud apps/dav/lib/Upload/AssemblyStream.php). */
  assemble(): StoredContent {
    const names = [...this.chunks.keys()].toSorted((a, b) => natural.compare(a, b));
    return joined(names.flatMap((name) => this.chunks.get(name)?.content ?? []));
  }
}
