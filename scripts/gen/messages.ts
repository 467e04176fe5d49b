import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../src/errors.ts';
import type { ErrorCode } from '../../src/errors.ts';

const src = join(import.meta.dirname, '../../src');
const thrown = new RegExp(
  `new AppError\\(\\s*'(${errorCodes.join('|')})',\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|\`((?:[^\`\\\\]|\\\\.)*)\`)`,
  'g',
);

/** The messages for each code, taken from the source, with an ellipsis for each value. */
export function messages(): ReadonlyMap<ErrorCode, readonly string[]> {
  const found = new Map<ErrorCode, Set<string>>(errorCodes.map((code) => [code, new Set()]));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('embedded-nextcloud'),
  );
  for (const file of files.toSorted())
    for (const [, code, plain, template] of readFileSync(join(src, file), 'utf8').matchAll(thrown))
      found.get(code as ErrorCode)?.add(shown(plain ?? template ?? ''));
  return new Map(
    [...found].map(([code, texts]) => [code, [...texts].filter((text) => /[a-z]{3}/.test(text)).toSorted()]),
  );
}

function shown(text: string): string {
  return withoutValues(text)
    .replace(/\\(.)/g, '$1')
    .replace(/(… ?)+/g, (found) => (found.endsWith(' ') ? '… ' : '…'))
    .trim();
}

// A value may itself hold braces.
function withoutValues(text: string): string {
  let depth = 0;
  let out = '';
  for (let at = 0; at < text.length; at++) {
    if (depth === 0 && text.startsWith('${', at)) {
      depth = 1;
      out += '…';
      at++;
    } else if (depth > 0) depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    else out += text[at] ?? '';
  }
  return out;
}

/** The sections of docs/troubleshooting.md, by code. */
export function messageSections(): Record<string, string> {
  return Object.fromEntries(
    [...messages()].map(([code, texts]) => [
      `messages:${code}`,
      texts.length === 0
        ? 'Nothing else.'
        : texts.map((text) => `- ${text.replace(/[<>*_|]/g, '\\$&')}`).join('\n'),
    ]),
  );
}
