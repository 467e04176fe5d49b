import { randomBytes } from 'node:crypto';
import type { CallToolResult, ReadResourceResult } from '@modelcontextprotocol/server';
import type { AppError } from '../errors.ts';
import { escapeData, escapeLine } from '../text/foreign-text.ts';
import type { Tool } from '../tools/define.ts';
import { hasOnlyFailures } from '../tools/render/batch-result.ts';
import type { ShownReading } from '../tools/render/reading.ts';
import { failureText } from '../tools/render/remedies.ts';
import { undoText } from '../tools/render/shown-undo.ts';
import type { ShownUndo } from '../tools/render/shown-undo.ts';

/**
 * The only place where the text of an answer is made; a test of the architecture refuses any other. Values from
 * outside are escaped here on their way to a layout, so that no tool and no layout has to remember it. The
 * originals are in the structured content, as JSON. The contents of a file are between two marks, and nothing
 * else is.
 */

interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

/** What a tool found or did, and how it is taken back. */
export function dataContent(tool: Tool, result: unknown, undo?: ShownUndo): CallToolResult {
  const text = tool.text(escapeData(result));
  return {
    content: [block(undo ? `${text}\n${escapeLine(undoText(undo))}` : text)],
    structuredContent: undo ? { ...(result as object), ...undo } : result,
    ...(hasOnlyFailures(result) ? { isError: true } : {}),
  };
}

/** What was changed in the arguments is said in the text, and in the structured content where there is one. */
export function withNotes(result: CallToolResult, notes: readonly string[]): CallToolResult {
  if (notes.length === 0) return result;
  const { content, structuredContent } = result;
  const data = structuredContent as { notes?: readonly string[] } | undefined;
  return {
    ...result,
    content: [...content, block(linesText(notes))],
    ...(data ? { structuredContent: { ...data, notes: [...(data.notes ?? []), ...notes] } } : {}),
  };
}

/** The contents of a file. */
export function readingContent(reading: ShownReading): CallToolResult {
  const text = block(markedText(reading));
  return { content: reading.image ? [text, { type: 'image', ...reading.image }] : [text] };
}

/** Why a call failed. */
export function errorContent(error: AppError): CallToolResult {
  return { isError: true, content: [block(errorMessage(error))] };
}

/** Why something failed, where an answer has only a message. What it quotes of a file is between the marks. */
export function errorMessage(error: AppError): string {
  const { excerpt } = error;
  return markedText({
    header: failureText(error),
    notes: [],
    ...(excerpt === undefined ? {} : { body: excerpt }),
  });
}

/** A plan: lines of this program, with values from outside in them. */
export function linesContent(lines: readonly string[], more: Partial<CallToolResult> = {}): CallToolResult {
  return { ...more, content: [block(linesText(lines))] };
}

/** The same where a question is asked. */
export function linesText(lines: readonly string[]): string {
  return lines.map((line) => escapeLine(line)).join('\n');
}

/** A file as a resource: its contents as they are, and what this program says about them in a part of its own. */
export function resourceContents(
  { uri, mimeType }: { readonly uri: string; readonly mimeType: string },
  { body = '', notes }: Pick<ShownReading, 'body' | 'notes'>,
): ReadResourceResult {
  const said = notes.length === 0 ? [] : [{ uri, mimeType: 'text/plain', text: linesText(notes) }];
  return { contents: [{ uri, mimeType, text: body }, ...said] };
}

/**
 * A line that says what is there, the contents between the marks, and notes. The marks are new each time, so
 * that a file cannot close them itself.
 */
function markedText({ header, body, notes }: Pick<ShownReading, 'header' | 'body' | 'notes'>): string {
  const mark = randomBytes(6).toString('hex');
  const contents = body === undefined ? [] : [`<<<${mark}`, body, `${mark}>>>`];
  return [linesText([header]), ...contents, ...notes.map((note) => linesText([note]))].join('\n');
}

function block(text: string): TextBlock {
  return { type: 'text', text };
}
