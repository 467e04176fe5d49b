import type { DocumentLimits, UnitRange, Reader, DocumentSummary } from './document.ts';
import { readUnits } from './unit-range.ts';

export interface ReaderDetails {
  facts?: Record<string, string | number>;
  lost?: string[];
}

/** A reader for a document that has been converted to lines as a whole. */
export function lineReader(
  kind: Pick<DocumentSummary, 'family' | 'format'>,
  lines: readonly string[],
  limits: DocumentLimits,
  details: ReaderDetails = {},
): Reader {
  const source = {
    unit: 'line' as const,
    total: lines.length,
    between: '\n',
    get: (number: number) => ({ text: lines[number - 1] ?? '' }),
  };
  return {
    family: kind.family,
    format: kind.format,
    unit: 'line',
    total: lines.length,
    facts: details.facts ?? {},
    lost: details.lost ?? [],
    read: (range: UnitRange) => readUnits(source, range, limits),
  };
}
