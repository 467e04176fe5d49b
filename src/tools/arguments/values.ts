import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { JsonMeasure, messageLimits } from '../../text/json-measure.ts';
import { isContents, isLimit, isPath, isPathList, isVerbatim, kindOf, PATHS, peeled } from '../parameters.ts';
import { parameterOf, transportKeys } from './names.ts';

/** The keys of a call that cannot be read, and what was changed in it, as sentences. */
export interface Remarks {
  readonly problems: string[];
  readonly notes: string[];
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** Items of a list at most: each is checked, and nobody means more. */
const MOST_ITEMS = 5000;

/** Characters of a text at most, where it is not what a file is made of: nobody has a longer path, link or note. */
const MOST_CHARACTERS = 16_000;

/**
 * The fields of an object as its schema wants them. Whatever can only be meant in one way is taken; everything else
 * is left as it is, and the schema refuses it.
 */
export function readFields(shape: Shape, given: object, remarks: Remarks): Record<string, unknown> {
  const known = namesOf(shape);
  const entries = Object.entries(given);
  const isAbsent = (name: string, value: unknown): boolean => isNotGiven(schemaOf(shape, name), value);
  const exact = new Set(entries.filter(([key, value]) => !isAbsent(key, value)).map(([key]) => key));
  const keyOf = new Map<string, string>();
  const fields: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const name = parameterOf(key, known, exact);
    if (name === undefined) {
      // The schema names a key that it does not know.
      if (!transportKeys.has(key)) define(fields, key, value);
      continue;
    }
    if (isAbsent(name, value)) continue;
    const read = readValue(name, schemaOf(shape, name), value, remarks);
    const before = keyOf.get(name);
    if (before !== undefined && !isDeepStrictEqual(fields[name], read))
      remarks.problems.push(`${before} and ${key} mean the same parameter, and their values differ`);
    keyOf.set(name, key);
    fields[name] = read;
  }
  return fields;
}

/** Of each shape once: a list can have thousands of objects. */
const names = new WeakMap<Shape, ReadonlyMap<string, string>>();

/** The names that clients see, and the parameter that each is read into. */
function namesOf(shape: Shape): ReadonlyMap<string, string> {
  const known = names.get(shape);
  if (known) return known;
  const found = new Map(
    Object.keys(shape).flatMap((name): [string, string][] =>
      isPathList(shape[name])
        ? [
            [name, name],
            [PATHS, name],
          ]
        : [[name, name]],
    ),
  );
  names.set(shape, found);
  return found;
}

function schemaOf(shape: Shape, name: string): z.core.$ZodType | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

function define(fields: Record<string, unknown>, key: string, value: unknown): void {
  // An assignment to it would change the object itself.
  if (key === '__proto__')
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  else fields[key] = value;
}

const nothings: ReadonlySet<string> = new Set(['', 'null', 'undefined']);

/**
 * Clients fill optional parameters with nothing in many ways. Where an empty text can be meant, as the content of a
 * file can, it is a value.
 */
function isNotGiven(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (schema === undefined || isVerbatim(schema)) return false;
  if (peeled(schema) === schema && !isPathList(schema)) return false;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'string' && nothings.has(value.trim());
}

