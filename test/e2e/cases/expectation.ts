import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Answer, Stage } from '../../support/stage.ts';

export interface EntryShown {
  readonly name: string;
  readonly path: string;
  readonly type?: string;
  readonly size?: number;
  readonly etag?: string;
}

/** The entries of a listing or of search results. */
export function entriesOf(answer: Answer): EntryShown[] {
  return answer.data['entries'] as EntryShown[];
}

export function namesOf(answer: Answer): string[] {
  return entriesOf(answer).map(({ name }) => name);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What stood in the file: the part of a reading between its marks. */
export function bodyOf({ text }: Answer): string {
  const found = /<<<([0-9a-f]{12})\n([\s\S]*)\n\1>>>/.exec(text);
  assert.ok(found, `no fenced body in ${text.slice(0, 200)}`);
  return found[2] ?? '';
}

/** The facts above the body of `read_file_bytes`, and its bytes. */
export function bytesOf(answer: Answer): { facts: Record<string, unknown>; bytes: Buffer } {
  const facts = JSON.parse(answer.text.slice(0, answer.text.indexOf('\n'))) as Record<string, unknown>;
  return { facts, bytes: Buffer.from(bodyOf(answer), 'base64') };
}

/** A refusal that begins with the code, says something, and says what to do next. */
export function refused(text: string, ...codes: string[]): void {
  const code = /^([a-z_]+): /.exec(text)?.[1] ?? '';
  assert.ok(codes.includes(code), `expected ${codes.join(' or ')}: ${text}`);
  const sentences = text
    .slice(code.length + 2)
    .split(/[.!?](?:\s|$)/)
    .filter(Boolean);
  assert.ok(sentences.length >= 2, `no hint in: ${text}`);
}

/** What is really on the server under a path, as text. */
export async function stored(stage: Stage, path: string): Promise<string | undefined> {
  return (await stage.server.get(path))?.toString('utf8');
}
