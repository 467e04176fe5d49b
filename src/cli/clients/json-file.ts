import { isDeepStrictEqual } from 'node:util';
import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { AppError } from '../../errors.ts';
import { removeProperty, setProperty } from './json-edit.ts';

type Entry = Readonly<Record<string, unknown>>;

/** The entry under a name, in a text that may have comments and trailing commas. @throws AppError `config` */
export function readJsonEntry(text: string, key: string, name: string): Entry | undefined {
  const servers = content(text)[key];
  const entry = isObject(servers) ? servers[name] : undefined;
  return isObject(entry) ? entry : undefined;
}

/**
 * Puts an entry in, or takes it out. All else stays as it is, byte for byte, comments included.
 *
 * @throws AppError `config` for a text that is not JSON, or has something else in that place
 */
export function writeJsonEntry(text: string, key: string, name: string, entry: Entry | undefined): string {
  const before = content(text);
  if (before[key] !== undefined && !isObject(before[key]))
    throw new AppError('config', `${JSON.stringify(key)} is not an object there`, {
      hint: 'Repair the file first.',
    });
  if (entry === undefined && readJsonEntry(text, key, name) === undefined) return text;
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const whole = body.trim() === '' ? '{}\n' : body;
  const changed =
    entry === undefined ? removeProperty(whole, [key, name]) : setProperty(whole, [key, name], entry);
  const after = mark + changed;
  const { [name]: _gone, ...others } = before[key] ?? {};
  const wanted = { ...before, [key]: entry === undefined ? others : { ...others, [name]: entry } };
  // Nobody's file is to be spoilt by a fault of ours or of the library's.
  if (!isDeepStrictEqual(content(after), wanted))
    throw new AppError('config', 'The file is written in a way that cannot be changed safely', {
      hint: 'Add the entry by hand: the same command with --dry-run shows it.',
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
      `The file is not valid JSON: ${printParseErrorCode(error.error)} in line ${line}`,
      {
        hint: 'Repair it first; it was left as it is.',
      },
    );
  }
  if (!isObject(value))
    throw new AppError('config', 'The file holds no JSON object', { hint: 'It was left as it is.' });
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
