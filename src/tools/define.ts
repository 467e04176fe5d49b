import * as z from 'zod';
import type { Workspace } from '../files/workspace.ts';
import type { Reading } from '../files/read/reading.ts';
import type { ReportProgress } from '../files/context/call.ts';
import { parsePath } from '../path.ts';
import type { RemotePath } from '../path.ts';
import type { ToolsetName } from './toolsets.ts';

/** What a tool does to the person's files; the annotations and the OAuth scope follow from it. */
export type Effect = 'read' | 'write' | 'destroy';

/** What a tool runs with. */
export interface ToolContext {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

type Shape = Readonly<Record<string, z.ZodType>>;
export type Input<S extends Shape> = { [K in keyof S]: z.output<S[K]> };

interface Base<S extends Shape> {
  /** snake_case, at most 40 characters. */
  readonly name: string;
  readonly toolset: ToolsetName;
  readonly effect: Effect;
  readonly title: string;
  /** Plain ASCII, the first sentence decisive, under 2 KB. */
  readonly summary: string;
  readonly input: S;
  /** Works with files of the computer that this process runs on. */
  readonly local?: true;
  /** What it is without that computer: parameters that go, and the summary in place of the usual one. */
  readonly remotely?: { readonly without?: readonly string[]; readonly summary: string };
}

/** A tool whose result has a schema: plain data, and a text laid out for reading. */
export interface DataToolDeclaration<S extends Shape, O, R extends O> extends Base<S> {
  /** What is always there; a result may have more. */
  readonly output: z.ZodType<O>;
  readonly text: (result: R) => string;
  readonly run: (input: Input<S>, context: ToolContext) => Promise<R>;
}

/** A tool whose result is the contents of a file: text for the model and no structured copy of it. */
export interface ReadingToolDeclaration<S extends Shape> extends Base<S> {
  readonly output?: never;
  readonly run: (input: Input<S>, context: ToolContext) => Promise<Reading>;
}

/** A tool of any shape, as the catalogue keeps it. */
export interface Tool extends Base<Shape> {
  readonly output: z.ZodType | undefined;
  readonly schema: z.ZodObject;
  readonly paths: readonly string[];
  readonly text: (result: unknown) => string;
  readonly run: (input: Record<string, unknown>, context: ToolContext) => Promise<unknown>;
}

export function defineTool<const N extends string, S extends Shape, O, R extends O>(
  tool: (DataToolDeclaration<S, O, R> | ReadingToolDeclaration<S>) & { readonly name: N },
): Tool & { readonly name: N } {
  const schema = z.strictObject(tool.input);
  const paths = Object.keys(tool.input).filter((key) => isPath(tool.input[key]));
  return {
    ...tool,
    output: tool.output,
    schema,
    paths,
    text: 'text' in tool ? (result) => tool.text(result as R) : () => '',
    run: async (input, context) => tool.run(input as Input<S>, context),
  };
}

/** The tool as it is offered where the process does not run on the person's own computer. */
export function withoutLocal(tool: Tool): Tool {
  if (!tool.remotely) return tool;
  const { without = [], summary } = tool.remotely;
  const input = Object.fromEntries(Object.entries(tool.input).filter(([key]) => !without.includes(key)));
  return { ...tool, summary, input, schema: z.strictObject(input) };
}

const pathSchemas = new WeakSet<z.core.$ZodType>();

function isPath(schema: z.core.$ZodType | undefined): boolean {
  if (schema instanceof z.ZodOptional) return isPath(schema.unwrap());
  return schema !== undefined && pathSchemas.has(schema);
}

/** A path in the Nextcloud, through the guard. */
export function remotePath(description: string): z.ZodType<RemotePath, string> {
  const schema = z.string().describe(description).transform(parsePath);
  pathSchemas.add(schema);
  return schema;
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
  pathSchemas.add(schema);
  return schema;
}

/** One path, or a list of them. */
export function remotePaths(
  description: string,
): z.ZodType<readonly RemotePath[] | RemotePath, string | string[]> {
  const schema = z
    .union([z.string().transform(parsePath), z.array(z.string().transform(parsePath)).min(1).max(MOST)])
    .describe(description);
  pathSchemas.add(schema);
  return schema;
}

const MOST = 100;

export function optionalRemotePath(
  description: string,
  fallback: string,
): z.ZodType<RemotePath, string | undefined> {
  const schema = z.string().describe(description).transform(parsePath).prefault(fallback);
  pathSchemas.add(schema);
  return schema;
}

export function flag(description: string): z.ZodDefault<z.ZodBoolean> {
  return z.boolean().describe(description).default(false);
}

/** A whole number within bounds. */
export function integer(description: string, min: number, max: number): z.ZodNumber {
  return z.number().multipleOf(1).min(min).max(max).describe(description);
}