function readValue(
  name: string,
  schema: z.core.$ZodType | undefined,
  value: unknown,
  remarks: Remarks,
): unknown {
  if (schema === undefined) return value;
  if (!isLong(schema) && isTooLongText(name, value, remarks)) return undefined;
  if (isVerbatim(schema)) return value;
  if (Array.isArray(value) && isTooLong(name, value, remarks)) return [];
  const kind = kindOf(schema);
  if (kind instanceof z.ZodNumber) return readNumber(name, schema, value, remarks);
  if (kind instanceof z.ZodBoolean) return readFlag(value);
  if (kind instanceof z.ZodEnum) return readChoice(kind, value);
  if (isPathList(schema)) return pathsIn(name, value, remarks);
  if (isPath(schema)) return onlyOf(pathsIn(name, value, remarks));
  if (kind instanceof z.ZodString) return asText(value);
  if (kind instanceof z.ZodArray) {
    const list = parsedText(value, '[');
    const items: readonly unknown[] = Array.isArray(list) ? list : [list];
    if (isTooLong(name, items, remarks)) return [];
    return items.map((item, index) => readValue(`${name}.${index}`, kind.element, item, remarks));
  }
  if (!(kind instanceof z.ZodObject)) return value;
  const object = parsedText(value, '{');
  return isObject(object) ? readFields(kind.shape, object, remarks) : object;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// The texts of a list are as long as those of a file may be, and measuring a megabyte takes a millisecond or two.
const textLimits = { ...messageLimits, bytes: 4 * 1024 * 1024, names: Infinity };
const PIECE_BYTES = 256 * 1024;

/**
 * A list or an object that came as its JSON text. A name that only looks like one stays a name, and so does what is over
 * the limits for a message.
 */
export function parsedText(value: unknown, bracket: '[' | '{'): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith(bracket)) return value;
  if (isOverLimits(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

// In pieces, so that what is far over a limit is not read to its end.
function isOverLimits(text: string): boolean {
  const measure = new JsonMeasure(textLimits);
  for (let at = 0; at < text.length && measure.excess === undefined; at += PIECE_BYTES)
    measure.add(Buffer.from(text.slice(at, at + PIECE_BYTES)));
  return measure.excess !== undefined;
}

function isTooLong(name: string, { length }: readonly unknown[], { problems }: Remarks): boolean {
  if (length <= MOST_ITEMS) return false;
  const problem = `${name} has ${length} items, and a list can have at most ${MOST_ITEMS}: make several calls with fewer`;
  if (!problems.includes(problem)) problems.push(problem);
  return true;
}

function isTooLongText(name: string, value: unknown, { problems }: Remarks): boolean {
  if (typeof value !== 'string' || value.length <= MOST_CHARACTERS) return false;
  problems.push(`${name} has ${value.length} characters, and can have at most ${MOST_CHARACTERS}`);
  return true;
}

/** Whether it can be as long as a message: what a file is made of, and the JSON text of a list or of an object. */
function isLong(schema: z.core.$ZodType): boolean {
  const kind = kindOf(schema);
  return (
    isContents(schema) || isPathList(schema) || kind instanceof z.ZodArray || kind instanceof z.ZodObject
  );
}

function pathsIn(name: string, value: unknown, remarks: Remarks): unknown {
  const list = parsedText(value, '[');
  if (!Array.isArray(list)) return isTooLongText(name, value, remarks) ? undefined : value;
  if (isTooLong(name, list, remarks) || list.some((item) => isTooLongText(name, item, remarks))) return [];
  return list.every((item) => typeof item === 'string') ? list : value;
}

// An id that looks like a number comes as one.
function asText(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

function onlyOf(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function readFlag(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return text === 'true' || text === 'false' ? text === 'true' : value;
}

function readNumber(name: string, schema: z.core.$ZodType, value: unknown, { notes }: Remarks): unknown {
  const isNumeral = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value.trim());
  const number = isNumeral ? Number(value) : value;
  const kind = kindOf(schema);
  if (typeof number !== 'number' || !(kind instanceof z.ZodNumber) || !isLimit(schema)) return number;
  const { minValue, maxValue } = kind;
  const within = Math.min(Math.max(number, minValue ?? number), maxValue ?? number);
  if (within !== number)
    notes.push(`${name} is ${minValue} to ${maxValue}: ${within} was used in place of ${number}.`);
  return within;
}

/** Other words for a choice. None of them gives more rights or changes more. */
const words: Readonly<Record<string, readonly string[]>> = {
  all: ['any', 'both'],
  file: ['files'],
  directory: ['directories', 'dir', 'folder', 'folders'],
  modified: ['date', 'time', 'mtime', 'last_modified'],
  asc: ['ascending'],
  desc: ['descending'],
  image: ['picture'],
  regex: ['regexp', 're2'],
  words: ['word', 'keywords'],
};

function readChoice(kind: z.ZodEnum, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return (
    kind.options.find((choice) => choice === word) ??
    kind.options.find((choice) => words[choice]?.includes(word)) ??
    value
  );
}
