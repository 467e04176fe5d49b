import { readdirSync, readFileSync } from 'node:fs';

/** The expected result for a file of the corpus; `archive.zip!/inner` is a file inside an archive. */
export interface Expected {
  family: string;
  format: string;
  unit: string;
  total?: number;
  sheets?: { name: string; rows?: number; columns?: number; hidden?: boolean }[];
  lost?: string[];
  notes?: string[];
  range?: { offset: number; limit: number };
  text: string[];
  /** The error code, when the file cannot be read. */
  error?: string;
}

const folder = new URL('../corpus/', import.meta.url);
/** Test files of the package `mammoth`, made with Word. */
const mammoth = new URL('../../node_modules/mammoth/test/test-data/', import.meta.url);

export const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  Expected
>;

export const readme = readFileSync(new URL('README.md', folder), 'utf8');

export const corpusFiles = readdirSync(folder).filter(
  (name) => name !== 'README.md' && name !== 'expected.json',
);

export function corpus(name: string): Uint8Array {
  return name.startsWith('mammoth/')
    ? readFileSync(new URL(name.slice('mammoth/'.length), mammoth))
    : readFileSync(new URL(name, folder));
}
