import * as z from 'zod';
import type { Workspace } from '../files/workspace.ts';
import type { Reading } from '../files/read/reading.ts';
import type { ReportProgress } from '../files/context/call.ts';
import type { ChangeRecorder } from '../files/history/recorder.ts';
import { isPath } from './parameters.ts';
import type { ToolsetName } from './toolsets.ts';

/** What a tool does to the person's files; the annotations and the OAuth scope follow from it. */
export type Effect = 'read' | 'write' | 'destroy';

/** What a tool runs with. */
export interface ToolContext {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  /** Notes what the call changes; absent for a tool that changes nothing. */
  readonly changes?: ChangeRecorder | undefined;
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
