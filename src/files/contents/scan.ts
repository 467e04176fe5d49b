import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { LineMarkCache } from '../cache/line-marks.ts';
import type { PolicyParts } from '../context/stat.ts';
import type { LineMatcher } from './pattern/line-pattern.ts';
import { MatchCollector } from './matches.ts';
import type { Match } from './matches.ts';
import type { ByteSlots } from './byte-slots.ts';
import type { ScanBudget } from './scan-budget.ts';

export interface ScanParts extends PolicyParts {
  readonly documents: DocumentCache;
  readonly lineMarks: LineMarkCache;
}

/** What is searched for in each file, and how much of it is kept. */
export interface ScanWish {
  readonly matcher: LineMatcher;
  /** All words of a pattern may also be on two lines of one paragraph. */
  readonly byWords: boolean;
  /** Lines around each match. */
  readonly contextLines: number;
  /** The most matches of one file; 0 counts only. */
  readonly limit: number;
  readonly newestFirst: boolean;
  readonly budget: ScanBudget;
  /** For the documents that are in memory at once. */
  readonly slots: ByteSlots;
}

/** Matches in one text: a file, an entry of an archive, or a sheet. */
export interface MatchGroup {
  /** How that text is named to read it: its path, and its sheet. */
  readonly heading: string;
  readonly matches: readonly Match[];
  /** The number of all matches in it, shown or not. */
  readonly count: number;
}

/** What was not searched, or not as a whole. */
export interface Gap {
  readonly path: string;
  readonly reason: string;
}

export interface FileResult {
  readonly file: Resource;
  readonly groups: readonly MatchGroup[];
  readonly gaps: readonly Gap[];
  /** The number of lines of which only the beginning was searched. */
  readonly cutLines: number;
  /** Where the search of the file stopped before its end. */
  readonly stoppedAt?: number;
  /** What else there is to say, in sentences. */
  readonly notes?: readonly string[];
}

export function collectorOf(wish: ScanWish, keep: 'first' | 'last', limit = wish.limit): MatchCollector {
  const { contextLines, matcher } = wish;
  return new MatchCollector({
    context: limit === 0 ? 0 : contextLines,
    limit,
    keep,
    placeIn: (line) => matcher.placeIn(line),
  });
}
