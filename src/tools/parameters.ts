import * as z from 'zod';
import { parseLoosePath, parsePath } from '../path.ts';
import type { RemotePath } from '../path.ts';

/**
 * The kinds of parameters that tools declare. What a schema alone does not say (that a text is a path, that a number
 * is a limit) is kept beside it, for the reader of arguments and for the list of tools.
 */

type Schema = z.core.$ZodType;

const paths = new WeakSet<Schema>();
const pathLists = new WeakSet<Schema>();
const readPaths = new WeakSet<Schema>();
const limits = new WeakSet<Schema>();
const verbatims = new WeakSet<Schema>();
const unlistedOnes = new WeakSet<Schema>();
const contents = new WeakSet<Schema>();

function marked<S extends Schema>(schema: S, ...kinds: readonly WeakSet<Schema>[]): S {
  for (const kind of kinds) kind.add(schema);
  return schema;
}

/** The schema without what only says that it may be left out. */
export function peeled(schema: Schema): Schema {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault
    ? peeled(schema.unwrap())
    : schema;
}

/** The schema of what is given, before it is turned into something else. */
export function kindOf(schema: Schema): Schema {
  const inner = peeled(schema);
  return inner instanceof z.ZodPipe ? kindOf(inner.in) : inner;
}

export function isPath(schema: Schema | undefined): boolean {
  return schema !== undefined && paths.has(peeled(schema));
}

/** One path, or several in the parameter {@link PATHS}. */
export function isPathList(schema: Schema | undefined): boolean {
  return schema !== undefined && pathLists.has(peeled(schema));
}

/** A path of something that is only read, so that one that is not exact can be understood. */
export function isReadPath(schema: Schema | undefined): boolean {
  return schema !== undefined && readPaths.has(peeled(schema));
}

/** A number that is brought within its bounds instead of being refused. */
export function isLimit(schema: Schema): boolean {
  return limits.has(peeled(schema));
}

/** A text that is stored as it is, and is never read as something else. */
export function isVerbatim(schema: Schema): boolean {
  return verbatims.has(peeled(schema));
}

/** A parameter that clients are not told of any more, and that is still taken. */
export function isUnlisted(schema: Schema | undefined): boolean {
  return schema !== undefined && unlistedOnes.has(schema);
}

/** The same parameter, without being told of. */
export function unlisted<S extends Schema>(schema: S): S {
  return marked(schema, unlistedOnes);
}

/** What a file is made of, or a part of it: a text that can be as long as a message. */
export function isContents(schema: Schema): boolean {
  return contents.has(peeled(schema));
}

/** A path in the Nextcloud, through the guard. */
export function remotePath(description: string): z.ZodType<RemotePath, string> {
  return marked(z.string().describe(description).transform(parsePath), paths);
}

/** The same for what is only read: other ways to write a path are understood. */
export function readPath(description: string): z.ZodType<RemotePath, string> {
  return marked(z.string().describe(description).transform(parseLoosePath), paths, readPaths);
}

/** Where something is to be stored. */
export interface NewPath {
  readonly path: RemotePath;
  /** It ends with a slash: a folder, and what is stored goes into it. */
  readonly inside: boolean;
}

export function newPath(description: string): z.ZodType<NewPath, string> {
  const schema = z
    .string()
    .describe(description)
    .transform((text): NewPath => ({ path: parsePath(text), inside: text.endsWith('/') }));
  return marked(schema, paths);
}

/** The parameter that takes several paths, beside the one that takes a single path. */
export const PATHS = 'paths';

const MOST_PATHS = 100;

/**
 * One path, or a list of them. Clients see two parameters of one type each, because many cannot show a parameter that
 * takes either; both are read into this one.
 */
export function remotePaths(
  description: string,
): z.ZodType<readonly RemotePath[] | RemotePath, string | string[]> {
  return marked(oneOrMore(description, parsePath), paths, pathLists);
}

/** The same for what is only read. */
export function readPathOrPaths(
  description: string,
): z.ZodType<readonly RemotePath[] | RemotePath, string | string[]> {
  return marked(oneOrMore(description, parseLoosePath), paths, pathLists, readPaths);
}

function oneOrMore(
  description: string,
  parse: (text: string) => RemotePath,
): z.ZodType<readonly RemotePath[] | RemotePath, string | string[]> {
  const path = z.string().transform(parse);
  return z.union([path, z.array(path).min(1).max(MOST_PATHS)]).describe(description);
}

export function optionalReadPath(
  description: string,
  fallback: string,
): z.ZodType<RemotePath, string | undefined> {
  return readPath(description).prefault(fallback);
}

export function flag(description?: string): z.ZodDefault<z.ZodBoolean> {
  const schema = z.boolean();
  return (description === undefined ? schema : schema.describe(description)).default(false);
}

/** A whole number within bounds. */
export function integer(description: string | undefined, min: number, max: number): z.ZodNumber {
  const schema = z.number().multipleOf(1).min(min).max(max);
  return description === undefined ? schema : schema.describe(description);
}

/** How much of something at most: a number out of bounds is brought within them, and the answer says so. */
export function limited(description: string | undefined, min: number, max: number): z.ZodNumber {
  return marked(integer(description, min, max), limits);
}

/** The token of a plan that was agreed to. */
export const confirm = z.string().optional().describe('token of a plan');

/** A text in which every character counts. */
export function verbatim(description?: string): z.ZodString {
  const schema = z.string();
  return marked(description === undefined ? schema : schema.describe(description), verbatims);
}

/** The same for a text that a file is made of. */
export function contentText(description?: string): z.ZodString {
  return marked(verbatim(description), contents);
}

/** The bytes that a file is made of. */
export function contentBase64(description: string): z.ZodString {
  return marked(z.string().describe(description), contents);
}
