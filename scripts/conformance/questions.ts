import { randomBytes } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
} from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

const key = randomBytes(32);

/** Signs the state of a tool until the client calls again with its answer. */
export const state = createRequestStateCodec<{ round: number }>({ key });

type Answer = CallToolResult | InputRequiredResult;

const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });
const ask = (message: string, name: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
  });
const confirm = () =>
  inputRequired.elicit({
    message: 'Please confirm',
    requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
  });
const sample = (prompt: string, maxTokens = 100) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
  });
const answered = ({ mcpReq }: ServerContext, name: string): unknown => mcpReq.inputResponses?.[name];

/** What each tool does with a call, and with the answers that come back. */
const tools: Readonly<Record<string, (context: ServerContext) => Promise<Answer> | Answer>> = {
  test_input_required_result_elicitation: ({ mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, 'user_name', z.object({ name: z.string() }));
    return given
      ? text(`Hello, ${given.name}!`)
      : inputRequired({ inputRequests: { user_name: ask('What is your name?', 'name') } });
  },
  test_input_required_result_sampling: (context) =>
    answered(context, 'capital_question')
      ? text(JSON.stringify(answered(context, 'capital_question')))
      : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?') } }),
  test_input_required_result_list_roots: (context) =>
    answered(context, 'client_roots')
      ? text(JSON.stringify(answered(context, 'client_roots')))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } }),
  test_input_required_result_request_state: async (context) =>
    answered(context, 'confirm') && context.mcpReq.requestState<{ round: number }>()?.round === 1
      ? text('state-ok')
      : inputRequired({
          inputRequests: { confirm: confirm() },
          requestState: await state.mint({ round: 1 }),
        }),
  test_input_required_result_tampered_state: async (context) =>
    answered(context, 'confirm')
      ? text('state-ok')
      : inputRequired({
          inputRequests: { confirm: confirm() },
          requestState: await state.mint({ round: 1 }),
        }),
  test_input_required_result_multiple_inputs: async (context) =>
    ['user_name', 'greeting', 'client_roots'].every((name) => answered(context, name))
      ? text('all answers are here')
      : inputRequired({
          inputRequests: {
            user_name: ask('What is your name?', 'name'),
            greeting: sample('Generate a greeting', 50),
            client_roots: inputRequired.listRoots(),
          },
          requestState: await state.mint({ round: 1 }),
        }),
  test_input_required_result_multi_round: async ({ mcpReq }) => {
    const { round = 0 } = mcpReq.requestState<{ round: number }>() ?? {};
    if (round === 2) return text('done after two questions');
    const step =
      round === 0
        ? { step1: ask('Step 1: What is your name?', 'name') }
        : { step2: ask('Step 2: What is your favorite color?', 'color') };
    return inputRequired({ inputRequests: step, requestState: await state.mint({ round: round + 1 }) });
  },
  test_streaming_elicitation: (context) =>
    answered(context, 'confirm')
      ? text('confirmed')
      : inputRequired({ inputRequests: { confirm: confirm() } }),
  test_logging_tool: async ({ mcpReq }) => {
    await mcpReq.log('info', 'for those who asked for it');
    return text('logged');
  },
  test_input_required_result_capabilities: ({ mcpReq }) => {
    const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
    const can = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities;
    return inputRequired({
      inputRequests: {
        ...(can.sampling ? { greeting: sample('Generate a greeting', 50) } : {}),
        ...(can.elicitation ? { user_name: ask('What is your name?', 'name') } : {}),
      },
    });
  },
};

/** Tools that ask the client a question, as of revision 2026-07-28. */
export function addQuestions(server: McpServer): void {
  for (const [name, run] of Object.entries(tools))
    server.registerTool(name, { description: name, inputSchema: z.object({}) }, async (_args, context) =>
      run(context),
    );
  server.registerTool(
    'test_missing_capability',
    { description: 'Needs sampling', inputSchema: z.object({}) },
    async (_args, context) =>
      answered(context, 'needed')
        ? text('sampled')
        : inputRequired({ inputRequests: { needed: sample('Anything', 10) } }),
  );
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks back' }, ({ mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, 'user_context', z.object({ context: z.string() }));
    if (!given)
      return inputRequired({
        inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
      });
    return { messages: [{ role: 'user', content: { type: 'text', text: `Use this: ${given.context}` } }] };
  });
}
