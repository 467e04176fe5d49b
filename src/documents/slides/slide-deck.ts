import type { DocumentLimits, DocumentSummary, Reader, UnitRange } from '../kernel/document.ts';
import { readUnits, type UnitText } from '../kernel/unit-range.ts';

export interface SlideDeck extends Pick<DocumentSummary, 'format' | 'facts' | 'lost'> {
  total: number;
  /** The text of a slide, by its number from 1. */
  get: (number: number) => UnitText | Promise<UnitText>;
  close?(): void;
}

export function deckReader({ total, get, ...details }: SlideDeck, limits: DocumentLimits): Reader {
  const source = { unit: 'slide' as const, total, between: '\n\n', get };
  return {
    family: 'slides',
    unit: 'slide',
    total,
    ...details,
    read: (range: UnitRange) => readUnits(source, range, limits),
  };
}

export interface SlideContent {
  title: string;
  body: string;
  notes?: string | undefined;
  hidden?: boolean;
}

/** A slide as Markdown: a heading with its number, its text, and its speaker notes. */
export function slideText(number: number, { title, body, notes, hidden }: SlideContent): string {
  const heading = `## Slide ${number}${title === '' ? '' : `: ${title}`}${hidden ? ' (hidden)' : ''}`;
  const text = body + (notes ? `\n\nNotes: ${notes}` : '');
  return `${heading}\n\n${text.trim()}`.trim();
}
