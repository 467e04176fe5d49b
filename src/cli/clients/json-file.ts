import { isDeepStrictEqual } from 'node:util';
import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { AppError } from '../../errors.ts';
import { removeProperty, setProperty } from './json-edit.ts';

type Entry = Readonly<Record<string, unknown>>;

/** The entry with this name. The text may have comments and trailing commas. @throws AppError `config` */
export function readJsonEntry(text: string, key: string, name: string): Entry | undefined {
  const servers = content(text)[key];
  const entry = isObject(servers) ? servers[name] : undefined;
  return isObject(entry) ? entry : undefined;
}

/**
 * Adds, replaces or removes an entry. Everything else stays as it is, byte for byte, comments included.
 *
 * @throws AppError `config` for a text that is not JSON, or that has another kind of value under the key
 */
export function writeJsonEntry(text: string, key: string, name: string, entry: Entry | undefined): string {
  const before = content(text);
  if (before[key] !== undefined && !isObject(before[key]))
    throw new AppError('config', `${JSON.stringify(key)} is not an object`, {
      hint: 'Repair the file first.',
    });
  if (entry === undefined && readJsonEntry(text, key, name) === undefined) return text;
  const byteOrderMark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(byteOrderMark.length);
  const source = body.trim() === '' ? '{}\n' : body;
  const changed =
    entry === undefined ? removeProperty(source, [key, name]) : setProperty(source, [key, name], entry);
  const after = byteOrderMark + changed;
  const { [name]: _removed, ...others } = before[key] ?? {};
  const expected = { ...before, [key]: entry === undefined ? others : { ...others, [name]: entry } };
  // A fault of this code or of the library must not damage the user's file.
  if (!isDeepStrictEqual(content(after), expected))
    throw new AppError('config', 'The file is formatted in a way that cannot be changed safely', {
      hint: 'Add the entry by hand.',
    });
  return after;
}

function content(text: string): Record<string, unknown> {
  const body = text.replace(/^\ufeff/, '');
  if (body.trim() === '') return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(body, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = body.slice(0, error.offset).split('\n').length;
    throw new AppError(
      'config',
      `The file is not valid JSON: ${printParseErrorCode(error.error)} on line ${line}`,
      {
        hint: 'Repair the file first. It was not changed.',
      },
    );
  }
  if (!isObject(value))
    throw new AppError('config', 'The file does not contain a JSON object', { hint: 'It was not changed.' });
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
