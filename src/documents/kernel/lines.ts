import type { DocumentLimits, UnitRange, Reader, DocumentSummary } from './document.ts';
import { readSpan } from './span.ts';

export interface Gist {
  facts?: Record<string, string | number>;
  lost?: string[];
}

/** A document that was turned into lines as a whole. */
export function lineReader(
  kind: Pick<DocumentSummary, 'family' | 'format'>,
  lines: readonly string[],
  limits: DocumentLimits,
  gist: Gist = {},
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
    facts: gist.facts ?? {},
    lost: gist.lost ?? [],
    read: (range: UnitRange) => readSpan(source, range, limits),
  };
}
