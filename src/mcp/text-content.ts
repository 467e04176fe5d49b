import { randomBytes } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { AppError } from '../errors.ts';
import { escapeData, escapeLine } from '../foreign-text.ts';
import type { Tool } from '../tools/define.ts';
import type { ShownReading } from '../tools/render/reading.ts';
import { failureText } from '../tools/render/remedies.ts';

/**
 * The only place where the text of an answer is made. Values from outside are escaped here on their way to a
 * layout, so that no tool and no layout has to remember it; the originals are in the structured content, as
 * JSON. What stood in a file is between two marks, and nothing else is.
 */

/** What a tool found or did. */
export function dataContent(tool: Tool, result: unknown): CallToolResult {
  return {
    content: [{ type: 'text', text: tool.text(escapeData(result)) }],
    structuredContent: result,
  };
}

/** The contents of a file. */
export function readingContent(reading: ShownReading): CallToolResult {
  const text = { type: 'text' as const, text: markedText(reading) };
  return { content: reading.image ? [text, { type: 'image', ...reading.image }] : [text] };
}

/** Why a call failed. */
export function errorContent(error: AppError): CallToolResult {
  const header = failureText(error);
  const { excerpt } = error;
  const text = markedText({ header, notes: [], ...(excerpt === undefined ? {} : { body: excerpt }) });
  return { isError: true, content: [{ type: 'text', text }] };
}

/** A plan or a question: each line is one of our own, with values from outside in it. */
export function linesText(lines: readonly string[]): string {
  return lines.map((line) => escapeLine(line)).join('\n');
}

/**
 * A line that says what is there, the contents between the marks, and notes. The marks are new each time, so
 * that a file cannot close them itself.
 */
export function markedText({ header, body, notes }: Pick<ShownReading, 'header' | 'body' | 'notes'>): string {
  const mark = randomBytes(6).toString('hex');
  const contents = body === undefined ? [] : [`<<<${mark}`, body, `${mark}>>>`];
  return [linesText([header]), ...contents, ...notes.map((note) => linesText([note]))].join('\n');
}
