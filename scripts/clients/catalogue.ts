import type { CheckId } from './checks.ts';
import type { Transport } from './client.ts';

/** Why a check is not passed. The reason becomes a footnote. */
export interface Lack {
  readonly why: string;
  /** What comes of it when it is tried nevertheless. Without it there is nothing to try. */
  readonly says?: RegExp;
}

export interface ClientRow {
  readonly title: string;
  /** In `package.json` of this folder, or in that of the project. */
  readonly package: string;
  /** The file in `adapters`. */
  readonly adapter: string;
  readonly transports: readonly Transport[];
  /** Among the dependencies of `package.json`, not the devDependencies. */
  readonly quick?: true;
  /** How the client is run, and what a model is shown by it. */
  readonly note: string;
  readonly lacks?: Partial<Record<CheckId | `${CheckId} over ${Transport}`, Lack>>;
}

const both: readonly Transport[] = ['stdio', 'http'];

const noProgress: Lack = { why: 'The client does not ask the server for progress.' };
const resultOnly: Lack = { why: 'Each call is a process, which prints the result and nothing before it.' };
const killed: Lack = {
  why:
    'Each call is a process, which does not tell the server that it is killed. Over stdio the server ends with it. ' +
    'Over HTTP the call goes on: up to revision 2025-11-25 a connection that breaks is not a cancellation.',
  says: /the server goes on with a call that was cancelled/,
};

const sdk =
  'What the SDK returns is compared: the content of a result. Which part of it a model is shown is up to the program that is written with it.';

export const clients: readonly ClientRow[] = [
  {
    title: 'MCP SDK 1.10',
    package: 'sdk-1-10',
    adapter: 'sdk-1-10',
    transports: both,
    quick: true,
    note: `${sdk} Many clients still contain a release as old as this one.`,
  },
  {
    title: 'MCP SDK 1.20',
    package: 'sdk-1-20',
    adapter: 'sdk-1-20',
    transports: both,
    quick: true,
    note: 'As above.',
  },
  {
    title: 'MCP SDK 1.32',
    package: '@modelcontextprotocol/sdk',
    adapter: 'sdk-1-32',
    transports: both,
    quick: true,
    note: 'As above.',
  },
  {
    title: 'MCP SDK 2',
    package: '@modelcontextprotocol/client',
    adapter: 'sdk-2',
    transports: both,
    quick: true,
    note: "As above, with `versionNegotiation: { mode: 'auto' }`: revision 2026-07-28.",
  },
  {
    title: 'AI SDK',
    package: '@ai-sdk/mcp',
    adapter: 'ai-sdk',
    transports: both,
    quick: true,
    note: 'The `execute` and `toModelOutput` of its tools. A model is shown the content of a result, a picture as a file; not the structured content.',
    lacks: {
      'cancel over stdio': {
        why: 'The AI SDK stops waiting, but does not tell a server over stdio that a call is cancelled. Over HTTP it closes the request, which ends the call.',
        says: /the server goes on with a call that was cancelled/,
      },
      progress: noProgress,
    },
  },
  {
    title: 'LangChain',
    package: '@langchain/mcp-adapters',
    adapter: 'langchain',
    transports: both,
    quick: true,
    note: 'The tools in a `ToolNode` of LangGraph. A model is shown the content. Arguments are checked against the schemas before a call is sent, so what the server would have understood (a value as text, another name of a parameter) is refused with "Received tool input did not match expected schema".',
  },
  {
    title: 'OpenAI Agents',
    package: '@openai/agents',
    adapter: 'openai-agents',
    transports: both,
    quick: true,
    note: 'An `Agent` with strict schemas, run with a model that makes one call. A model is shown the content; the structured content instead only with `useStructuredContent`.',
    lacks: { progress: noProgress },
  },
  {
    title: 'Inspector, command line',
    package: '@modelcontextprotocol/inspector',
    adapter: 'inspector-cli',
    transports: both,
    note: '`mcp-inspector --cli --format json`.',
    lacks: { 'cancel over http': killed, progress: resultOnly },
  },
  {
    title: 'Inspector, page',
    package: '@modelcontextprotocol/inspector',
    adapter: 'inspector-page',
    transports: ['stdio'],
    note: 'In a headless Chromium, which must be installed. What a person sees is compared. Every parameter has a field of the form; one for a text of several lines has to be enlarged first.',
  },
  {
    title: 'mcporter',
    package: 'mcporter',
    adapter: 'mcporter',
    transports: both,
    note: '`mcporter call` with `--save-images`, as an agent runs it in a shell: it is shown what the command prints.',
    lacks: { 'cancel over http': killed, progress: resultOnly },
  },
  {
    title: 'mcp-use',
    package: 'mcp-use',
    adapter: 'mcp-use',
    transports: both,
    note: 'The tools that an `MCPAgent` has. A model is shown the whole result as JSON text, with content and structured content. Release 2 has no client in it.',
    lacks: {
      picture: {
        why: 'mcp-use shows a model the whole result as JSON text, also a picture.',
        says: /no picture beside/,
      },
      cancel: {
        why: 'The tools of mcp-use do not take a signal.',
        says: /the server goes on with a call that was cancelled/,
      },
      progress: noProgress,
    },
  },
  {
    title: 'mcp-remote',
    package: 'mcp-remote',
    adapter: 'mcp-remote',
    transports: ['http'],
    note: 'Between a client that knows stdio only (MCP SDK 1.32) and the server over HTTP.',
  },
  {
    title: 'supergateway',
    package: 'supergateway',
    adapter: 'supergateway',
    transports: ['stdio'],
    note: 'Between a client that knows HTTP only (MCP SDK 1.32) and the server over stdio, with `--outputTransport streamableHttp --stateful`.',
  },
];

export interface Converter {
  /** The file in `converters`. */
  readonly name: string;
  readonly package: string;
  /** How a model sees what it makes. */
  readonly note: string;
}

export const converters: readonly Converter[] = [
  { name: 'ai-sdk', package: '@ai-sdk/mcp', note: 'The schemas as they are.' },
  {
    name: 'langchain',
    package: '@langchain/mcp-adapters',
    note: 'The schemas as they are, after `convertToOpenAITool`, as the models of LangChain bind them.',
  },
  {
    name: 'openai-agents',
    package: '@openai/agents',
    note: 'With `convertSchemasToStrict` every parameter is required, and one that was optional may be null. The server takes null as not given.',
  },
  { name: 'genai', package: '@google/genai', note: 'The schemas as they are, with `mcpToTool`.' },
];
